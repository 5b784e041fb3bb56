import { makeFreshDatabase } from '@deskbridge/postgres/testing'
import { afterAll, beforeAll, describe, expect } from 'vitest'
import { createInstance, type Seed, startInstance } from '../index.ts'
import { basic, callInstance, openRoom, PASSWORD, type Room } from './practice-room.ts'
import { practiceOnly as test } from './which-instance.ts'

const SEED = {
  tables: [
    {
      name: 'u_vehicle',
      number: { prefix: 'VEH', first: 1_001 },
      columns: [
        { name: 'number' },
        { name: 'u_plate', label: 'Plate', mandatory: true },
        { name: 'u_driver', type: 'reference', reference: 'sys_user' },
        {
          name: 'u_fuel',
          choices: [
            ['e', 'Electric'],
            ['d', 'Diesel'],
          ],
        },
      ],
      display: 'u_plate',
    },
    { name: 'u_ticket', parent: 'task', columns: [{ name: 'u_vehicle', type: 'reference', reference: 'u_vehicle' }] },
  ],
  columns: { incident: [{ name: 'u_region', maxLength: 10 }] },
  records: {
    sys_user: [{ user_name: 'seed.user', first_name: 'Seed', last_name: 'User', user_password: PASSWORD }],
    u_vehicle: [{ u_plate: 'DEMO-1', u_driver: 'Seed User', u_fuel: 'Electric' }],
    u_ticket: [{ short_description: 'A flat tyre', u_vehicle: 'DEMO-1', opened_at: 'javascript:gs.daysAgoStart(3)' }],
    incident: [
      { number: 'INC0000900', u_region: 'north', state: 'Resolved', sys_created_on: '2026-01-02 03:04:05', caller_id: 'Seed User' },
    ],
  },
} satisfies Seed

let room: Room
beforeAll(async () => {
  room = await openRoom({ seed: SEED })
})
afterAll(() => room.close())

describe('a seed', () => {
  test('brings tables of its own, which are numbered, extend others and are referred to by what they show', async () => {
    const { body } = await room.call('GET', '/api/now/table/u_ticket?sysparm_display_value=true&sysparm_exclude_reference_link=true')
    expect(body.result).toMatchObject([{ u_vehicle: 'DEMO-1', sys_class_name: 'Ticket', short_description: 'A flat tyre', state: 'Open' }])
    expect(await room.find('u_vehicle', 'u_driver.user_name=seed.user^u_fuel=e')).toEqual(['VEH0001001'])
    expect(await room.find('task', 'sys_class_name=u_ticket', 'short_description')).toEqual(['A flat tyre'])
  })

  test('says what may not be left empty', async () => {
    const save = (method: string, path: string, fields: object) => room.call(method, `/api/now/table/u_vehicle${path}`, fields)
    const refused = { error: { detail: 'Data Policy Exception: The following fields are mandatory: Plate' } }
    expect(await save('POST', '', { u_fuel: 'e' })).toMatchObject({ status: 403, body: refused })
    const { sys_id: id } = await room.create('u_vehicle', { u_plate: 'DEMO-2' })
    expect(await save('PATCH', `/${id}`, { u_plate: '' })).toMatchObject({ status: 403, body: refused })
    expect((await save('PATCH', `/${id}`, { u_fuel: 'd' })).status).toBe(200)
    await room.call('DELETE', `/api/now/table/u_vehicle/${id}`)
    expect(await room.find('sys_dictionary', 'name=u_vehicle^mandatory=true', 'element')).toEqual(['u_plate'])
    expect(await room.find('sys_number', 'category=u_vehicle', 'prefix')).toEqual(['VEH'])
  })

  test('brings columns of its own for the instance’s tables', async () => {
    const { u_region: region } = await room.create('incident', { u_region: 'a very long region' })
    expect(region).toBe('a very lon')
    expect(await room.find('incident', 'u_region=north')).toEqual(['INC0000900'])
  })

  test('may begin in the middle of a story, in a state and at a time that nobody could save', async () => {
    const { body } = await room.call('GET', '/api/now/table/incident?number=INC0000900')
    expect(body.result).toMatchObject([{ state: '6', close_code: '', sys_created_on: '2026-01-02 03:04:05' }])
  })

  test('brings people who can sign in', async () => {
    expect((await room.call('GET', '/api/now/ui/user/current_user', undefined, 'seed.user')).body.result.user_name).toBe('seed.user')
  })
})

