import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { makeFreshDatabase } from '@deskbridge/postgres/testing'
import pg from 'pg'
import { expect, test } from 'vitest'
import { CannotStart } from './data-folder.ts'
import { migrate } from './migrations.ts'

const MIGRATIONS = join(import.meta.dirname, '..', 'migrations')
const SECOND = '0002_connections.sql'

/** A database of its own and a copy of the migrations that a test may edit. */
async function checkout() {
  const { url, drop } = await makeFreshDatabase()
  const folder = mkdtempSync(join(tmpdir(), 'deskbridge-migrations-'))
  cpSync(MIGRATIONS, folder, { recursive: true })
  const ask = async (statement: string): Promise<Record<string, unknown>[]> => {
    const client = new pg.Client({ connectionString: url })
    await client.connect()
    return await client
      .query(statement)
      .then(
        ({ rows }) => rows,
        error => Promise.reject(error as Error),
      )
      .finally(() => client.end())
  }
  return {
    folder,
    ask,
    migrate: () => migrate(url, folder),
    edit: (name: string, change: (text: string) => string) =>
      writeFileSync(join(folder, name), change(readFileSync(join(folder, name), 'utf8'))),
    checksums: async () => await ask('select name, checksum from exchange.migration order by name'),
    async [Symbol.asyncDispose]() {
      rmSync(folder, { recursive: true })
      await drop()
    },
  }
}

test('a migration that is applied and was edited since is refused, with its file and what to do; nothing else is applied', async () => {
  await using world = await checkout()
  await world.migrate()
  world.edit(SECOND, text => `${text}\n-- one more\n`)
  writeFileSync(join(world.folder, '9999_next.sql'), 'create table exchange.next (name text)')
  const refusal = await world.migrate().catch((error: Error) => error)
  expect(refusal).toBeInstanceOf(CannotStart)
  expect((refusal as Error).message).toMatch(
    /^The migration 0002_connections\.sql was applied to this database on \d{4}-\d\d-\d\d and .* Put packages\/exchange\/src\/migrations\/0002_connections\.sql back as it was, and make the change in a new migration/,
  )
  expect(await world.ask(`select to_regclass('exchange.next') as next`)).toEqual([{ next: null }])
})

test('a database of a version that kept no checksums gets those of its files at its first start, and edits are refused from then on', async () => {
  await using world = await checkout()
  await world.migrate()
  const kept = await world.checksums()
  await world.ask('alter table exchange.migration drop column checksum')
  await world.migrate()
  expect(await world.checksums()).toEqual(kept)
  expect(kept.every(({ checksum }) => /^[0-9a-f]{64}$/.test(String(checksum)))).toBe(true)
  world.edit(SECOND, text => text.replace('create', 'CREATE'))
  await expect(world.migrate()).rejects.toThrow(SECOND)
})

test('line ends of another checkout are no edit, and a later migration is applied', async () => {
  await using world = await checkout()
  await world.migrate()
  world.edit(SECOND, text => text.replaceAll('\n', '\r\n'))
  writeFileSync(join(world.folder, '9999_next.sql'), 'create table exchange.next (name text)')
  await Promise.all([world.migrate(), world.migrate()])
  expect(await world.ask(`select to_regclass('exchange.next')::text as next`)).toEqual([{ next: 'exchange.next' }])
})
