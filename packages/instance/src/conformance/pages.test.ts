import { createHash } from 'node:crypto'
import pg from 'pg'
import { afterAll, beforeAll, expect } from 'vitest'
import { openRoom, query, type Room } from './practice-room.ts'
import { practiceOnly as test } from './which-instance.ts'

/**
 * Each table is larger than a quarter of what PostgreSQL keeps in memory: from there on, a scan begins where the one before it stood
 * (`synchronize_seqscans`), and what is in no order comes in another one each time. 9,000 rows of just under 2 KB, from where on
 * values are packed, are 18 MB of 64.
 */
const ROWS = 9_000
const PAGE = 1_000

const SYSTEM = 'sys_id, sys_created_on, sys_created_by, sys_updated_on, sys_updated_by, sys_mod_count'
const row = (kind: string) => `md5('${kind} ' || n), now() at time zone 'UTC', 'pages', now() at time zone 'UTC', 'pages', 0`
const rows = (count: number) => `generate_series(1, ${count}) n`

const few = createHash('md5').update('few').digest('hex')

let room: Room
let client: pg.Client

beforeAll(async () => {
  room = await openRoom({ demo: false })
  client = new pg.Client({ connectionString: room.databaseUrl })
  await client.connect()
  await client.query(`
    insert into sandbox.task (${SYSTEM}, sys_class_name, priority, number, company, watch_list)
      select ${row('incident')}, 'incident', 1 + n % 3, 'INC' || n, case when n % 77 = 0 then md5('few') end, repeat('x', 1800) from ${rows(ROWS)};
    insert into sandbox.task (${SYSTEM}, sys_class_name, priority, number) select ${row('change')}, 'change_request', 1 + n % 3, 'CHG' || n from ${rows(300)};
    insert into sandbox.cmdb_ci (${SYSTEM}, sys_class_name, name, subcategory)
      select ${row('item')}, 'cmdb_ci', 'Item ' || n, repeat('x', 1800) from ${rows(ROWS)};
    insert into sandbox.sys_attachment (${SYSTEM}, table_name, table_sys_id, file_name, hash)
      select ${row('file')}, 'incident', md5('incident ' || n), 'a', repeat('x', 1800) from ${rows(ROWS)};
    analyze sandbox.task; analyze sandbox.cmdb_ci; analyze sandbox.sys_attachment`)
  const { rows: sizes } = await client.query(`select pg_relation_size(oid) > setting::bigint * 8192 / 4 as large
    from pg_class, pg_settings where name = 'shared_buffers' and relname in ('task', 'cmdb_ci', 'sys_attachment')`)
  expect(sizes.map(({ large }) => large)).toEqual([true, true, true])
})
afterAll(async () => {
  await client.end()
  await room.close()
})

const idsOf = (text: string) =>
  [...text.matchAll(/"sys_id":(?:"|\{[^}]*"value":")([0-9a-f]{32})|<sys_id>([0-9a-f]{32})/g)].map(([, a, b]) => a ?? b!)

async function read(path: string, accept = 'application/json'): Promise<string[]> {
  const answer = await room.fetch(path, { headers: { accept } })
  expect(answer.status).toBe(200)
  return idsOf(await answer.text())
}

/** All pages by their offset, until one is not full. */
async function walk(path: string, limit = PAGE, accept?: string): Promise<string[]> {
  const ids: string[] = []
  for (let offset = 0; ; offset += limit) {
    const page = await read(`${path}${path.includes('?') ? '&' : '?'}sysparm_limit=${limit}&sysparm_offset=${offset}`, accept)
    ids.push(...page)
    if (page.length < limit) return ids
  }
}

/** All pages as `Link` leads to them. */
async function follow(path: string): Promise<string[]> {
  const ids: string[] = []
  for (let next: string | undefined = path; next !== undefined; ) {
    const { body, headers } = await room.call('GET', next)
    ids.push(...body.result.map((one: { sys_id: string }) => one.sys_id))
    next = /<[^>]*?(\/api\/[^>]*)>;rel="next"/.exec(headers.get('link') ?? '')?.[1]
  }
  return ids
}