test('the next start has the tables of the seed without being given it, and makes nothing twice when it is', async () => {
  const options = { databaseUrl: room.databaseUrl, schema: 'sandbox' }
  for (const seed of [undefined, SEED]) {
    const again = await createInstance({ ...options, ...(seed ? { seed } : {}) })
    const { body } = await callInstance(again, 'GET', '/api/now/table/u_vehicle')
    expect(body.result).toHaveLength(1)
    await again.close()
  }
})

test('a reset brings back what was there in the beginning, and nothing else; passwords stay', async () => {
  const made = await room.create('incident', {})
  const [seeded] = await room.find('u_vehicle', '', 'sys_id')
  await room.call('PATCH', `/api/now/table/u_vehicle/${seeded}`, { u_plate: 'CHANGED' })
  expect((await room.call('POST', '/practice/reset', undefined, 'demo.agent.one')).status).toBe(403)
  expect((await room.call('POST', '/practice/reset')).status).toBe(204)
  expect(await room.find('incident', `sys_id=${made.sys_id}`)).toEqual([])
  expect(await room.find('u_vehicle', '', 'u_plate')).toEqual(['DEMO-1'])
  expect((await room.create('u_vehicle', { u_plate: 'DEMO-3' })).number).toBe('VEH0001002')
  expect(await room.find('incident', 'number=INC0000001')).toEqual(['INC0000001'])
})

describe('a seed that cannot be used is refused with a sentence', () => {
  const wrong: [string, Seed, RegExp][] = [
    ['an unknown table', { records: { u_nothing: [{}] } }, /u_nothing, which is no table/],
    ['an unknown column', { records: { incident: [{ u_nothing: '1' }] } }, /u_nothing is "1" in the seed: it has no column for that/],
    [
      'a reference to nobody',
      { records: { incident: [{ caller_id: 'Nobody At All' }] } },
      /caller_id is "Nobody At All" in the seed: it is not understood, no record of sys_user has the name, user_name, email/,
    ],
    ['a table that is there', { tables: [{ name: 'incident' }] }, /a table incident, which the instance has already/],
    ['a column that is there', { columns: { incident: [{ name: 'caller_id' }] } }, /incident\.caller_id, which the instance has already/],
    ['a parent that is not there', { tables: [{ name: 'u_a', parent: 'u_b' }] }, /extends u_b, which is not there/],
    [
      'tables in a circle',
      {
        tables: [
          { name: 'u_a', parent: 'u_b' },
          { name: 'u_b', parent: 'u_a' },
        ],
      },
      /in a circle/,
    ],
    [
      'another type in one hierarchy',
      { tables: [{ name: 'u_a', parent: 'task', columns: [{ name: 'caller_id' }] }] },
      /do not fit: .*caller_id is a/,
    ],
    ['SQL for a name', { tables: [{ name: 'u_a"; drop table x' }] }, /small letters/],
    ['words that mean nothing', { reords: {} } as Seed, /reords/],
  ]
  for (const [what, seed, sentence] of wrong)
    test(what, async () => {
      const database = await makeFreshDatabase()
      await expect(createInstance({ databaseUrl: database.url, seed })).rejects.toThrow(sentence)
      await database.drop()
    })
})

test('the demo company has tickets in all states, with what was said on them, and records that documentation names', async () => {
  const states = async (table: string) => [...new Set(await room.find(table, 'short_descriptionSTARTSWITHDemo:', 'state'))].sort()
  expect(await states('incident')).toEqual(['1', '2', '3', '6', '7', '8'])
  expect(await states('change_request')).toEqual(['-1', '-2', '-3', '-4', '-5', '0', '3', '4'])
  const { body } = await room.call('GET', '/api/now/table/incident?number=INC0000017&sysparm_display_value=true')
  expect(body.result[0].comments).toContain('Demo: e-mail is on time again.')
  expect(await room.find('sys_user', 'sys_id=681ccaf9c0a8016400b98a06818d57c7', 'user_name')).toEqual(['employee'])
  expect(await room.find('cmdb_rel_ci', 'type.name=Depends on::Used by', 'child')).toHaveLength(3)
})

test('without an address it brings its own database, and leaves nothing behind', async () => {
  const running = await startInstance({ port: 0, demo: false })
  await running.instance.setPassword('admin', PASSWORD)
  const answer = await fetch(`${running.url}/api/now/table/incident`, { headers: { authorization: basic('admin') } })
  expect(await answer.json()).toEqual({ result: [] })
  await running.close()
})
