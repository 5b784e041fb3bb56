import { afterAll, beforeAll, describe, expect } from 'vitest'
import { openRoom, query, type Room } from './practice-room.ts'
import { practiceOnly as test } from './which-instance.ts'

let room: Room

beforeAll(async () => {
  room = await openRoom()
})
afterAll(() => room.close())

describe('hostile text', () => {
  const texts = [
    "'; drop table sandbox.task; --",
    '"quoted"',
    'a^b',
    '^NQ^OR',
    '\\',
    '%_',
    '😀 𝄞',
    '${x}',
    '$1',
    '<script>',
    '\u0000nul\u0000',
    '\ud800 alone',
    'javascript:gs.getUserID()',
    '\r\n\t',
  ]

  test('is stored as it came, except for what a database cannot hold', async () => {
    for (const text of texts) {
      const record = await room.create('incident', { short_description: text, correlation_id: text, comments: text })
      expect(record.short_description).toBe(text.replaceAll('\0', '').replace('\ud800', '\ufffd'))
    }
  })

  test('is only ever a value in a query', async () => {
    const operators = [
      '=',
      '!=',
      'IN',
      'NOT IN',
      'LIKE',
      'NOT LIKE',
      'STARTSWITH',
      'ENDSWITH',
      '>',
      '<=',
      'BETWEEN',
      'SAMEAS',
      'INSTANCEOF',
      'ON',
      'RELATIVEGT',
      'DATEPART',
      'DYNAMIC',
      'MORETHAN',
      'GT_FIELD',
    ]
    const fields = [
      'short_description',
      'state',
      'active',
      'opened_at',
      'caller_id',
      'sys_id',
      'sys_class_name',
      'comments',
      'caller_id.company.name',
      'watch_list',
      'business_duration',
    ]
    for (const text of texts)
      for (const field of fields)
        for (const operator of operators) {
          const answer = await room.call(
            'GET',
            `/api/now/table/incident?sysparm_limit=1&sysparm_fields=number&sysparm_query=${query(`${field}${operator}${text.replace('\ud800', '')}`)}`,
          )
          expect(answer.status, `${field}${operator}${text}`).toBe(200)
        }
    expect((await room.call('GET', '/api/now/table/incident?sysparm_query=%00%00&sysparm_fields=%00,%27')).status).toBe(200)
    expect((await room.call('GET', '/api/now/table/incident/%00')).status).toBe(404)
    expect((await room.call('GET', "/api/now/table/incident/'%20or%201=1")).status).toBe(404)
    expect((await room.call('GET', '/api/now/table/incident/%E0%A4%A')).status).toBe(404)
    expect((await room.call('GET', '/api/now/table/incident?sysparm_limit=-1&sysparm_offset=-5')).status).toBe(200)
    expect((await room.call('GET', '/api/now/table/incident?sysparm_limit=999999999999&sysparm_offset=999999999')).status).toBe(200)
  })

  test('no distance in time is too far', async () => {
    for (const term of [
      'opened_at<javascript:gs.yearsAgo(100000)',
      'opened_at>javascript:gs.monthsAgo(-100000)',
      'opened_atRELATIVELT@year@ahead@99999',
      'opened_atRELATIVEGT@quarter@ago@99999',
      'opened_at>0001-01-01',
      'opened_at>9999-12-31 23:59:59',
      'opened_atMORETHANdue_date@day@before@9999',
    ])
      expect((await room.call('GET', `/api/now/table/incident?sysparm_limit=1&sysparm_query=${query(term)}`)).status, term).toBe(200)
    const far = await room.call('GET', `/api/now/table/incident?sysparm_query=${query('opened_atMORETHANdue_date@year@before@999999')}`)
    expect(far.status).toBeLessThan(500)
  })

  test('numbers and dates that are none give no rows', async () => {
    for (const term of [
      'state=99999',
      'state==1',
      'state=99999999999999',
      'state=New',
      'opened_at>2026-02-30',
      'opened_at>soon',
      'active=maybe',
      'sys_class_name=nope',
    ])
      expect(await room.find('incident', term), term).toEqual([])
  })
})
