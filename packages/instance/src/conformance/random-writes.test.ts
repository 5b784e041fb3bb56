import fc from 'fast-check'
import { afterAll, beforeAll, expect } from 'vitest'
import { openRoom, query, type Room } from './practice-room.ts'
import { practiceOnly as test } from './which-instance.ts'

const SEED = 20_261_122
const STORIES = 60

let room: Room

beforeAll(async () => {
  room = await openRoom()
})
afterAll(() => room.close())

type Fields = Record<string, string>

const text = fc.constantFrom('', 'a', 'b', 'ä😀', 'a^b')
const fields = fc.record(
  {
    state: fc.constantFrom('1', '2', '3', '6', '7', '8', '99', 'x', ''),
    incident_state: fc.constantFrom('1', '2', '6'),
    active: fc.constantFrom('true', 'false'),
    impact: fc.constantFrom('1', '2', '3', '9'),
    urgency: fc.constantFrom('1', '2', '3'),
    priority: fc.constantFrom('1', '5'),
    short_description: text,
    hold_reason: fc.constantFrom('', '1', '4'),
    close_code: fc.constantFrom('', 'User error'),
    close_notes: text,
    comments: text,
    work_notes: text,
    sys_mod_count: fc.constant('77'),
    number: fc.constantFrom('INC9999999', undefined),
    nonsense: text,
  },
  { requiredKeys: [] },
)

/** A record, and what is written to it afterwards, one save after the other. */
const story = fc.tuple(fields, fc.array(fields, { maxLength: 8 }))

/** Impact down, urgency across (contract servicenow-core.md 11.4). */
const PRIORITIES: Record<string, string> = { 11: '1', 12: '2', 13: '3', 21: '2', 22: '3', 23: '4', 31: '3', 32: '4', 33: '5' }

const journalsOf = (written: Fields) =>
  (['comments', 'work_notes'] as const).flatMap(name => (written[name]?.trim() ? [[name, written[name]]] : []))

/** What is compared to see whether a save changed anything. */
const content = ({ sys_mod_count: _, sys_updated_on: __, sys_updated_by: ___, ...rest }: Fields) => JSON.stringify(rest)

function keepsTheRules(record: Fields, says: string): void {
  expect(record.active, says).toBe(String(!['7', '8'].includes(record.state!)))
  expect(record.incident_state, says).toBe(record.state)
  expect(record.priority, says).toBe(PRIORITIES[`${record.impact}${record.urgency}`])
  expect(['1', '2', '3', '6', '7', '8'], says).toContain(record.state)
  if (record.state !== '3') expect(record.hold_reason, says).toBe('')
  if (['6', '7'].includes(record.state!)) expect([record.close_code, record.close_notes, record.resolved_at].includes(''), says).toBe(false)
  expect(record.closed_at === '', says).toBe(record.active === 'true')
}

async function rows(table: string, encoded: string, names: string): Promise<Fields[]> {
  const answer = await room.call('GET', `/api/now/table/${table}?sysparm_fields=${names}&sysparm_query=${query(encoded)}`)
  return answer.body.result
}

test('whatever is written, the rules of the house hold after each save', async () => {
  const numbers = new Set<string>()
  await fc.assert(
    fc.asyncProperty(story, async ([first, further]) => {
      const plain = '?sysparm_exclude_reference_link=true'
      const { number: _, ...start } = first
      const made = await room.call('POST', `/api/now/table/incident${plain}`, start)
      expect([201, 403]).toContain(made.status)
      if (made.status === 403) return
      let record: Fields = made.body.result
      const journal = journalsOf(first as Fields)
      expect(record.sys_mod_count).toBe('0')
      expect(numbers.has(record.number!)).toBe(false)
      numbers.add(record.number!)
      keepsTheRules(record, 'created')
      for (const written of further) {
        const says = JSON.stringify([record.state, written])
        const answer = await room.call('PATCH', `/api/now/table/incident/${record.sys_id}${plain}`, written)
        expect([200, 403], says).toContain(answer.status)
        const after: Fields =
          answer.status === 200
            ? answer.body.result
            : (await room.call('GET', `/api/now/table/incident/${record.sys_id}${plain}`)).body.result
        const said = answer.status === 200 ? journalsOf(written as Fields) : []
        const moved = said.length > 0 || content(after) !== content(record)
        if (answer.status === 403) expect(content(after), says).toBe(content(record))
        expect(Number(after.sys_mod_count), says).toBe(Number(record.sys_mod_count) + (moved ? 1 : 0))
        expect(after.sys_updated_on! >= record.sys_updated_on!, says).toBe(true)
        keepsTheRules(after, says)
        journal.push(...said)
        record = after
      }
      // Entries of one save have no order between them, so each kind is looked at alone.
      for (const element of ['comments', 'work_notes']) {
        const entries = await rows('sys_journal_field', `element_id=${record.sys_id}^element=${element}^ORDERBYsys_created_on`, 'value')
        expect(entries.map(({ value }) => value)).toEqual(journal.filter(([name]) => name === element).map(([, value]) => value))
      }
      const audit = await rows('sys_audit', `documentkey=${record.sys_id}^fieldname=state^ORDERBYsys_created_on`, 'oldvalue,newvalue')
      let state = made.body.result.state
      for (const { oldvalue, newvalue } of audit) {
        expect(oldvalue).toBe(state)
        state = newvalue
      }
      expect(state).toBe(record.state)
    }),
    { seed: SEED, numRuns: STORIES },
  )
  expect(numbers.size).toBeGreaterThan(STORIES / 3)
}, 120_000)
