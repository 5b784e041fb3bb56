import { readFileSync } from 'node:fs'
import { makeFreshDatabase } from '@deskbridge/postgres/testing'
import { afterAll, beforeAll, describe, expect } from 'vitest'
import { STORY_RECORDS } from '../demo-company/story.ts'
import { createInstance, type InstanceOptions, type Seed } from '../index.ts'
import { callInstance, openRoom, PASSWORD, type Room } from './practice-room.ts'
import { practiceOnly as test } from './which-instance.ts'

/** What a seed says is in the record, or all of the seed is refused. */

type Records = NonNullable<Seed['records']>

const TESTER = { user_name: 'tester', first_name: 'Tess', last_name: 'Ter', email: 'tess@example.com', user_password: PASSWORD }
const SYS_ID = 'a'.repeat(32)
const INCIDENT = { sys_id: SYS_ID, short_description: 'A flat tyre' }

let room: Room
beforeAll(async () => {
  room = await openRoom({ demo: false, seed: { records: { sys_user: [TESTER], incident: [INCIDENT] } } })
})
afterAll(() => room.close())

const load = async (records: Records, more: Omit<Seed, 'records'> = {}) => {
  const instance = await createInstance({ databaseUrl: room.databaseUrl, schema: 'sandbox', seed: { ...more, records } })
  await instance.close()
}

async function opened(options: InstanceOptions) {
  const instance = await createInstance(options)
  await instance.setPassword('admin', PASSWORD)
  return { ...instance, [Symbol.asyncDispose]: () => instance.close() }
}

const MANY = 'x'.repeat(200)

/** A record that the instance cannot have, and what is said of it. */
const NOT_TAKEN: readonly (readonly [what: string, records: Records, sentence: string])[] = [
  [
    'a name that is computed',
    { sys_user: [{ user_name: 'other', name: 'Oth Er' }] },
    'record 1 of sys_user (user_name "other"): name is "Oth Er" in the seed and empty in the record: it is computed from first_name and last_name: give those',
  ],
  [
    'a text that is too long',
    { sys_user: [{ user_name: 'o', title: MANY }] },
    `title is "${MANY}" in the seed and "${'x'.repeat(60)}" in the record: it holds 60 characters`,
  ],
  [
    'a truth that is none',
    { sys_user: [{ user_name: 'o', vip: 'maybe' }] },
    'vip is "maybe" in the seed and "false" in the record: it is true or false',
  ],
  [
    'a choice that is none',
    { incident: [{ contact_type: 'Pigeon', state: 'Almost' }] },
    'state is "Almost" in the seed and "1" in the record: it is one of 1 (New), 2',
  ],
  [
    'an empty choice where there always is one',
    { incident: [{ state: '' }] },
    'state is "" in the seed and "1" in the record: it is one of',
  ],
  ['a number that is none', { incident: [{ reassignment_count: 'twice' }] }, 'reassignment_count is "twice" in the seed and'],
  [
    'a day that is none',
    { change_request: [{ start_date: '2026-02-31' }] },
    'start_date is "2026-02-31" in the seed and empty in the record: it is a time in UTC',
  ],
  ['a time of making that is none', { incident: [{ sys_created_on: 'yesterday' }] }, 'sys_created_on is "yesterday" in the seed and "20'],
  ['a count that is none', { incident: [{ sys_mod_count: 'many' }] }, 'sys_mod_count is "many" in the seed and "0" in the record'],
  [
    'a field of the instance',
    { incident: [{ sys_class_name: 'problem' }] },
    'sys_class_name is "problem" in the seed and "incident" in the record: only the instance writes it',
  ],
  [
    'a journal that nobody writes',
    { incident: [{ approval_history: 'approved' }] },
    'approval_history is "approved" in the seed and empty in the record: of journals only comments',
  ],
  ['a comment of blanks', { incident: [{ comments: '  ' }] }, 'comments is "  " in the seed and empty in the record'],
  ['a character that no text holds', { incident: [{ short_description: 'a\0b' }] }, 'in the record: it holds no NUL character'],
  [
    'one of a list whom nobody knows',
    { incident: [{ watch_list: 'tester,nobody' }] },
    'watch_list is "tester,nobody" in the seed: it is not understood, no record of sys_user has the name, user_name, email "nobody"',
  ],
  [
    'a name that two have',
    { sys_user: [{ user_name: 'twin', first_name: 'Tess', last_name: 'Ter' }], incident: [{ caller_id: 'Tess Ter' }] },
    'caller_id is "Tess Ter" in the seed: several records of sys_user have the name, user_name, email "Tess Ter"; give a sys_id',
  ],
  ['a column that is nearly one', { incident: [{ short_descripton: 'x' }] }, 'it has no column for that; the nearest is short_description'],
  ['a table that is nearly one', { incidents: [{}] }, 'records of incidents, which is no table; the nearest are incident'],
  [
    'a user who is there with another e-mail',
    { sys_user: [{ user_name: 'Tester', email: 'other@example.com' }] },
    'email is "other@example.com" in the seed and "tess@example.com" in the record: the record is there already, and a seed changes none',
  ],
  ['a password that is there otherwise', { sys_user: [{ user_name: 'tester', user_password: 'another' }] }, 'the record is there already'],
  [
    'a sys_id that is there otherwise',
    { incident: [{ sys_id: SYS_ID, short_description: 'Another' }] },
    'short_description is "Another" in the seed and "A flat tyre" in the record: the record is there already',
  ],
  [
    'a record given twice, each time another way',
    {
      incident: [
        { sys_id: 'b'.repeat(32), impact: '1' },
        { sys_id: 'b'.repeat(32), impact: '2' },
      ],
    },
    'record 2 of incident (sys_id "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"): impact is "2" in the seed and "1" in the record: the record is there already',
  ],
]

