import { afterAll, beforeAll, expect } from 'vitest'
import { DEMO, openRoom, type Room } from './practice-room.ts'
import { practiceOnly as test } from './which-instance.ts'

let room: Room
beforeAll(async () => {
  room = await openRoom({
    seed: {
      tables: [
        {
          name: 'u_imp_ticket',
          parent: 'sys_import_set_row',
          columns: [{ name: 'u_text', label: 'Text' }, { name: 'u_state' }, { name: 'u_key' }],
        },
      ],
      records: {
        sys_transform_map: [{ sys_id: 'a'.repeat(32), name: 'Ticket', source_table: 'u_imp_ticket', target_table: 'incident' }],
        sys_transform_entry: [
          { map: 'Ticket', source_field: 'u_text', target_field: 'short_description' },
          { map: 'Ticket', source_field: 'u_state', target_field: 'state' },
          { map: 'Ticket', source_field: 'u_key', target_field: 'correlation_id', coalesce: 'true' },
        ],
      },
    },
  })
})
afterAll(() => room.close())

const send = (table: string, body: unknown, user?: string) => room.call('POST', `/api/now/import/${table}`, body, user)

test('rows for one record at the same moment make it once', async () => {
  const row = (first_name: string) =>
    room.call('POST', '/api/now/import/imp_user', { user_name: 'one.of.many', first_name, last_name: 'x' })
  const answers = await Promise.all(Array.from({ length: 16 }, (_, at) => row(`A${at}`)))
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([201]))
  expect(answers.map(({ body }) => body.result[0].status).sort()).toEqual(['inserted', ...Array.from({ length: 15 }, () => 'updated')])
  expect(await room.find('sys_user', 'user_name=one.of.many', 'user_name')).toHaveLength(1)
})

test('a row becomes a record, beside the number of its import set and without an envelope', async () => {
  const { status, body, headers } = await send('imp_user', {
    user_name: 'import.one',
    first_name: 'Import',
    last_name: 'One',
    company: DEMO.operator.name,
  })
  expect(status).toBe(201)
  expect(body).toEqual({
    import_set: expect.stringMatching(/^ISET001\d{4}$/),
    staging_table: 'imp_user',
    result: [
      {
        transform_map: 'User',
        table: 'sys_user',
        display_name: 'name',
        display_value: 'Import One',
        record_link: expect.stringMatching(/\/api\/now\/table\/sys_user\/[0-9a-f]{32}$/),
        status: 'inserted',
        sys_id: expect.stringMatching(/^[0-9a-f]{32}$/),
      },
    ],
  })
  expect(await room.find('sys_user', 'user_name=import.one', 'company')).toEqual([DEMO.operator.sysId])
  const again = await room.call('GET', new URL(headers.get('location')!).pathname)
  expect(again.body).toEqual(body)
})

test('the same key updates, and the same values are ignored', async () => {
  const status = async (body: object) => (await send('imp_user', body)).body.result[0].status
  expect(await status({ user_name: 'import.two', title: 'First' })).toBe('inserted')
  expect(await status({ user_name: 'import.two', title: 'Second' })).toBe('updated')
  expect(await status({ user_name: 'IMPORT.TWO', title: 'Second' })).toBe('updated')
  expect(await status({ user_name: 'IMPORT.TWO', title: 'Second' })).toBe('ignored')
  expect(await room.find('sys_user', 'user_name=import.two', 'title')).toEqual(['Second'])
})

test('a staging table of one’s own; what a policy refuses is an error in a 201', async () => {
  const { status, body } = await send('u_imp_ticket', { u_text: 'Imported', u_state: 'Resolved', u_key: 'K1' })
  expect(status).toBe(201)
  expect(body.result).toEqual([
    { transform_map: 'Ticket', table: 'incident', status: 'error', error_message: expect.stringContaining('Data Policy Exception') },
  ])
  const nested = await send('u_imp_ticket', { u_text: { a: 1, b: { c: 'x' } }, u_key: 'K2' })
  expect(await room.find('incident', `sys_id=${nested.body.result[0].sys_id}`, 'short_description')).toEqual(['{a=1, b={c=x}}'])
})

test('many rows go into one import set, by label or column', async () => {
  const { status, body } = await room.call('POST', '/api/now/import/u_imp_ticket/insertMultiple', {
    records: [
      { Text: 'many', u_key: 'M1' },
      { u_text: 'many', u_key: 'M2' },
    ],
  })
  expect([status, Object.keys(body)]).toEqual([201, ['import_set_id', 'multi_import_set_id']])
  expect(await room.find('u_imp_ticket', `sys_import_set=${body.import_set_id}`, 'sys_import_state')).toEqual(['inserted', 'inserted'])
  expect(await room.find('incident', 'short_description=many')).toHaveLength(2)
  expect((await room.call('POST', '/api/now/import/imp_user/insertMultiple', { records: 'x' })).status).toBe(400)
})

test('other tables are no staging tables, and nobody stages what he may not', async () => {
  for (const table of ['incident', 'nothing', 'sys_import_set_row'])
    expect(await send(table, {})).toMatchObject({ status: 400, body: { error: { message: 'Invalid staging table' } } })
  expect((await send('imp_user', { user_name: 'x' }, 'north.user.one')).status).toBe(403)
  expect((await send('imp_user', { user_name: "x'; drop table sys_user; --\u0000" })).status).toBe(201)
})