async function inOneBatch(path: string): Promise<string[]> {
  const url = (at: number) => `${path}&sysparm_limit=${PAGE}&sysparm_offset=${at * PAGE}`
  const requests = Array.from({ length: ROWS / PAGE + 1 }, (_, at) => ({ id: `${at}`, method: 'GET', url: url(at) }))
  const { body } = await room.call('POST', '/api/now/batch', { batch_request_id: '1', rest_requests: requests })
  return body.serviced_requests.flatMap((one: { body: string }) => idsOf(Buffer.from(one.body, 'base64').toString()))
}

const incidents = '/api/now/table/incident?sysparm_fields=sys_id'
const asked = (text: string) => `${incidents}&sysparm_query=${query(text)}`

/** Each with the number of its records. */
const WALKS: readonly (readonly [name: string, count: number, read: () => Promise<string[]>])[] = [
  ['Table API', ROWS, () => walk(incidents)],
  ['Table API, XML', ROWS, () => walk(incidents, PAGE, 'application/xml')],
  ['Table API, a parent class', ROWS + 300, () => walk('/api/now/table/task?sysparm_fields=sys_id')],
  ['Table API, with a query', ROWS, () => walk(asked('numberSTARTSWITHINC'))],
  ['Table API, by Link', ROWS, () => follow(`${asked('watch_listISNOTEMPTY')}&sysparm_limit=${PAGE}`)],
  ['Table API, an order that many share', ROWS, () => walk(asked('ORDERBYpriority'))],
  ['Table API, an order that all share', ROWS, () => walk(asked('ORDERBYDESCsys_created_by'))],
  ['Table API, an order of nothing', ROWS, () => walk(asked('ORDERBYnonsense'))],
  ['Table API, with fields of another table', ROWS, () => walk(`${incidents},company.name,caller_id.manager.name`)],
  ['Table API, with what references show', ROWS, () => walk(`${incidents},company,caller_id.manager.name&sysparm_display_value=all`)],
  ['Table API, few rows in short pages', Math.floor(ROWS / 77), () => walk(asked(`company=${few}`), 40)],
  ['Table API, fewer than a page', Math.floor(ROWS / 77), () => walk(asked(`company=${few}`), 500)],
  ['Attachment API', ROWS, () => walk('/api/now/attachment')],
  ['CMDB Instance API', ROWS, () => walk('/api/now/cmdb/instance/cmdb_ci')],
  ['Change Management API', 300, () => walk('/api/sn_chg_rest/change?order=priority', 70)],
  ['Batch API', ROWS, () => inOneBatch(incidents)],
]

function expectEachOnce(name: string, ids: readonly string[], count: number): void {
  expect({ name, read: ids.length, different: new Set(ids).size }).toEqual({ name, read: count, different: count })
}

test('pages by offset have every record once, whatever order is asked for', async () => {
  for (const [name, count, read] of WALKS) expectEachOnce(name, await read(), count)
})

test('so they have while records are updated and others read the same', async () => {
  let done = false
  const update = async () => {
    let updated = 0
    for (let at = 0; !done; at += 1)
      for (const table of ['task', 'cmdb_ci', 'sys_attachment']) {
        // PostgreSQL writes what is updated to another place.
        const { rowCount } = await client.query(
          `update sandbox.${table} set sys_mod_count = sys_mod_count + 1, sys_updated_on = now() where sys_id like $1`,
          [`${((at * 37) % 256).toString(16).padStart(2, '0')}%`],
        )
        updated += rowCount ?? 0
      }
    return updated
  }
  const updates = update()
  const reader = async (remainder: number) => {
    for (const [name, count, read] of WALKS.filter((_, at) => at % 2 === remainder)) expectEachOnce(name, await read(), count)
  }
  await Promise.all([reader(0), reader(1)]).finally(() => {
    done = true
  })
  expect(await updates).toBeGreaterThan(1_000)
})

test('a page that has all records is in the same order as pages that do not', async () => {
  const path = asked(`company=${few}`)
  const inOne = await walk(path, 500)
  expect(await walk(path, 20)).toEqual(inOne)
  expect(inOne).toEqual([...inOne].sort())
  const files = `/api/now/attachment?sysparm_query=${query(`table_sys_idIN${inOne.slice(0, 30)}`)}`
  expect(await walk(files, 7)).toEqual(await walk(files, 40))
})
