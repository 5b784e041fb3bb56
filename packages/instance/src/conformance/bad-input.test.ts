import pg from 'pg'
import { afterAll, beforeAll, describe, expect } from 'vitest'
import { DEMO, openRoom, query, type Room } from './practice-room.ts'
import { practiceOnly as test } from './which-instance.ts'

let room: Room
let incident: string
/** Every text that was sent to PostgreSQL as a statement. */
const statements = new Set<string>()
const send = pg.Client.prototype.query

beforeAll(async () => {
  room = await openRoom()
  incident = (await room.create('incident', { short_description: 'kept' })).sys_id!
  const listening = function (this: pg.Client, ...sent: unknown[]) {
    const [first] = sent
    statements.add(typeof first === 'string' ? first : ((first as { text?: string }).text ?? ''))
    return Reflect.apply(send, this, sent)
  }
  pg.Client.prototype.query = listening as typeof send
})
afterAll(async () => {
  pg.Client.prototype.query = send
  await room.close()
})

/** Something that no statement of ours contains. */
const MARK = 'zq9mark'

const HOSTILE = [
  `${MARK}'; drop table sandbox.task; --`,
  `${MARK}" or 1=1`,
  `'${MARK}''`,
  `${MARK}\\'`,
  `$$${MARK}$$ $1 $2::text`,
  `${MARK}\u0000`,
  `\u0000`,
  `😀${MARK}𝄞`,
  `\ud800${MARK}`,
  `${MARK}\udfff`,
  `${MARK}^NQ^OR^^`,
  `^OR${MARK}`,
  `${MARK}%_\\`,
  `${MARK}\r\n\t\u2028`,
  `javascript:${MARK}()`,
  `javascript:gs.daysAgo('${MARK}')`,
  `javascript:gs.dateGenerate('${MARK}','${MARK}')`,
  `${MARK}@${MARK}@${MARK}@${MARK}`,
  `@@@`,
  `,,,${MARK},`,
  `-----"${MARK} or or ( ! & | <-> :*`,
  `9${'9'.repeat(400)}`,
  `-1e308`,
  `NaN`,
  `infinity`,
  `2026-99-99 99:99:99`,
  `0000-00-00`,
  '',
]

const sent = (text: string) => {
  try {
    return query(text)
  } catch {
    return query(text.replace(/[\ud800-\udfff]/g, '')).concat('%ED%A0%80')
  }
}

const OPERATORS = [
  ...['=', '!=', '<', '<=', '>', '>=', 'IN', 'NOT IN', 'LIKE', 'NOT LIKE', 'STARTSWITH', 'ENDSWITH', 'BETWEEN', 'ISEMPTY', 'ANYTHING'],
  ...['SAMEAS', 'NSAMEAS', 'GT_FIELD', 'MORETHAN', 'LESSTHAN', 'ON', 'NOTON', 'DATEPART', 'RELATIVEGT', 'RELATIVEEE', 'DYNAMIC'],
  ...['IN_HIERARCHY', 'IN_HIERARCHY_DYNAMIC', 'INSTANCEOF', 'VALCHANGES', 'DOESNOTHAVE', ''],
]

/** Operators that are asked in one query. */
const AT_ONCE = 8

/** A field of each type, and of none. */
const FIELDS = [
  ...['short_description', 'state', 'active', 'opened_at', 'caller_id', 'sys_id', 'sys_class_name', 'comments', 'watch_list'],
  ...['caller_id.company.name', 'business_duration', 'location', 'sys_tags.x', 'nothing', 'caller_id.nothing', '.', 'constructor'],
]

async function list(parameters: string, table = 'incident'): Promise<number> {
  return (await room.call('GET', `/api/now/table/${table}?sysparm_limit=1&sysparm_fields=number&${parameters}`)).status
}

