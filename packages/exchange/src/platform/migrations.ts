import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'

const FOLDER = join(import.meta.dirname, '..', 'migrations')
/** Any fixed number: it only has to differ from the numbers of other software on the same database. */
const LOCK = 7_301_846_512
const CONNECTION_WITHIN_MS = 10_000

/** Brings the schema up to date. Several processes may call it at once: one works, the others wait for it. */
export async function migrate(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: CONNECTION_WITHIN_MS, keepAlive: true })
  // What breaks is told by the statement under way; without a listener Node would end the process before anybody could say a sentence.
  client.on('error', () => {})
  try {
    await client.connect()
    await client.query('select pg_advisory_lock($1)', [LOCK])
    await client.query('create schema if not exists exchange')
    await client.query(
      'create table if not exists exchange.migration (name text primary key, applied_at timestamptz not null default now())',
    )
    const { rows } = await client.query<{ name: string }>('select name from exchange.migration')
    const applied = new Set(rows.map(row => row.name))
    for (const name of readdirSync(FOLDER).sort()) {
      if (!name.endsWith('.sql') || applied.has(name)) continue
      await client.query('begin')
      await client.query(readFileSync(join(FOLDER, name), 'utf8'))
      await client.query('insert into exchange.migration (name) values ($1)', [name])
      await client.query('commit')
    }
  } finally {
    await client.end().catch(() => {})
  }
}