describe('a seed is refused whole, and says which record it is,', () => {
  test.each(NOT_TAKEN)('for %s', async (_, records, sentence) => {
    const there = async () => [await room.find('sys_user', '', 'user_name'), await room.find('task', '', 'number')]
    const before = await there()
    await expect(load({ problem: [{ short_description: 'A good one before' }], ...records })).rejects.toThrow(sentence)
    expect(await there()).toEqual(before)
  })

  test('for a table whose records are wrong: it is not made, and the corrected seed makes it', async () => {
    const van = (maxLength: number): Seed => ({
      tables: [{ name: 'u_van', columns: [{ name: 'u_plate', maxLength }] }],
      records: { u_van: [{ u_plate: 'TOO-LONG' }] },
    })
    const options = { databaseUrl: room.databaseUrl, schema: 'vans', demo: false }
    await using started = await opened(options)
    await expect(createInstance({ ...options, seed: van(3) })).rejects.toThrow('it holds 3 characters')
    expect((await callInstance(started, 'GET', '/api/now/table/sys_db_object?name=u_van')).body.result).toEqual([])
    await using again = await opened({ ...options, seed: van(8) })
    expect((await callInstance(again, 'GET', '/api/now/table/u_van')).body.result).toMatchObject([{ u_plate: 'TOO-LONG' }])

    const answer = await callInstance(started, 'POST', '/practice/reset')
    expect(answer).toMatchObject({
      status: 409,
      body: { error: { detail: expect.stringMatching(/^Nothing was reset.*u_van.*start this one again/) } },
    })
    expect((await callInstance(again, 'GET', '/api/now/table/u_van')).body.result).toHaveLength(1)
    expect((await callInstance(again, 'POST', '/practice/reset')).status).toBe(204)
  })

  test('for several at once, all of which it names', async () => {
    const wrong = {
      sys_user: [
        { user_name: 'a', name: 'A' },
        { user_name: 'b', name: 'B', vip: 'so so' },
      ],
    }
    await expect(load(wrong)).rejects.toThrow(
      /^The seed cannot be loaded, and nothing of it was:\n- record 1 of .*\n- record 2 of .*name is.*\n- record 2 of .*vip is.*$/,
    )
  })

  test('for values that are none', async () => {
    await expect(load({ incident: [{ description: { text: 'x' } } as never] })).rejects.toThrow(
      /a value is a text, a number[\s\S]*incident/,
    )
  })
})

