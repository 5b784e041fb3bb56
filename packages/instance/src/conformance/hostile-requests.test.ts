import { afterAll, beforeAll, expect } from 'vitest'
import { openRoom, query, type Room } from './practice-room.ts'
import { practiceOnly as test } from './which-instance.ts'

/** Requests that nobody means well with. None is a fault of the instance: never a 5xx, and nothing is changed by what is refused. */

let room: Room
let id: string

beforeAll(async () => {
  room = await openRoom()
  id = (await room.create('incident', { short_description: 'as it was' })).sys_id!
})
afterAll(() => room.close())

const TEXTS = [
  "'; drop table sandbox.task; --",
  '"',
  '$1',
  '%00',
  '\u0000',
  '😀',
  '__proto__',
  'constructor',
  'toString',
  '^^',
  '^DESC',
  ',,,',
  '....',
  'caller_id.',
  '.name',
  '-1',
  '1e999',
  '99999999999999999999999',
  'NaN',
  'javascript:gs.getUserID()',
]

const PARAMETERS = {
  'table/incident': ['fields', 'view', 'limit', 'offset', 'display_value', 'exclude_reference_link', 'query_category', 'no_count', 'tiny'],
  'stats/incident': ['count', 'avg_fields', 'sum_fields', 'min_fields', 'max_fields', 'group_by', 'having', 'order_by', 'display_value'],
  attachment: ['query', 'limit', 'offset', 'suppress_pagination_header'],
}

test('whatever a parameter holds', async () => {
  for (const [path, names] of Object.entries(PARAMETERS))
    for (const name of names)
      for (const text of TEXTS) {
        const address = `/api/now/${path}?sysparm_count=true&sysparm_limit=1&sysparm_${name}=${query(text)}`
        expect((await room.call('GET', address)).status, address).toBeLessThan(500)
      }
  for (const having of TEXTS.flatMap(text => [
    `count^${text}^=^1`,
    `avg^impact^${text}^1`,
    `sum^impact^>^${text}`,
    `max^opened_at^>^${text}`,
    `min^number^>^${text}`,
  ])) {
    const answer = await room.call(
      'GET',
      `/api/now/stats/incident?sysparm_group_by=state&sysparm_count=true&sysparm_having=${query(having)}`,
    )
    expect(answer.status, having).toBe(200)
  }
})

test('whatever a path holds', async () => {
  for (const text of TEXTS.map(query))
    for (const path of [
      `table/${text}`,
      `table/incident/${text}`,
      `stats/${text}`,
      `attachment/${text}`,
      `attachment/${text}/file`,
      `ui/user/${text}`,
      `${text}`,
    ])
      expect((await room.call('GET', `/api/now/${path}`)).status, path).toBeLessThan(500)
})

test('whatever a body holds', async () => {
  const bodies = [
    '[]',
    '[[]]',
    '[null]',
    '0',
    'true',
    '"x"',
    '{"short_description":{"value":{"value":"x"}}}',
    '{"short_description":[[["x"]]],"state":{},"caller_id":[],"due_date":{"value":7},"active":[true]}',
    '{"__proto__":{"short_description":"x"},"constructor":"x","toString":1,"hasOwnProperty":null}',
    '{"impact":1e999,"urgency":-0,"reassignment_count":1.5}',
    '{"rest_requests":[{"id":{},"method":[],"url":7}],"url":"\\u0000","file_name":"\\ud800"}',
    '{"rest_requests":[{"id":"1","method":"GET","url":"/api/now/table/incident?sysparm_query=\\u0000","headers":[{"name":"","value":""}],"body":"!!!"}]}',
    '\u0000',
    '{',
  ]
  const doors = [
    ['POST', 'table/incident'],
    ['PATCH', `table/incident/${'0'.repeat(32)}`],
    ['POST', 'batch'],
    ['POST', 'tinyurl'],
    ['PATCH', `attachment/${'0'.repeat(32)}`],
    ['POST', 'attachment/upload'],
    ['DELETE', `table/incident/${'0'.repeat(32)}`],
  ] as const
  for (const body of bodies)
    for (const [method, path] of doors) {
      const answer = await room.call(method, `/api/now/${path}`, body)
      expect(answer.status, `${method} ${path} ${body}`).toBeLessThan(500)
      const items = (answer.body?.serviced_requests ?? []) as { status_code: number }[]
      for (const item of items) expect(item.status_code, body).toBeLessThan(500)
    }
})

test('whatever XML holds', async () => {
  const bodies = [
    '<request/>',
    '<request><entry/></request>',
    '<request><entry>text</entry><entry><a/></entry></request>',
    '<request><__proto__><a>1</a></__proto__><constructor>x</constructor></request>',
    '<r xmlns:x="y"><x:short_description>x</x:short_description></r>',
    '<request><short_description a="1"><b>c</b>mixed</short_description></request>',
    '<request><short_description>&#0;</short_description></request>',
    '<request><short_description>&#x1F600;</short_description></request>',
    '<?xml version="1.0" encoding="UTF-16"?><request><short_description>x</short_description></request>',
    '<!-- --><request><![CDATA[x]]></request>',
    `<request><short_description>${'&amp;'.repeat(100_000)}</short_description></request>`,
    '<request>\u0000</request>',
    '\ufeff<request><short_description>x</short_description></request>',
  ]
  for (const body of bodies)
    for (const path of ['table/incident', 'tinyurl', 'batch']) {
      const answer = await room.call('POST', `/api/now/${path}`, body, 'admin', { 'content-type': 'text/xml', accept: 'application/json' })
      expect(answer.status, `${path} ${body.slice(0, 80)}`).toBeLessThan(500)
    }
})

test('after all of it the record is as it was, and the tables are there', async () => {
  expect((await room.call('GET', `/api/now/table/incident/${id}`)).body.result).toMatchObject({
    short_description: 'as it was',
    sys_mod_count: '0',
  })
  expect((await room.call('GET', '/api/now/stats/task?sysparm_count=true')).status).toBe(200)
})