describe('hostile text is an answer below 500 and never a statement', () => {
  test.each(HOSTILE.map((text, at) => [at + 1, text] as const))('in each place of a term, text %i', async (_, text) => {
    for (const field of FIELDS)
      for (let at = 0; at < OPERATORS.length; at += AT_ONCE) {
        const terms = OPERATORS.slice(at, at + AT_ONCE).map(operator => `${field}${sent(operator)}${sent(text)}`)
        expect(await list(`sysparm_query=${terms.join('^NQ')}`), terms.join()).toBe(200)
      }
    for (const place of [
      `${sent(text)}=1`,
      `state${sent(text)}1`,
      `ORDERBY${sent(text)}`,
      `GROUPBY${sent(text)}`,
      `sys_tags.${sent(text)}=${sent(text)}`,
      `123TEXTQUERY321=${sent(text)}`,
      `RLQUERY${sent(text)}.parent,>=1^ENDRLQUERY`,
      `RLQUERYincident.${sent(text)},>=1^ENDRLQUERY`,
      `RLQUERYincident.parent,>=${sent(text)}^ENDRLQUERY`,
      `RLQUERYincident.parent,>=1^short_description=${sent(text)}^ENDRLQUERY`,
      `JOIN${sent(text)}.sys_id=task.parent!`,
      `JOINincident.${sent(text)}=task.parent!`,
      `JOINincident.sys_id=${sent(text)}.parent!`,
      `JOINincident.sys_id=task.${sent(text)}!`,
      `JOINincident.sys_id=task.parent!short_description=${sent(text)}`,
    ])
      expect(await list(`sysparm_query=${place}`), place).toBe(200)
  })

  test('in each parameter and each part of the address', async () => {
    for (const text of HOSTILE) {
      for (const parameters of [
        ...['fields', 'limit', 'offset', 'display_value', 'view', 'exclude_reference_link', 'no_count', 'query_category', MARK].map(
          name => `sysparm_${name}=${sent(text)}`,
        ),
        `short_description=${sent(text)}`,
        `caller_id=${sent(text)}`,
        `state=${sent(text)}`,
        `${sent(text)}=${sent(text)}`,
      ])
        expect(await list(parameters), parameters).toBe(200)
      const address = sent(text) || '%20'
      expect(await list('', address), text).toBe(400)
      for (const method of ['GET', 'PATCH', 'DELETE'])
        expect((await room.call(method, `/api/now/table/incident/${address}`, method === 'PATCH' ? {} : undefined)).status).toBe(404)
    }
  })

  test('in each field of a write', async () => {
    for (const text of HOSTILE) {
      const body = Object.fromEntries(
        ['short_description', 'state', 'active', 'opened_at', 'caller_id', 'category', 'watch_list', 'comments', 'time_worked', text].map(
          name => [name, text],
        ),
      )
      for (const displayed of ['false', 'true']) {
        const flag = `sysparm_input_display_value=${displayed}`
        expect((await room.call('POST', `/api/now/table/incident?${flag}`, body)).status, text).toBe(201)
        expect((await room.call('PATCH', `/api/now/table/incident/${incident}?${flag}`, { ...body, state: '2' })).status, text).toBe(200)
      }
    }
  })

  afterAll(() => {
    expect(statements.size).toBeGreaterThan(100)
    expect([...statements].filter(text => text.includes(MARK))).toEqual([])
  })
})

describe('values of the wrong type', () => {
  const values: readonly unknown[] = [
    null,
    true,
    0,
    -1,
    1.5,
    1e300,
    12345678901234567890n.toString(),
    [],
    ['1', ['2', { value: 3 }]],
    {},
    { value: { value: {} } },
    { value: null, link: 1 },
    { toString: 'x' },
  ]
  const names = [
    'state',
    'active',
    'opened_at',
    'short_description',
    'caller_id',
    'sys_id',
    'sys_mod_count',
    'number',
    'comments',
    'watch_list',
  ]
  test('are understood or left out, and the rest is saved', async () => {
    for (const value of values)
      for (const name of names) {
        const made = await room.call('POST', '/api/now/table/incident', { [name]: value, correlation_id: 'types' })
        expect(made.status, `${name} ${JSON.stringify(value)}`).toBe(201)
        expect(made.body.result.correlation_id).toBe('types')
      }
  })

  test('names that JavaScript knows are unknown fields', async () => {
    const body = '{"__proto__":{"state":"7"},"constructor":"x","hasOwnProperty":1,"toString":"y","state":"2"}'
    const made = await room.call('POST', '/api/now/table/incident', body)
    expect([made.status, made.body.result.state]).toEqual([201, '2'])
  })

  test('a body that is no object is refused in ServiceNow’s words', async () => {
    for (const body of ['"text"', '12', 'true', '[]', '[[]]', '{', '{"a":}', '\u0000', `${'['.repeat(5000)}`]) {
      const answer = await room.call('POST', '/api/now/table/incident', body)
      expect([answer.status, answer.body.error?.message], body).toEqual([400, 'Exception while reading request'])
    }
  })
})

