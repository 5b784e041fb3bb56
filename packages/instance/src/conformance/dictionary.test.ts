import pg from 'pg'
import { afterAll, beforeAll, expect } from 'vitest'
import { createInstance } from '../index.ts'
import { openRoom, query, type Room } from './practice-room.ts'
import { practiceOnly as test } from './which-instance.ts'

let room: Room

beforeAll(async () => {
  room = await openRoom({ demo: false })
})
afterAll(() => room.close())

const rows = async (table: string, encoded: string, fields: string, further = ''): Promise<Record<string, string>[]> =>
  (
    await room.call(
      'GET',
      `/api/now/table/${table}?sysparm_query=${query(encoded)}&sysparm_fields=${fields}&sysparm_exclude_reference_link=true${further}`,
    )
  ).body.result

test('sys_db_object has every table, with the one it extends', async () => {
  expect(await rows('sys_db_object', 'nameINincident,task^ORDERBYname', 'name,label,super_class.name,is_extendable')).toEqual([
    { name: 'incident', label: 'Incident', 'super_class.name': 'task', is_extendable: 'true' },
    { name: 'task', label: 'Task', 'super_class.name': '', is_extendable: 'true' },
  ])
  expect(await room.find('sys_db_object', 'super_class.name=task^ORDERBYname', 'name')).toContain('change_request')
  const [object] = await rows('sys_db_object', 'name=incident', 'super_class', '&sysparm_display_value=true')
  expect(object).toEqual({ super_class: 'Task' })
})

test('a field belongs to the table that declares it, and is found once along the way up', async () => {
  const inherited = await rows(
    'sys_dictionary',
    'nameINincident,task^elementINshort_description,category,state,sys_id^ORDERBYelement',
    'name,element,column_label',
  )
  expect(inherited).toEqual([
    { name: 'incident', element: 'category', column_label: 'Category' },
    { name: 'task', element: 'short_description', column_label: 'Short description' },
    { name: 'task', element: 'state', column_label: 'State' },
    { name: 'task', element: 'sys_id', column_label: 'Sys ID' },
  ])
  expect(
    await rows(
      'sys_dictionary_override',
      'name=change_request^element=state',
      'name,base_table,element,default_value_override,default_value',
    ),
  ).toEqual([{ name: 'change_request', base_table: 'task', element: 'state', default_value_override: 'true', default_value: '-5' }])
})

test('along the way up the dictionary names exactly the fields that a record has', async () => {
  for (const chain of [
    ['incident', 'task'],
    ['cmdb_ci_server', 'cmdb_ci_computer', 'cmdb_ci_hardware', 'cmdb_ci'],
    ['sys_dictionary'],
    ['sys_choice'],
  ]) {
    const named = await room.find('sys_dictionary', `nameIN${chain.join(',')}^elementISNOTEMPTY`, 'element')
    const [record] = (await room.call('GET', `/api/now/table/${chain[0]}?sysparm_limit=1`)).body.result
    const made = record ?? (await room.create(chain[0]!, {}))
    expect(named.sort(), chain[0]).toEqual(Object.keys(made).sort())
  }
})

test('types and references are referred to by name, and can be walked through', async () => {
  const linked = await room.call(
    'GET',
    `/api/now/table/sys_dictionary?sysparm_query=name=incident^element=caller_id&sysparm_fields=internal_type,reference,max_length`,
  )
  expect(linked.body.result).toEqual([
    {
      internal_type: { link: 'http://localhost:8081/api/now/table/sys_glide_object?name=reference', value: 'reference' },
      reference: { link: 'http://localhost:8081/api/now/table/sys_db_object?name=sys_user', value: 'sys_user' },
      max_length: '32',
    },
  ])
  expect(await rows('sys_dictionary', 'name=incident^element=caller_id', 'internal_type,reference', '&sysparm_display_value=true')).toEqual(
    [{ internal_type: 'Reference', reference: 'User' }],
  )
  expect(await room.find('sys_dictionary', 'name=incident^reference.label=User^ORDERBYelement', 'element')).toContain('caller_id')
  expect(await room.find('sys_dictionary', 'name=task^internal_type=journal_input^ORDERBYelement', 'element')).toEqual([
    'comments',
    'work_notes',
  ])
  const followed = await room.call('GET', '/api/now/table/sys_glide_object?name=reference&sysparm_fields=label')
  expect(followed.body.result).toEqual([{ label: 'Reference' }])
})

test('every table has an entry for itself, and says which of its fields it shows', async () => {
  expect(await rows('sys_dictionary', 'name=incident^internal_type=collection', 'element,column_label,audit')).toEqual([
    { element: '', column_label: 'Incident', audit: 'false' },
  ])
  expect(await room.find('sys_dictionary', 'name=task^display=true', 'element')).toEqual(['number'])
})