/** What is written in another way than it is stored. */
const TAKEN: Records = {
  incident: [
    {
      number: 'INC0000801',
      caller_id: 'tester',
      opened_by: 'tess@example.com',
      assigned_to: { value: '6816f79cc0a8016401c5a33be04be441', display_value: 'System Administrator' },
      watch_list: ['tester', 'admin'],
      state: 'In Progress',
      impact: 2,
      reassignment_count: '1,000',
      active: 'yes',
      made_sla: false,
      opened_at: 'javascript:gs.daysAgo(3)',
      due_date: '2026-01-02',
      sys_created_on: '2026-01-02 03:04:05',
      sys_mod_count: 7,
      description: null,
      comments: 'Seen',
      work_notes: 'Noted',
    },
  ],
}

describe('a seed is taken as it stands', () => {
  test('in whatever way a value is written', async () => {
    await load(TAKEN)
    const { body } = await room.call('GET', '/api/now/table/incident?number=INC0000801&sysparm_exclude_reference_link=true')
    const [tester] = await room.find('sys_user', 'user_name=tester', 'sys_id')
    const admin = '6816f79cc0a8016401c5a33be04be441'
    expect(body.result[0]).toMatchObject({ caller_id: tester, opened_by: tester, assigned_to: admin, watch_list: `${tester},${admin}` })
    expect(body.result[0]).toMatchObject({ state: '2', impact: '2', reassignment_count: '1000', active: 'true', made_sla: 'false' })
    expect(body.result[0]).toMatchObject({ due_date: '2026-01-02 00:00:00', sys_created_on: '2026-01-02 03:04:05', sys_mod_count: '7' })
    expect((await room.find('sys_journal_field', `element_id=${body.result[0].sys_id}`, 'value')).sort()).toEqual(['Noted', 'Seen'])
  })

  test('a computed name too, where it is what is computed', async () => {
    await load({ sys_user: [{ user_name: 'named', first_name: 'Na', last_name: 'Med', name: 'Na Med' }] })
    expect(await room.find('sys_user', 'user_name=named', 'name')).toEqual(['Na Med'])
  })

  test('what is there and the same is there once, and what was changed since stays changed', async () => {
    await room.call('PATCH', `/api/now/table/incident/${SYS_ID}`, { short_description: 'Repaired' })
    await load({ incident: [INCIDENT, { short_description: 'One more' }], sys_user: [TESTER, { user_name: 'tester', last_name: 'Ter' }] })
    expect(await room.find('incident', `sys_id=${SYS_ID}`, 'short_description')).toEqual(['Repaired'])
    expect(await room.find('sys_user', 'user_name=tester', 'user_name')).toEqual(['tester'])
    expect((await room.call('POST', '/practice/reset')).status).toBe(204)
    expect(await room.find('incident', `sys_id=${SYS_ID}`, 'short_description')).toEqual(['A flat tyre'])
    expect(await room.find('incident', 'short_description=One more', 'short_description')).toHaveLength(1)
  })

  test('so are the weeks of the demo company', async () => {
    const database = await makeFreshDatabase()
    await (await createInstance({ databaseUrl: database.url, demo: false, seed: { records: STORY_RECORDS } })).close()
    await database.drop()
  })
})

describe('the seed of the README', () => {
  const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8')
  const [, block = ''] = /## A seed\n\n```json\n([^`]*)```/.exec(readme) ?? []
  const seed = JSON.parse(block) as Seed

  test('brings a user who has a role by what people know both by, once however often it is loaded', async () => {
    const readers = await openRoom({ seed })
    const grants = () => readers.find('sys_user_has_role', 'user.user_name=tess', 'role.name')
    expect(await grants()).toEqual(['itil'])
    const again = await createInstance({ databaseUrl: readers.databaseUrl, schema: 'sandbox', seed })
    await again.close()
    const byName = {
      sys_user_has_role: [
        { user: 'Tess Ter', role: 'itil' },
        { user: 'tess@example.com', role: 'itil' },
      ],
    }
    await (await createInstance({ databaseUrl: readers.databaseUrl, schema: 'sandbox', seed: { records: byName } })).close()
    expect(await grants()).toEqual(['itil'])
    await readers.instance.setPassword('tess', PASSWORD)
    expect((await readers.call('GET', '/api/now/table/incident?u_region=n', undefined, 'tess')).body.result).toHaveLength(1)
    expect(await readers.find('u_vehicle', '', 'u_driver.name')).toEqual(['Tess Ter'])
    await readers.close()
  })
})
