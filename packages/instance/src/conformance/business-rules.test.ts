import { afterAll, beforeAll, describe, expect } from 'vitest'
import { type BusinessRule, createInstance } from '../index.ts'
import { openRoom, type Room } from './practice-room.ts'
import { practiceOnly as test } from './which-instance.ts'

const RULES: readonly BusinessRule[] = [
  {
    name: 'VIP callers are urgent',
    table: 'incident',
    when: 'before',
    insert: true,
    update: true,
    condition: ({ current }) => current.short_description?.includes('VIP') ?? false,
    run: ({ current }) => {
      current.impact = '1'
      current.urgency = '1'
      current.work_notes = 'Made urgent by a rule'
      current.no_such_field = 'x'
    },
  },
  {
    name: 'No tickets about the weather',
    table: 'task',
    when: 'before',
    insert: true,
    delete: true,
    order: 10,
    run: ({ current, abort }) => {
      if (current.short_description === 'Rain') abort()
    },
  },
  {
    name: 'A problem for every incident that asks',
    table: 'incident',
    when: 'after',
    insert: true,
    run: async ({ current, sysId, records }) => {
      if (!current.short_description?.startsWith('Again:')) return
      const problem = await records.insert('problem', { short_description: current.short_description })
      await records.update('incident', sysId, { problem_id: problem })
      if (current.short_description.includes('broken')) throw new Error('a mistake of the rule')
      if (current.short_description.includes('refused')) await records.insert('incident', { short_description: 'Rain' })
    },
  },
  {
    name: 'Endless',
    table: 'cmdb_ci',
    when: 'after',
    update: true,
    run: ({ sysId, current, records }) =>
      records.update('cmdb_ci', sysId, { short_description: `${current.short_description}x` }).then(() => {}),
  },
]

let room: Room
beforeAll(async () => {
  room = await openRoom({ businessRules: RULES })
})
afterAll(() => room.close())

const problems = (text: string) => room.find('problem', `short_description=${text}`)

describe('a business rule of one’s own', () => {
  test('changes a record before the house rules see it', async () => {
    const made = await room.create('incident', { short_description: 'VIP cannot print' })
    expect(made).toMatchObject({ impact: '1', urgency: '1', priority: '1' })
    expect(await room.find('sys_journal_field', `element_id=${made.sys_id}`, 'value')).toEqual(['Made urgent by a rule'])
  })

  test('stops a save, named in the refusal, on tables that extend its own too', async () => {
    const { status, body } = await room.call('POST', '/api/now/table/incident', { short_description: 'Rain' })
    expect(status).toBe(403)
    expect(body.error.detail).toMatch(
      /^Operation against file 'incident' was aborted by Business Rule 'No tickets about the weather\^[0-9a-f]{32}'\. Business Rule Stack:No tickets about the weather$/,
    )
    const { sys_id: id } = await room.create('incident', {})
    await room.call('PATCH', `/api/now/table/incident/${id}`, { short_description: 'Rain' })
    expect((await room.call('DELETE', `/api/now/table/incident/${id}`)).status).toBe(403)
  })

  test('works on other records in the same transaction, and the answer shows it', async () => {
    const made = await room.create('incident', { short_description: 'Again: down' })
    expect(made.problem_id).toMatch(/^[0-9a-f]{32}$/)
    expect(await problems('Again: down')).toHaveLength(1)
  })

  test('that fails takes back what it did, and the save stands', async () => {
    const made = await room.create('incident', { short_description: 'Again: broken' })
    expect(made.problem_id).toBe('')
    expect(await problems('Again: broken')).toEqual([])
  })

  test('that meets a refusal stops the save, with everything that belonged to it', async () => {
    expect((await room.call('POST', '/api/now/table/incident', { short_description: 'Again: refused' })).status).toBe(403)
    expect(await problems('Again: refused')).toEqual([])
    expect(await room.find('incident', 'short_description=Again: refused')).toEqual([])
  })

  test('that sets itself going without end is refused', async () => {
    const { sys_id: id } = await room.create('cmdb_ci', { name: 'Loop' })
    const { status, body } = await room.call('PATCH', `/api/now/table/cmdb_ci/${id}`, { name: 'Loop 2' })
    expect([status, body.error.detail]).toEqual([403, 'Business rules set each other going without end'])
    expect(await room.find('cmdb_ci', `sys_id=${id}`, 'name')).toEqual(['Loop'])
  })
})

const whole = { name: 'Whole', table: 'incident', when: 'before', insert: true, run: () => {} }

test.each([
  ['that does nothing', { insert: undefined }, 'Rule 1 "Whole" needs insert, update or delete: true'],
  [
    'with a word that means nothing',
    { conditon: () => true },
    'Rule 1 "Whole" has conditon, which means nothing; the nearest is condition',
  ],
  ['with a condition in words', { condition: 'active=true' }, 'Rule 1 "Whole" needs condition: a function'],
  ['with an order in words', { order: 'first' }, 'Rule 1 "Whole" needs order: a number'],
  ['with a yes', { update: 'yes' }, 'Rule 1 "Whole" needs update: true or false'],
  [
    'for a table that is not there',
    { table: 'incidents' },
    'Rule 1 "Whole" is for incidents, which is no table; the nearest are incident, incident_task',
  ],
])('a rule %s is refused with a sentence', async (_, part, sentence) => {
  const businessRules = [{ ...whole, ...part }] as unknown as BusinessRule[]
  await expect(createInstance({ databaseUrl: room.databaseUrl, businessRules })).rejects.toThrow(sentence)
})
