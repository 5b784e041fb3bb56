import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'
import { CannotStart } from './data-folder.ts'

const FOLDER = join(import.meta.dirname, '..', 'migrations')
/** Any fixed number: it only has to differ from the numbers of other software on the same database. */
const LOCK = 7_301_846_512
const CONNECTION_WITHIN_MS = 10_000

interface Migration {
  readonly name: string
  readonly text: string
  readonly checksum: string
}

/** What the database knows of a migration; one that was applied before checksums were kept has none. */
interface Applied {
  readonly name: string
  readonly appliedAt: Date
  readonly checksum: string | null
}

/**
 * Brings the schema up to date. Several processes may call it at once: one works, the others wait for it.
 * @throws CannotStart when a migration that is applied was edited since; nothing is applied then
 */
export async function migrate(url: string, folder: string = FOLDER): Promise<void> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: CONNECTION_WITHIN_MS, keepAlive: true })
  // What breaks is told by the statement under way; without a listener Node would end the process before anybody could say a sentence.
  client.on('error', () => {})
  try {
    await client.connect()
    await client.query('select pg_advisory_lock($1)', [LOCK])
    const applied = await readApplied(client)
    const migrations = readMigrations(folder)
    refuseEdited(migrations, applied)
    for (const migration of migrations) {
      const known = applied.get(migration.name)
      if (!known) await applyMigration(client, migration)
      else if (known.checksum === null) await recordChecksum(client, migration)
    }
  } finally {
    await client.end().catch(() => {})
  }
}

/** The names of all migrations there are, in their order. */
export const migrationNames = (folder: string = FOLDER): string[] => readMigrations(folder).map(({ name }) => name)

function readMigrations(folder: string): Migration[] {
  const names = readdirSync(folder).filter(name => name.endsWith('.sql'))
  return names.sort().map(name => {
    const text = readFileSync(join(folder, name), 'utf8')
    return { name, text, checksum: checksumOf(text) }
  })
}

/** Line ends do not count: a checkout may have others. */
const checksumOf = (text: string) => createHash('sha256').update(text.replaceAll('\r\n', '\n')).digest('hex')

async function readApplied(client: pg.Client): Promise<Map<string, Applied>> {
  await client.query('create schema if not exists exchange')
  await client.query(
    'create table if not exists exchange.migration (name text primary key, applied_at timestamptz not null default now(), checksum text)',
  )
  const { rows: columns } = await client.query(
    `select from pg_attribute where attrelid = 'exchange.migration'::regclass and attname = 'checksum'`,
  )
  // Made by a version that kept none. Asked first, because the statement would wait for every reader of the table.
  if (!columns.length) await client.query('alter table exchange.migration add column checksum text')
  const { rows } = await client.query<Applied>('select name, applied_at as "appliedAt", checksum from exchange.migration')
  return new Map(rows.map(row => [row.name, row]))
}

/** One that was edited would be in force on new databases only: two that say they are equal would differ. */
function refuseEdited(migrations: readonly Migration[], applied: ReadonlyMap<string, Applied>): void {
  for (const { name, checksum } of migrations) {
    const known = applied.get(name)
    if (!known?.checksum || known.checksum === checksum) continue
    throw new CannotStart(
      `The migration ${name} was applied to this database on ${known.appliedAt.toISOString().slice(0, 10)} and its file has been edited since. ` +
        `Put packages/exchange/src/migrations/${name} back as it was, and make the change in a new migration with the next number.`,
    )
  }
}

async function applyMigration(client: pg.Client, { name, text, checksum }: Migration): Promise<void> {
  await client.query('begin')
  await client.query(text)
  await client.query('insert into exchange.migration (name, checksum) values ($1, $2)', [name, checksum])
  await client.query('commit')
}

async function recordChecksum(client: pg.Client, { name, checksum }: Migration): Promise<void> {
  await client.query('update exchange.migration set checksum = $2 where name = $1', [name, checksum])
}
