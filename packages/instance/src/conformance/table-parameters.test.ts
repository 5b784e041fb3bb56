import { afterAll, beforeAll, expect, test } from 'vitest'
import { DEMO, openRoom, type Room } from './practice-room.ts'
import { practiceOnly } from './which-instance.ts'

/** The parameters of contract servicenow-core.md 3.2 that the other cases of the Table API do not use. */

let room: Room

beforeAll(async () => {
  room = await openRoom()
})
afterAll(() => room.close())

const keys = async (path: string) => Object.keys((await room.call('GET', path)).body.result)

practiceOnly('sysparm_view shows the fields of a form, and sysparm_fields wins over it', async () => {
  const { sys_id: id } = await room.create('incident', {})
  const path = `/api/now/table/incident/${id}`
  const desktop = await keys(`${path}?sysparm_view=desktop`)
  expect(desktop).toContain('close_code')
  expect(desktop).not.toContain('sys_domain')
  const mobile = await keys(`${path}?sysparm_view=mobile`)
  expect(mobile).toEqual(['sys_id', 'number', 'short_description', 'state', 'priority', 'assigned_to', 'caller_id'])
  expect(new Set(await keys(`${path}?sysparm_view=both`))).toEqual(new Set([...desktop, ...mobile]))
  expect(await keys(`${path}?sysparm_view=something_of_ours`)).toEqual(desktop)
  expect(await keys(`${path}?sysparm_view=mobile&sysparm_fields=impact`)).toEqual(['impact'])
  const made = await room.call('POST', '/api/now/table/incident_task?sysparm_view=mobile', {})
  expect(Object.keys(made.body.result)).toEqual(['sys_id', 'number', 'short_description', 'state', 'priority', 'assigned_to'])
})

practiceOnly('a table without views shows everything in any of them', async () => {
  const [id] = await room.find('cmn_location', 'sys_idISNOTEMPTY', 'sys_id')
  const made = id ?? (await room.create('cmn_location', { name: 'here' })).sys_id
  expect(await keys(`/api/now/table/cmn_location/${made}?sysparm_view=mobile`)).toEqual(await keys(`/api/now/table/cmn_location/${made}`))
})

test('sysparm_query_category, sysparm_query_no_domain and sysparm_elements_filter change no answer', async () => {
  const { sys_id: id } = await room.create('incident', {})
  const plain = await room.call('GET', `/api/now/table/incident?sys_id=${id}`)
  const hinted = await room.call(
    'GET',
    `/api/now/table/incident?sys_id=${id}&sysparm_query_category=list&sysparm_query_no_domain=true&sysparm_elements_filter=x`,
  )
  expect(hinted.body).toEqual(plain.body)
})

practiceOnly('with sysparm_input_display_value a list takes names, and a date the format of its writer', async () => {
  const user = await room.create('sys_user', {
    user_name: 'day.first',
    first_name: 'Day',
    last_name: 'First',
    date_format: 'dd/MM/yyyy',
    time_zone: 'Asia/Tokyo',
  })
  await room.instance.setPassword('day.first', 'a password of the tests')
  const [itil] = await room.find('sys_user_role', 'name=itil', 'sys_id')
  await room.create('sys_user_has_role', { user: user.sys_id, role: itil })
  const fields = {
    watch_list: 'North User One, Nobody At All,Day First',
    due_date: '31/12/2026 23:30:00',
    follow_up: '2026-07-01 09:00:00',
  }
  const path = '/api/now/table/incident?sysparm_input_display_value=true&sysparm_fields=watch_list,due_date,follow_up'
  const made = await room.call('POST', path, fields, 'day.first')
  expect(made.body.result).toEqual({
    watch_list: `${DEMO.customers[0].users[0].sysId},${user.sys_id}`,
    due_date: '2026-12-31 14:30:00',
    follow_up: '2026-07-01 00:00:00',
  })
  const shown = await room.call('POST', `${path}&sysparm_display_value=true`, fields, 'day.first')
  expect(shown.body.result).toMatchObject({ watch_list: 'North User One, Day First', due_date: '31/12/2026 23:30:00' })
})

test('field=value pairs do not join a sysparm_query, which stands alone', async () => {
  const { number } = await room.create('incident', { short_description: 'alone' })
  const answer = await room.call('GET', `/api/now/table/incident?sysparm_query=number=${number}&short_description=another`)
  expect(answer.body.result).toHaveLength(1)
})

test('a limit or offset that is no number, or below nothing, is the default', async () => {
  const plain = await room.call('GET', '/api/now/table/sys_user')
  for (const bad of ['sysparm_limit=-1', 'sysparm_limit=many', 'sysparm_offset=-5', 'sysparm_limit=99999999999999999999'])
    expect((await room.call('GET', `/api/now/table/sys_user?${bad}`)).body.result, bad).toHaveLength(plain.body.result.length)
})
