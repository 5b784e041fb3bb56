import { afterAll, beforeAll, expect, test } from 'vitest'
import { openRoom, query, type Room } from './practice-room.ts'
import { practiceOnly } from './which-instance.ts'

let room: Room

beforeAll(async () => {
  room = await openRoom()
  const [one, two] = room.customers[0].users
  for (const [urgency, impact, caller, due] of [
    ['1', '1', one.sysId, '2026-03-01 10:00:00'],
    ['1', '2', one.sysId, '2026-03-02 10:00:00'],
    ['2', '3', two.sysId, '2026-03-03 10:00:00'],
    ['3', '3', '', ''],
  ] as const)
    await room.create('incident', {
      short_description: 'counted',
      urgency,
      impact,
      caller_id: caller,
      due_date: due,
      reassignment_count: '0',
    })
})
afterAll(() => room.close())

const stats = async (parameters: string, table = 'incident', user = 'admin') =>
  (await room.call('GET', `/api/now/stats/${table}?${parameters}&sysparm_query=short_description=counted`, undefined, user)).body.result

test('a count, and figures with averages of four decimals, all as strings', async () => {
  expect(await stats('sysparm_count=true')).toEqual({ stats: { count: '4' } })
  expect(
    await stats(
      'sysparm_avg_fields=urgency,impact&sysparm_sum_fields=urgency&sysparm_min_fields=urgency,due_date&sysparm_max_fields=due_date',
    ),
  ).toEqual({
    stats: {
      avg: { urgency: '1.7500', impact: '2.2500' },
      sum: { urgency: '7' },
      min: { urgency: '1', due_date: '2026-03-01 10:00:00' },
      max: { due_date: '2026-03-03 10:00:00' },
    },
  })
})

test('nothing asked for is nothing counted; what has no such figure is left out', async () => {
  expect(await stats('')).toEqual({ stats: {} })
  expect(await stats('sysparm_sum_fields=short_description,nonsense,active,comments&sysparm_count=false')).toEqual({ stats: {} })
  const none = await room.call('GET', '/api/now/stats/incident?sysparm_count=true&sysparm_avg_fields=urgency&sysparm_query=number=NONE')
  expect(none.body.result).toEqual({ stats: { count: '0', avg: { urgency: '' } } })
})

test('groups by a choice, by a reference and by a field behind one, with what they show', async () => {
  expect(await stats('sysparm_count=true&sysparm_group_by=urgency')).toEqual([
    { stats: { count: '2' }, groupby_fields: [{ field: 'urgency', value: '1' }] },
    { stats: { count: '1' }, groupby_fields: [{ field: 'urgency', value: '2' }] },
    { stats: { count: '1' }, groupby_fields: [{ field: 'urgency', value: '3' }] },
  ])
  const shown = await stats(
    'sysparm_count=true&sysparm_group_by=caller_id&sysparm_display_value=true&sysparm_order_by=COUNT^DESC,caller_id',
  )
  expect(shown).toEqual([
    {
      stats: { count: '2' },
      groupby_fields: [{ display_value: 'North User One', field: 'caller_id', value: room.customers[0].users[0].sysId }],
    },
    { stats: { count: '1' }, groupby_fields: [{ display_value: '', field: 'caller_id', value: '' }] },
    {
      stats: { count: '1' },
      groupby_fields: [{ display_value: 'North User Two', field: 'caller_id', value: room.customers[0].users[1].sysId }],
    },
  ])
  const walked = await room.call(
    'GET',
    `/api/now/stats/incident?sysparm_count=true&sysparm_group_by=caller_id.company,urgency&sysparm_display_value=all&sysparm_query=${query('short_description=counted^caller_idISNOTEMPTY')}`,
  )
  expect(walked.body.result[0].groupby_fields).toEqual([
    { display_value: 'Demo Customer North', field: 'caller_id.company', value: room.customers[0].sysId },
    { display_value: '1 - High', field: 'urgency', value: '1' },
  ])
})

test('groups are kept by having and sorted by figures', async () => {
  const groups = async (parameters: string) =>
    (await stats(`sysparm_group_by=urgency&sysparm_count=true&${parameters}`)).map(
      (row: { groupby_fields: { value: string }[] }) => row.groupby_fields[0]!.value,
    )
  expect(await groups('sysparm_having=count^urgency^%3E^1')).toEqual(['1'])
  expect(await groups('sysparm_having=count^%3E^1')).toEqual(['1'])
  expect(await groups('sysparm_having=avg^impact^%3E%3D^1.5,count^urgency^=^1')).toEqual(['2', '3'])
  expect(await groups('sysparm_having=max^due_date^%3C^2026-03-03 00:00:00')).toEqual(['1'])
  expect(await groups('sysparm_having=nonsense^x^y^z,avg^impact^~^1,avg^impact^%3E^many')).toEqual(['1', '2', '3'])
  expect(await groups('sysparm_order_by=AVG^impact^DESC')).toEqual(['2', '3', '1'])
  expect(await groups('sysparm_order_by=urgency^DESC')).toEqual(['3', '2', '1'])
  expect(await groups('sysparm_order_by=COUNT^DESC,MIN^due_date^DESC')).toEqual(['1', '2', '3'])
  expect(await groups('sysparm_order_by=COUNT')).toEqual(['2', '3', '1'])
})

test('field=value pairs filter, and a parent table counts its children', async () => {
  const paired = await room.call('GET', '/api/now/v1/stats/incident?sysparm_count=true&short_description=counted&urgency=1 - High')
  expect(paired.body.result.stats.count).toBe('2')
  const parent = await room.call(
    'GET',
    `/api/now/stats/task?sysparm_count=true&sysparm_group_by=sys_class_name&sysparm_display_value=true&sysparm_query=${query('short_description=counted')}`,
  )
  expect(parent.body.result).toEqual([
    { stats: { count: '4' }, groupby_fields: [{ display_value: 'Incident', field: 'sys_class_name', value: 'incident' }] },
  ])
})

test('an unknown table is 400, another method 405', async () => {
  expect((await room.call('GET', '/api/now/stats/nope?sysparm_count=true')).body.error.message).toBe('Invalid table nope')
  expect((await room.call('POST', '/api/now/stats/incident', {})).status).toBe(405)
})

practiceOnly('a table that may not be read is 403, hidden rows are counted', async () => {
  expect(await room.call('GET', '/api/now/stats/sys_properties?sysparm_count=true', undefined, 'north.user.one')).toMatchObject({
    status: 403,
    body: { error: { message: 'Insufficient rights to query records', detail: "No permission to read table 'sys_properties'" } },
  })
  expect((await stats('sysparm_count=true', 'incident', 'north.user.one')).stats.count).toBe('4')
})

test('a hostile field, condition or order is left out, and never an error', async () => {
  const hostile = query(`urgency";drop table task;--,'),count(*,caller_id.caller_id,sys_id.x,user_password`)
  for (const name of ['group_by', 'sum_fields', 'order_by', 'having', 'min_fields']) {
    const answer = await room.call('GET', `/api/now/stats/incident?sysparm_count=true&sysparm_${name}=${hostile}`)
    expect(answer.status, name).toBe(200)
  }
  const password = await room.call(
    'GET',
    '/api/now/stats/sys_user?sysparm_count=true&sysparm_group_by=user_password&sysparm_max_fields=user_password',
  )
  expect(JSON.stringify(password.body)).not.toContain('scrypt')
  expect(password.body.result).toHaveLength(1)
  expect(password.body.result[0].groupby_fields).toEqual([])
})
