import { expect, test } from 'vitest'
import { connect, listAll, listChangedPages, listChangedSince, serviceNow } from '../index.ts'
import { failureOf } from '../proof/failure.ts'
import { type HidingTable, hidingTable, idOf, type Stored } from '../proof/hiding-table.ts'

function over(table: HidingTable) {
  return serviceNow(
    connect({ baseUrl: 'https://dev.example', signIn: { kind: 'basic', userName: 'u', password: 'p' }, fetch: table.fetch }),
  )
}

function incidents(count: number, more: (n: number) => Stored = () => ({})): Stored[] {
  return Array.from({ length: count }, (_, n) => ({
    sys_id: idOf(n),
    number: `INC${n}`,
    active: 'true',
    sys_updated_on: '2026-01-31 10:00:00',
    ...more(n),
  }))
}

async function numbers(walk: AsyncIterable<Record<string, unknown>>): Promise<unknown[]> {
  return (await gathered(walk)).map(row => row.number)
}

async function gathered<T>(walk: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = []
  for await (const one of walk) all.push(one)
  return all
}

test('every record, by key, never by offset; a small table with one call', async () => {
  const table = hidingTable(incidents(25))
  expect(await numbers(listAll(over(table), { table: 'incident', query: 'active=true', fields: ['number'], pageSize: 10 }))).toEqual(
    table.rows.map(row => row.number),
  )
  expect(table.asked).toEqual([
    { query: 'active=true^ORDERBYsys_id', limit: 10, counted: true, fields: ['number', 'sys_id'] },
    { query: `active=true^sys_id>${idOf(9)}^ORDERBYsys_id`, limit: 10, counted: false, fields: ['number', 'sys_id'] },
    { query: `active=true^sys_id>${idOf(19)}^ORDERBYsys_id`, limit: 10, counted: false, fields: ['number', 'sys_id'] },
    { query: `active=true^sys_id>${idOf(24)}^ORDERBYsys_id`, limit: 10, counted: true, fields: ['number', 'sys_id'] },
  ])
  table.asked.length = 0
  expect(await numbers(listAll(over(table), { table: 'incident', pageSize: 25 }))).toHaveLength(25)
  expect(table.asked).toHaveLength(1)
})

test('nothing is skipped or given twice while records are deleted and added', async () => {
  const table = hidingTable(incidents(40))
  table.before = nth => {
    if (nth === 2)
      table.rows = [
        ...table.rows.filter(row => Number(row.number?.slice(3)) > 5),
        { sys_id: idOf(1000), number: 'INC1000', active: 'true' },
      ]
  }
  const seen = await numbers(listAll(over(table), { table: 'incident', pageSize: 10 }))
  expect(seen).toEqual([...Array.from({ length: 40 }, (_, n) => `INC${n}`), 'INC1000'])
})

test('hidden rows leave gaps, whole empty pages among them, and still nothing is missed', async () => {
  const table = hidingTable(incidents(100))
  table.hidden = row =>
    Number(row.number?.slice(3)) % 7 === 0 ||
    (row.sys_id as string) < idOf(30) ||
    ((row.sys_id as string) > idOf(50) && (row.sys_id as string) < idOf(95))
  const expected = table.rows.filter(row => !table.hidden(row)).map(row => row.number)
  expect(await numbers(listAll(over(table), { table: 'incident', pageSize: 10 }))).toEqual(expected)
})

test('a page that is hidden as a whole, right after a full one, is not taken for the end', async () => {
  const table = hidingTable(incidents(30))
  table.hidden = row => (row.sys_id as string) >= idOf(10) && (row.sys_id as string) < idOf(20)
  expect(await numbers(listAll(over(table), { table: 'incident', pageSize: 10 }))).toHaveLength(20)
})

test('a filter with alternatives holds on every page', async () => {
  const table = hidingTable(incidents(30, n => ({ priority: String(n % 5) })))
  const seen = await numbers(listAll(over(table), { table: 'incident', query: 'priority=1^NQpriority=3', pageSize: 4 }))
  expect(seen).toEqual(table.rows.filter(row => row.priority === '1' || row.priority === '3').map(row => row.number))
})

test('changed since: by time and id, with every filter in both parts', async () => {
  const table = hidingTable(
    incidents(30, n => ({ sys_updated_on: `2026-01-31 10:00:0${Math.floor(n / 8)}`, active: n % 3 === 0 ? 'false' : 'true' })),
  )
  const walk = { table: 'incident', query: 'active=true', fields: ['number'], pageSize: 4 }
  const expected = table.rows.filter(row => row.active === 'true').map(row => row.number)
  expect(await numbers(listChangedSince(over(table), { ...walk, since: { updatedOn: '2026-01-31 10:00:00', sysId: '' } }))).toEqual(
    expected,
  )
  expect(table.asked[0]?.query).toBe('active=true^sys_updated_on>=2026-01-31 10:00:00^ORDERBYsys_updated_on^ORDERBYsys_id')
  expect(table.asked[1]?.query).toBe(
    `active=true^sys_updated_on>2026-01-31 10:00:00^NQactive=true^sys_updated_on=2026-01-31 10:00:00^sys_id>${idOf(5)}^ORDERBYsys_updated_on^ORDERBYsys_id`,
  )
  const middle = { updatedOn: '2026-01-31 10:00:01', sysId: idOf(10) }
  expect(await numbers(listChangedSince(over(table), { ...walk, since: middle }))).toEqual(expected.slice(expected.indexOf('INC10') + 1))
  const pages = await gathered(listChangedPages(over(table), { ...walk, since: middle, displayValue: 'all' as const }))
  expect(pages[0]?.[0]?.number).toEqual({ value: 'INC11', display_value: 'INC11' })
})

test('many changed in the same second: no loss, no endless loop', async () => {
  const table = hidingTable(incidents(50))
  const seen = await numbers(
    listChangedSince(over(table), { table: 'incident', pageSize: 7, since: { updatedOn: '2026-01-31 10:00:00', sysId: '' } }),
  )
  expect(seen).toHaveLength(50)
})

test('an instance that ignores the key is noticed', async () => {
  const table = hidingTable(incidents(30))
  const fetch = table.fetch
  table.fetch = request => fetch(new Request(request.url.replace(/sys_id%3E[0-9a-f]+/, '')))
  expect(await failureOf(numbers(listAll(over(table), { table: 'incident', pageSize: 10 })))).toMatchObject({ kind: 'broken-answer' })
})

test('a filter with an ordering of its own is refused, and a walk can be ended', async () => {
  const table = hidingTable(incidents(30))
  await expect(numbers(listAll(over(table), { table: 'incident', query: 'active=true^ORDERBYnumber' }))).rejects.toThrow('ORDERBY')
  const walk = listAll(over(table), { table: 'incident', pageSize: 10, signal: AbortSignal.abort() })
  expect(await failureOf(numbers(walk))).toMatchObject({ kind: 'time-out' })
  expect(table.asked).toHaveLength(0)
})
