import { describe, expect, test } from 'vitest'
import { connect, serviceNow } from '../index.ts'
import { failureOf } from '../proof/failure.ts'
import { type HidingTable, hidingTable, idOf, type Stored } from '../proof/hiding-table.ts'

const RECORD = '9d385017c611228701d22104cc95c371'
const OTHER = '1c741bd70b2322007518478d83673af3'

function over(table: HidingTable) {
  return serviceNow(
    connect({ baseUrl: 'https://dev.example', signIn: { kind: 'basic', userName: 'u', password: 'p' }, fetch: table.fetch }),
  )
}

function entries(count: number): Stored[] {
  return Array.from({ length: count }, (_, n) => ({
    sys_id: idOf((n * 7919) % 100_003),
    name: 'incident',
    element: n % 2 ? 'comments' : 'work_notes',
    element_id: n % 3 ? RECORD : OTHER,
    value: `text ${n}`,
    sys_created_on: `2026-01-31 10:${String(Math.floor(n / 60) % 60).padStart(2, '0')}:${String(n % 60).padStart(2, '0')}`,
    sys_created_by: 'abel.tuter',
  }))
}

describe('journal.list', () => {
  test('reads every entry of the records, oldest first, over several pages', async () => {
    const table = hidingTable(entries(2500))
    const { rows } = await over(table).journal.list({ recordIds: [RECORD, OTHER] })
    expect(rows.map(row => row.value)).toEqual(table.rows.map(row => row.value))
    expect(table.asked).toHaveLength(3)
    expect(table.asked[1]?.query).toMatch(/^element_idIN[0-9a-f,]+\^elementINcomments,work_notes\^sys_id>[0-9a-f]{32}\^ORDERBYsys_id$/)
  })

  test('a full page that is all there is costs one call', async () => {
    const table = hidingTable(entries(1000))
    expect((await over(table).journal.list({ recordIds: [RECORD, OTHER] })).rows).toHaveLength(1000)
    expect(table.asked).toHaveLength(1)
  })

  test('one element, since a time, of one record', async () => {
    const table = hidingTable(entries(200))
    const { rows } = await over(table).journal.list({ recordIds: [RECORD], element: 'comments', since: '2026-01-31 10:02:00' })
    expect(rows.map(row => row.value)).toEqual([
      'text 121',
      'text 125',
      'text 127',
      'text 131',
      'text 133',
      'text 137',
      'text 139',
      'text 143',
      'text 145',
      'text 149',
      'text 151',
      'text 155',
      'text 157',
      'text 161',
      'text 163',
      'text 167',
      'text 169',
      'text 173',
      'text 175',
      'text 179',
      'text 181',
      'text 185',
      'text 187',
      'text 191',
      'text 193',
      'text 197',
      'text 199',
    ])
  })

  test('a user who may not read the journal is told so, and not that there is none', async () => {
    const table = hidingTable(entries(10))
    table.hidden = () => true
    expect(await failureOf(over(table).journal.list({ recordIds: [RECORD] }))).toMatchObject({
      kind: 'unreadable',
      written: 'no',
      detail: expect.stringContaining('sys_journal_field'),
    })
    expect(table.asked).toHaveLength(2)
  })

  test('one hidden entry, also on a later page, is one too many', async () => {
    const table = hidingTable(entries(2500))
    table.hidden = row => row.value === 'text 1700'
    expect(await failureOf(over(table).journal.list({ recordIds: [RECORD, OTHER] }))).toMatchObject({ kind: 'unreadable' })
  })

  test('an entry that came between counting and reading is not taken for a hidden one', async () => {
    const table = hidingTable(entries(10))
    const late = table.rows[9]
    table.hidden = row => row === late && table.asked.length === 1
    expect((await over(table).journal.list({ recordIds: [RECORD, OTHER] })).rows).toHaveLength(10)
  })

  test('a hidden column is not taken for an empty text', async () => {
    const table = hidingTable(entries(1).map(({ value: _, ...row }) => row as Stored))
    expect(await failureOf(over(table).journal.list({ recordIds: [OTHER] }))).toMatchObject({
      kind: 'unreadable',
      detail: expect.stringContaining('value'),
    })
  })

  test('rows of another record mean that the filter was ignored', async () => {
    const table = hidingTable(entries(10))
    const fetch = table.fetch
    table.fetch = request => fetch(new Request(request.url.replace(/element_idIN[0-9a-f,]+%5E/, '')))
    expect(await failureOf(over(table).journal.list({ recordIds: [RECORD] }))).toMatchObject({ kind: 'broken-answer' })
  })

  test('an instance that does not count cannot be trusted', async () => {
    const fetch = async () => Response.json({ result: [] })
    const sdk = serviceNow(connect({ baseUrl: 'https://dev.example', signIn: { kind: 'basic', userName: 'u', password: 'p' }, fetch }))
    expect(await failureOf(sdk.journal.list({ recordIds: [RECORD] }))).toMatchObject({
      kind: 'broken-answer',
      detail: expect.stringContaining('X-Total-Count'),
    })
  })

  test('200 records fit into a URL, 201 are refused', async () => {
    const table = hidingTable([])
    const recordIds = Array.from({ length: 200 }, (_, n) => idOf(n))
    expect((await over(table).journal.list({ recordIds, element: 'work_notes', since: '2026-01-31 10:02:00' })).rows).toEqual([])
    expect(await failureOf(over(table).journal.list({ recordIds: [...recordIds, RECORD] }))).toMatchObject({ kind: 'invalid' })
  })
})

