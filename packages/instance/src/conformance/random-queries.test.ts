import fc from 'fast-check'
import { afterAll, beforeAll, expect } from 'vitest'
import { type Kind, type Reading, type Row, read } from './plain-reader.ts'
import { DEMO, openRoom, query, type Room } from './practice-room.ts'
import { practiceOnly as test } from './which-instance.ts'

const SEED = 20_261_122
const ROWS = 60
const QUERIES = 800

const KINDS: Record<string, Kind> = {
  sys_id: 'key',
  correlation_display: 'text',
  subcategory: 'text',
  business_impact: 'text',
  impact: 'number',
  urgency: 'number',
  order: 'number',
  knowledge: 'truth',
  due_date: 'moment',
  follow_up: 'moment',
  caller_id: 'key',
  'caller_id.user_name': 'text',
  'caller_id.company': 'key',
  'caller_id.company.name': 'text',
  'parent_incident.impact': 'number',
  parent_incident: 'key',
}
const SHOWS = { caller_id: 'caller_id.name', 'caller_id.company': 'caller_id.company.name', parent_incident: 'parent_incident.number' }
const WORDS = ['a', 'b', 'ab', 'Ba', 'ABC', 'cab', 'c']
const DAYS = ['2026-01-01 00:00:00', '2026-01-01 10:00:00', '2026-01-02 00:00:00', '2026-02-28 23:59:59', '2026-03-01 00:00:00']
const CALLERS = [DEMO.customers[0].users[0].sysId, DEMO.customers[1].users[0].sysId]

let room: Room
let rows: Row[] = []
let reading: Reading

beforeAll(async () => {
  room = await openRoom()
  const fields = fc.record({
    subcategory: fc.constantFrom('', ...WORDS),
    business_impact: fc.constantFrom('', ...WORDS),
    impact: fc.constantFrom('1', '2', '3'),
    urgency: fc.constantFrom('1', '2', '3'),
    order: fc.constantFrom('', '0', '-5', '7', '100'),
    knowledge: fc.constantFrom('true', 'false'),
    due_date: fc.constantFrom('', ...DAYS),
    follow_up: fc.constantFrom('', ...DAYS),
    caller_id: fc.constantFrom('', ...CALLERS),
  })
  const made: string[] = []
  for (const [at, one] of fc.sample(fields, { numRuns: ROWS, seed: SEED }).entries()) {
    const parent_incident = at % 3 === 0 ? '' : made[(at % 5) % made.length]!
    made.push((await room.create('incident', { ...one, parent_incident, correlation_display: 'random' })).sys_id!)
  }
  const names = [...new Set([...Object.keys(KINDS), ...Object.values(SHOWS)])]
  const all = `sysparm_exclude_reference_link=true&sysparm_fields=${names}&sysparm_query=correlation_display=random`
  rows = (await room.call('GET', `/api/now/table/incident?${all}`)).body.result
  reading = { kinds: KINDS, shows: SHOWS, tables: { incident: rows } }
  expect(rows).toHaveLength(ROWS)
})
afterAll(() => room.close())

/** Mostly values of the field's kind, at times something that is none. */
function someValue(field: string): fc.Arbitrary<string> {
  const odd = fc.constantFrom('', 'x', '99999', '=1', 'true', '2026-01-02', ',', '@', '100%', '_')
  const own: Record<Kind, fc.Arbitrary<string>> = {
    text: fc.constantFrom(...WORDS),
    number: fc.constantFrom('1', '2', '3', '7', '0', '-5'),
    truth: fc.constantFrom('true', 'false', '1', '0', 'TRUE'),
    moment: fc.constantFrom(...DAYS),
    key: fc.constantFrom(...CALLERS, 'North User One', 'south', 'Demo'),
  }
  return fc.oneof({ weight: 6, arbitrary: own[KINDS[field] ?? 'text'] }, { weight: 1, arbitrary: odd })
}