describe('as much as an address can hold', () => {
  const many = (count: number, term: string, by: string) => Array(count).fill(term).join(by)
  const cases: [name: string, text: string][] = [
    ['a thousand terms', many(900, 'order=1', '^')],
    ['alternatives', many(650, 'order=1', '^OR')],
    ['alternatives of references by name', many(350, 'caller_id=Abel', '^OR')],
    ['groups', many(650, 'order=1', '^NQ')],
    ['groups of nothing', many(2000, '', '^NQ')],
    ['orders', many(400, 'ORDERBYcaller_id', '^')],
    ['a list of values', `numberIN${many(2500, 'a', ',')}`],
    ['patterns', `short_descriptionLIKE${many(2000, '%_', '')}`],
    ['a walk that has no end', `${'parent.'.repeat(1000)}number=x`],
    ['walks of all lengths', Array.from({ length: 40 }, (_, at) => `${'parent.'.repeat(at)}number=x`).join('^OR')],
    [
      'walks that share nothing',
      Array.from({ length: 30 }, (_, at) => `${at % 2 ? 'parent.problem_id.parent.' : 'problem_id.'}${'parent.'.repeat(at)}number=x`).join(
        '^OR',
      ),
    ],
    ['related lists', many(80, 'RLQUERYincident.parent,>=2^caller_id.company.name=x^ENDRLQUERY', '^')],
    ['related lists that do not end', many(200, 'RLQUERYincident.parent,>=1', '^')],
    ['joins', many(120, 'JOINincident.parent=incident.sys_id!', '^')],
    ['joins from join to join', many(60, 'JOINincident.parent=problem.sys_id!^JOINproblem.parent=task.sys_id!', '^')],
    ['hierarchies', many(180, 'locationIN_HIERARCHYparent@x', '^OR')],
    ['words', `123TEXTQUERY321=${many(1800, 'word', ' or ')}`],
    ['minus signs', `123TEXTQUERY321=${'-'.repeat(5000)}b${' -"'.repeat(500)}${' - -'.repeat(300)}`],
    ['quotation marks', `123TEXTQUERY321=${'"a '.repeat(2000)}`],
    ['text searches', many(100, '123TEXTQUERY321=word', '^OR')],
  ]
  for (const [name, text] of cases)
    test(name, async () => {
      const longest = text.slice(0, 7_900)
      // Written as it is where the address allows it: what is percent-encoded takes three times the room.
      const parameters = `sysparm_query=${longest.replace(/[%"<> ^]/g, sign => (sign === '^' ? '^' : query(sign)))}`
      expect(await list(parameters.slice(0, 8_000).replace(/%.?$/, ''))).toBe(200)
    })

  test('fields of a walk that has no end, and many of them', async () => {
    const path = '/api/now/table/incident?sysparm_limit=2&sysparm_display_value=all&sysparm_fields='
    expect((await room.call('GET', `${path}${'parent.'.repeat(1000)}number`)).status).toBe(200)
    const walks = Array.from({ length: 45 }, (_, at) => `${'parent.'.repeat(at)}opened_by`).join(',')
    expect((await room.call('GET', `${path}${walks}`)).status).toBe(200)
  })
})

test('nothing of all this did any harm', async () => {
  expect(await room.find('incident', `caller_id=${DEMO.customers[0].users[0].sysId}^number=NONE`)).toEqual([])
  expect((await room.find('incident', 'ORDERBYsys_created_on')).length).toBeGreaterThan(100)
})
