import { createHash } from 'node:crypto'
import { createInstance, type Instance } from '@deskbridge/instance'
import { makeFreshDatabase } from '@deskbridge/postgres/testing'
import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { connect, type ServiceNow, serviceNow } from '../index.ts'

/** So many rows that they need many pages, all of them stamped with the same second. */
const MANY = 25_000
const SAME_SECOND = '2026-01-31 10:00:00'
const PAGE = 1_000

const md5 = (text: string) => createHash('md5').update(text).digest('hex')

let instance: Instance
let database: Awaited<ReturnType<typeof makeFreshDatabase>>
let sdk: ServiceNow

beforeAll(async () => {
  database = await makeFreshDatabase()
  instance = await createInstance({ databaseUrl: database.url, schema: 'practice' })
  await instance.setPassword('admin', 'pw')
  const signIn = { kind: 'basic', userName: 'admin', password: 'pw' } as const
  sdk = serviceNow(connect({ baseUrl: 'http://practice.example', signIn, fetch: instance.fetch }))
  const client = new pg.Client({ connectionString: database.url })
  await client.connect()
  await client.query(
    `insert into practice.task (sys_id, sys_created_on, sys_created_by, sys_updated_on, sys_updated_by, sys_mod_count, sys_class_name,
        sys_domain, sys_domain_path, number, short_description, state, incident_state, active, priority, impact, urgency, correlation_id)
      select md5('many ' || n), $1, 'import', $1, 'import', 0, 'incident', 'global', '/', 'INC9' || lpad(n::text, 6, '0'), 'one of many',
        1, 1, true, 5, 3, 3, 'many' from generate_series(1, $2::int) n`,
    [SAME_SECOND, MANY],
  )
  await client.end()
}, 60_000)

afterAll(async () => {
  await instance?.close()
  await database?.drop()
})

test('25,000 records of one second, while others are changed, added and deleted: each that stays comes exactly once', {
  timeout: 120_000,
}, async () => {
  const list = { query: 'correlation_id=many', fields: ['sys_id', 'number'], limit: PAGE }
  const before = (await sdk.table.count({ table: 'incident', query: list.query })).count
  expect(before).toBe(MANY)
  const seen: string[] = []
  const deleted = new Set<string>()
  for await (const row of sdk.incident.list.all(list)) {
    seen.push(row.sys_id!)
    if (seen.length % PAGE !== 0) continue
    // Some that were seen and some that were not: what a page by offset or by time would lose or give twice.
    const others = await sdk.incident.list({ ...list, limit: 4, offset: (seen.length * 7) % MANY })
    const [changed, another, gone, gone2] = others.rows.map(({ sys_id }) => sys_id!) as [string, string, string, string]
    await Promise.all([
      ...[changed, another].map(sysId => sdk.incident.update({ sysId, values: { urgency: '1' } })),
      ...[gone, gone2].map(sysId => sdk.table.delete({ table: 'incident', sysId })),
      sdk.incident.create({ values: { short_description: 'another one', correlation_id: 'many' } }),
    ])
    for (const sysId of [gone, gone2]) deleted.add(sysId)
  }
  expect(deleted.size).toBeGreaterThan(40)
  const came = new Set(seen)
  expect(came.size).toBe(seen.length)
  const stayed = Array.from({ length: MANY }, (_, n) => md5(`many ${n + 1}`)).filter(sysId => !deleted.has(sysId))
  expect(stayed.filter(sysId => !came.has(sysId))).toEqual([])
})
