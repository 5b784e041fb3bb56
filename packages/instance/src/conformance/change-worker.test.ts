import { expect } from 'vitest'
import { changeRoom } from './change-room.ts'
import { practiceOnly as test } from './which-instance.ts'

const { call, create, room } = changeRoom()

test('a worker says Waiting at first, and at its own address what became of it', async () => {
  const { sys_id: id } = await create()
  const { status, body } = await call('POST', `/${id.value}/refresh_impacted_services`)
  expect(status).toBe(200)
  expect(body.result).toMatchObject({ state: { value: 1, display_value: 'Waiting' }, type: 'impacted' })
  const { result } = (await room().call('GET', new URL(body.result.worker.link).pathname)).body
  expect(result).toMatchObject({
    worker: { sysId: body.result.worker.sysId },
    state: { value: 3, display_value: 'Complete' },
    messages: { errorMessages: [], warningMessages: [], infoMessages: [] },
  })
  expect((await call('GET', '/worker/nothing')).status).toBe(404)
})
