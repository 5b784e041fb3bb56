import { expect } from 'vitest'
import { changeRoom } from './change-room.ts'
import { DEMO } from './practice-room.ts'
import { practiceOnly as test } from './which-instance.ts'

const { call } = changeRoom()

test('a standard change comes from its template, whose plans the request does not change', async () => {
  const [template] = (await call('GET', '/standard/template')).body.result
  expect((await call('GET', `/standard/template/${template.sys_id.value}`)).body.result.template.value).toContain('Reboot Windows Server')
  const { status, body } = await call('POST', `/standard/${template.sys_id.value}`, {
    assignment_group: DEMO.networkGroup.sysId,
    backout_plan: 'mine',
  })
  expect(status).toBe(200)
  expect(body.result).toMatchObject({
    type: { value: 'standard' },
    short_description: { value: 'Reboot Windows Server' },
    backout_plan: { value: 'None' },
    assignment_group: { value: DEMO.networkGroup.sysId },
  })
  expect((await call('POST', '/standard/nothing', {})).status).toBe(404)
  expect((await call('GET', '/model')).body.result.map((model: { name: { value: string } }) => model.name.value)).toEqual([
    'Emergency',
    'Normal',
    'Standard',
  ])
})
