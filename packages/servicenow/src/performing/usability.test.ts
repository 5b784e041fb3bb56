import { expect, test } from 'vitest'
import { type Action, catalogue, connect, performAll, usability } from '../index.ts'
import { failureOf } from '../proof/failure.ts'
import { hidingTable, idOf } from '../proof/hiding-table.ts'

const rows = catalogue as unknown as readonly Action[]
const row = (name: string): Action => rows.find(one => one.name === name)!
const over = (fetch: (request: Request) => Promise<Response>) =>
  connect({ baseUrl: 'https://dev.example', signIn: { kind: 'basic', userName: 'u', password: 'p' }, fetch })

/** An instance that gives each table what a test says, and writes down what it was asked. */
function instance(tables: Record<string, () => Response>) {
  const asked: string[] = []
  const fetch = async (request: Request) => {
    const { pathname, search } = new URL(request.url)
    asked.push(`${request.method} ${pathname}${search}`)
    return (tables[pathname.split('/').at(-1)!] ?? (() => Response.json({ result: [{}] })))()
  }
  return { asked, check: usability(over(fetch)) }
}

const refusedWith = (status: number, message: string) => () => Response.json({ error: { message, detail: null } }, { status })

test('the whole catalogue is checked without a write, and what rows share is asked once', async () => {
  const { asked, check } = instance({ sys_user_has_role: () => Response.json({ result: [{ 'role.name': 'admin' }] }) })
  for (const one of rows) expect(await check(one), one.name).toEqual({ state: 'usable' })
  expect(new Set(asked).size).toBe(asked.length)
  expect(asked.every(call => call.startsWith('GET '))).toBe(true)
})

test('an action that cannot be used says why, and what of ServiceNow to change', async () => {
  const hidden = () => Response.json({ result: [] }, { headers: { 'x-total-count': '7' } })
  const { check } = instance({ incident: refusedWith(400, 'Invalid table incident'), change_request: hidden })
  expect(await check(row('incident.list'))).toMatchObject({
    state: 'not-usable',
    because: 'Invalid table incident',
    change: expect.stringContaining('com.snc.incident'),
  })
  expect(await check(row('change.get'))).toMatchObject({
    state: 'not-usable',
    because: expect.stringContaining('the first 7 rows are hidden'),
  })
})

test('who may read is not thereby known to write', async () => {
  const { check } = instance({ sys_user_has_role: () => Response.json({ result: [{ 'role.name': 'sn_incident_read' }] }) })
  expect(await check(row('incident.list'))).toEqual({ state: 'usable' })
  expect(await check(row('incident.create'))).toMatchObject({ state: 'not-proven', change: expect.stringContaining('itil') })
})

test('an instance that does not answer proves nothing', async () => {
  const { check } = instance({ incident: () => new Response('<html>hibernating', { headers: { 'content-type': 'text/html' } }) })
  expect(await check(row('incident.list'))).toMatchObject({ state: 'not-proven', because: expect.stringContaining('hibernates') })
})

test('performAll: every row by key, with what else was asked; what changes is not walked', async () => {
  const table = hidingTable(Array.from({ length: 25 }, (_, n) => ({ sys_id: idOf(n), active: 'true' })))
  const connection = over(table.fetch)
  const pages: unknown[][] = []
  for await (const page of performAll(connection, row('incident.list'), { query: 'active=true', limit: 10 })) pages.push(page)
  expect(pages.map(page => page.length)).toEqual([10, 10, 5])
  expect(table.asked.map(({ limit }) => limit)).toEqual([10, 10, 10, 10])
  const first = async (name: string, input: object) => (await performAll(connection, row(name), input).next()).value
  expect(await failureOf(first('incident.list', { offset: 5 }))).toMatchObject({
    kind: 'invalid',
    detail: expect.stringContaining('offset'),
  })
  expect(await failureOf(first('incident.list', { query: 'a=1^ORDERBYb' }))).toMatchObject({ kind: 'invalid' })
  expect(await failureOf(first('incident.create', { values: { a: 'b' } }))).toMatchObject({ kind: 'invalid' })
})