const ONE_VALUE = [
  ...[
    '=',
    '!=',
    '<',
    '<=',
    '>',
    '>=',
    'LIKE',
    'CONTAINS',
    '*',
    'NOT LIKE',
    'NOTLIKE',
    '!*',
    'DOES NOT CONTAIN',
    'STARTSWITH',
    'ENDSWITH',
    '%',
  ],
]
const NO_VALUE = ['ISEMPTY', 'EMPTYSTRING', 'ISNOTEMPTY', 'ANYTHING']
const TWO_FIELDS = ['SAMEAS', 'NSAMEAS', 'GT_FIELD', 'LT_FIELD', 'GT_OR_EQUALS_FIELD', 'LT_OR_EQUALS_FIELD']

const field = fc.constantFrom(...Object.keys(KINDS))
const number = fc.constantFrom(...Object.keys(KINDS).filter(name => KINDS[name] === 'number'))

const term = field.chain(name => {
  const value = someValue(name)
  const values = fc.array(value, { minLength: 1, maxLength: 4 })
  return fc.oneof(
    { weight: 8, arbitrary: fc.tuple(fc.constantFrom(...ONE_VALUE), value).map(([operator, one]) => `${name}${operator}${one}`) },
    { weight: 2, arbitrary: fc.constantFrom(...NO_VALUE).map(operator => `${name}${operator}`) },
    {
      weight: 2,
      arbitrary: fc.tuple(fc.constantFrom('IN', 'NOT IN', 'NOTIN'), values).map(([operator, list]) => `${name}${operator}${list}`),
    },
    { weight: 1, arbitrary: fc.tuple(value, value).map(([from, to]) => `${name}BETWEEN${from}@${to}`) },
    {
      weight: 1,
      arbitrary: fc.tuple(fc.constantFrom('ON', 'NOTON'), value, value).map(([on, from, to]) => `${name}${on}day@${from}@${to}`),
    },
    { weight: 1, arbitrary: fc.tuple(number, fc.constantFrom(...TWO_FIELDS), number).map(parts => parts.join('')) },
    { weight: 1, arbitrary: fc.constantFrom('nonsense=1', `${name}NONSENSE1`, `${name}`, `x.${name}=1`, 'caller_id.nonsense=1', 'EQ', '') },
  )
})

const joined = (terms: fc.Arbitrary<string>, most: number) =>
  fc
    .tuple(terms, fc.array(fc.tuple(fc.constantFrom('^', '^', '^OR', '^NQ'), terms), { maxLength: most }))
    .map(([first, more]) => first + more.flat().join(''))

const relatedList = fc
  .tuple(fc.constantFrom('>=', '=', '<', '<=', '>', '!='), fc.constantFrom('0', '1', '2', '5'), joined(term, 1))
  .map(([sign, count, condition]) => `^RLQUERYincident.parent_incident,${sign}${count}^correlation_display=random^${condition}^ENDRLQUERY`)

const ordering = fc.tuple(fc.constantFrom('^ORDERBY', '^ORDERBYDESC', '^GROUPBY'), field).map(parts => parts.join(''))

const anyQuery = fc.tuple(
  joined(term, 6),
  fc.option(relatedList, { nil: '', freq: 6 }),
  fc.array(ordering, { minLength: 1, maxLength: 3 }).map(orders => orders.join('')),
)

test('a random query finds the rows, and the order, that a plain reader of the grammar finds', async () => {
  await fc.assert(
    fc.asyncProperty(anyQuery, async ([conditions, list, orders]) => {
      // Other incidents are there as well; a condition in front of every group keeps them out.
      const parts = conditions.split('^NQ').map(part => `correlation_display=random^${part.replace(/^OR(?!DER)/, '')}`)
      const text = `${parts.join('^NQ')}${list}${orders}`
      const asked = await room.call('GET', `/api/now/table/incident?sysparm_fields=sys_id&sysparm_query=${query(text)}`)
      expect(asked.status).toBe(200)
      const expected = read(text, rows, reading)
      const ids = asked.body.result.map((row: Row) => row.sys_id)
      expect(ids, text).toEqual(expected.map(row => row.sys_id))
      expect(asked.headers.get('x-total-count')).toBe(String(expected.length))
    }),
    { seed: SEED, numRuns: QUERIES },
  )
}, 180_000)