test('audit.list: a user without rights is told so', async () => {
  const row = {
    sys_id: idOf(1),
    tablename: 'incident',
    fieldname: 'state',
    documentkey: RECORD,
    oldvalue: '1',
    newvalue: '2',
    user: 'abel',
    sys_created_on: '2026-01-31 10:00:00',
  }
  const table = hidingTable([row])
  expect(await over(table).audit.list({ recordIds: [RECORD] })).toEqual({ rows: [{ ...row, record_checkpoint: '', reason: '' }] })
  table.hidden = () => true
  expect(await failureOf(over(table).audit.list({ recordIds: [RECORD] }))).toMatchObject({
    kind: 'unreadable',
    detail: expect.stringContaining('sys_audit'),
  })
})

test('attachment.list: by record, by time, by query in all its parts; never all', async () => {
  const file = (n: number): Stored => ({
    sys_id: idOf(n),
    file_name: `${n}.txt`,
    content_type: 'text/plain',
    size_bytes: '1',
    table_name: n % 2 ? 'incident' : 'change_request',
    table_sys_id: n % 3 ? RECORD : OTHER,
    sys_created_on: `2026-01-31 10:00:0${n}`,
    sys_created_by: 'abel',
  })
  const table = hidingTable([1, 2, 3, 4, 5, 6].map(file))
  const sdk = over(table)
  const names = async (asked: Parameters<typeof sdk.attachment.list>[0]) =>
    (await sdk.attachment.list(asked)).rows.map(row => row.file_name)
  expect(await names({ recordIds: [OTHER] })).toEqual(['3.txt', '6.txt'])
  expect(await names({ since: '2026-01-31 10:00:05' })).toEqual(['5.txt', '6.txt'])
  expect(await names({ recordIds: [RECORD], query: 'table_name=incident^NQfile_name=4.txt' })).toEqual(['1.txt', '4.txt', '5.txt'])
  expect(await failureOf(sdk.attachment.list({}))).toMatchObject({ kind: 'invalid' })
  expect(await failureOf(sdk.attachment.list({ query: 'a=1^ORDERBYb' }))).toMatchObject({
    kind: 'invalid',
    detail: expect.stringContaining('ORDERBY'),
  })
  table.hidden = row => row.file_name === '6.txt'
  expect(await failureOf(sdk.attachment.list({ recordIds: [OTHER] }))).toMatchObject({
    kind: 'unreadable',
    detail: expect.stringContaining('sys_attachment'),
  })
})