test('choices belong to the table that declares them, in their order', async () => {
  const labels = (name: string, element: string) => room.find('sys_choice', `name=${name}^element=${element}^ORDERBYsequence`, 'label')
  expect(await labels('incident', 'state')).toEqual(['New', 'In Progress', 'On Hold', 'Resolved', 'Closed', 'Canceled'])
  expect((await labels('task', 'state'))[0]).toBe('Pending')
  expect(await labels('incident', 'urgency')).toEqual([])
  const [choice] = await rows('sys_choice', 'name=incident^element=state^value=6', 'label,language,inactive,sequence')
  expect(choice).toEqual({ label: 'Resolved', language: 'en', inactive: 'false', sequence: '4' })
})

test('they are counted and grouped like any other table, and nobody writes them', async () => {
  const counted = await room.call(
    'GET',
    '/api/now/stats/sys_choice?sysparm_count=true&sysparm_group_by=name&sysparm_query=element=state^nameINtask,problem',
  )
  expect(counted.body.result.map((row: { groupby_fields: { value: string }[] }) => row.groupby_fields[0]!.value)).toEqual([
    'problem',
    'task',
  ])
  const [id] = await room.find('sys_choice', 'name=incident', 'sys_id')
  for (const [method, path] of [
    ['POST', 'sys_choice'],
    ['PATCH', `sys_choice/${id}`],
    ['DELETE', `sys_choice/${id}`],
    ['POST', 'sys_dictionary'],
    ['POST', 'sys_db_object'],
  ])
    expect((await room.call(method!, `/api/now/table/${path}`, { label: 'x' })).status, `${method} ${path}`).toBe(403)
})

test('a start on a schema of another shape makes the rows equal to the dictionary again; another start touches nothing', async () => {
  const client = new pg.Client({ connectionString: room.databaseUrl })
  await client.connect()
  const all = async () =>
    (
      await client.query(
        "select sys_id, label, sys_mod_count, sys_updated_on::text from sandbox.sys_choice where name = 'incident' order by sys_id",
      )
    ).rows
  const before = await all()
  await client.query("update sandbox.sys_choice set label = 'Changed' where name = 'incident' and element = 'state' and value = '1'")
  await client.query("delete from sandbox.sys_choice where name = 'incident' and element = 'state' and value = '2'")
  await client.query(
    "insert into sandbox.sys_choice (sys_id, name, label, sys_created_on, sys_created_by, sys_updated_on, sys_updated_by, sys_mod_count) values ('stray', 'incident', 'Stray', now(), 'x', now(), 'x', 0)",
  )
  const open = async () => (await createInstance({ databaseUrl: room.databaseUrl, schema: 'sandbox' })).close()
  await open()
  expect((await all()).map(row => row.label)).toContain('Stray')
  await client.query("comment on schema sandbox is 'of yesterday'")
  await open()
  const after = await all()
  expect(after.map(({ sys_id, label }) => ({ sys_id, label }))).toEqual(before.map(({ sys_id, label }) => ({ sys_id, label })))
  expect(after.filter(row => row.sys_mod_count !== 0)).toHaveLength(1)
  await client.end()
})

test('tables and fields of a seed are in it too, and all of it is there again after a reset', async () => {
  const seeded = await openRoom({
    demo: false,
    seed: {
      tables: [{ name: 'u_bike', display: 'u_frame', columns: [{ name: 'u_frame', choices: [['s', 'Steel']] }] }],
      columns: { incident: [{ name: 'u_region', maxLength: 10 }] },
    },
  })
  const told = async () => [
    await seeded.find('sys_db_object', 'name=u_bike', 'name'),
    await seeded.find('sys_dictionary', 'elementINu_frame,u_region^ORDERBYelement', 'element'),
    await seeded.find('sys_dictionary', 'name=incident^element=u_region', 'max_length'),
    await seeded.find('sys_choice', 'name=u_bike', 'label'),
  ]
  const before = await told()
  expect(before).toEqual([['u_bike'], ['u_frame', 'u_region'], ['10'], ['Steel']])
  await seeded.instance.reset()
  expect(await told()).toEqual(before)
  expect(await seeded.find('sys_choice', 'name=incident^element=state^value=6', 'label')).toEqual(['Resolved'])
  await seeded.close()
})

test('the desk reads all of it, anybody else the choices', async () => {
  const people = await openRoom()
  const count = async (table: string, user: string) => (await people.find(table, 'name=incident', 'name', user)).length
  expect(await count('sys_choice', 'north.user.one')).toBeGreaterThan(10)
  expect(await count('sys_dictionary', 'north.user.one')).toBe(0)
  expect(await count('sys_dictionary', 'demo.agent.one')).toBeGreaterThan(20)
  expect(await count('sys_db_object', 'deskbridge.integration')).toBe(1)
  await people.close()
})
