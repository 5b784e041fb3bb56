import { expect } from 'vitest'
import { changeRoom } from './change-room.ts'
import { DEMO } from './practice-room.ts'
import { practiceOnly as test } from './which-instance.ts'

const { call, create } = changeRoom()

test('two changes on one item at one time are in conflict, and the first free slot is after the other', async () => {
  const [, server] = DEMO.configurationItems.north
  const when = { cmdb_ci: server.sysId, start_date: '2031-01-01 10:00:00', end_date: '2031-01-01 12:00:00' }
  await create(when)
  const { sys_id: id } = await create({ ...when, start_date: '2031-01-01 11:00:00' })
  expect((await call('POST', `/${id.value}/conflict`)).body.result).toMatch(/^[0-9a-f]{32}$/)
  const { result } = (await call('GET', `/${id.value}/conflict`)).body
  expect(result).toMatchObject({ status: 'Conflict', record_count: 1, job_status: 'Complete' })
  expect((await call('DELETE', `/${id.value}/conflict`)).status).toBe(200)
  const { status, body } = await call('PATCH', `/${id.value}/schedule/first_available`, {
    duration_in_seconds: 3600,
    planned_start_time: '2031-01-01 09:30:00',
  })
  expect(status).toBe(202)
  const worker = (await call('GET', `/worker/${body.result.worker.sysId}`)).body.result
  expect(worker).toMatchObject({
    state: { value: 3 },
    messages: { infoMessages: ['Change has been updated'] },
    payload: { spans: [{ start: { value: '2031-01-01 12:00:00' }, end: { value: '2031-01-01 13:00:00' } }] },
  })
  expect((await call('GET', `/${id.value}`)).body.result.start_date.value).toBe('2031-01-01 12:00:00')
  expect((await call('GET', `/${id.value}/schedule`)).status).toBe(202)
  expect((await call('GET', `/ci/${server.sysId}/schedule?duration_in_seconds=60`)).status).toBe(202)
})

test('a change without an item or times has no schedule', async () => {
  const { sys_id: id } = await create()
  expect((await call('GET', `/${id.value}/schedule`)).status).toBe(400)
  expect((await call('POST', `/${id.value}/conflict`)).status).toBe(400)
})
