import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseEnv } from 'node:util'
import { makeFreshDatabase } from '@deskbridge/postgres/testing'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ask, basic } from '../system/answer.ts'
import { startSystem } from '../system/start-system.ts'
import { typeCommand } from '../system/typed.ts'

let database: Awaited<ReturnType<typeof makeFreshDatabase>>
let folder: string
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'deskbridge-on-the-database-'))
  database = await makeFreshDatabase()
})
afterAll(async () => {
  await database?.drop()
  rmSync(folder, { recursive: true, force: true })
})

const COMMANDS = [
  ['after-restore', ['after-restore', '--since', '2026-01-31T10:00:00Z'], ''],
  ['demo end', ['demo', 'end'], ''],
  ['operator add', ['operator', 'add', 'anna@desk.example'], 'anna types with care\n'],
] as const

describe.each(COMMANDS)('deskbridge %s', (_, words, input) => {
  test('makes no database where there is none, and says where it has looked', async () => {
    const nowhere = join(folder, 'no-data')
    expect(await typeCommand(words, { DESKBRIDGE_DATA: nowhere }, input)).toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringMatching(/^There is no database in the data folder .*no-data\. .*DESKBRIDGE_DATA.*DATABASE_URL/m),
    })
    expect(existsSync(nowhere)).toBe(false)
  })

  test('makes no exchange of a database that holds none', async () => {
    expect(await typeCommand(words, { DATABASE_URL: database.url }, input)).toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringMatching(/^No exchange has used the database of DATABASE_URL \(.+ on .+\)\. /m),
    })
    const client = new pg.Client({ connectionString: database.url })
    await client.connect()
    expect((await client.query(`select from pg_namespace where nspname = 'exchange'`)).rowCount).toBe(0)
    await client.end()
  })
})

test('nothing is done beside a running exchange of an earlier version: its tables would change beneath it', async () => {
  await using system = await startSystem()
  const client = new pg.Client({ connectionString: system.databaseUrl! })
  await client.connect()
  // As if this version had brought it.
  const { rows } = await client.query(
    'delete from exchange.migration where name = (select max(name) from exchange.migration) returning name',
  )
  for (const [, words, input] of COMMANDS)
    expect(await typeCommand(words, { DATABASE_URL: system.databaseUrl! }, input)).toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringMatching(
        /^An exchange of an earlier version runs on the database of DATABASE_URL .* Start this version in its place first\.$/m,
      ),
    })
  expect((await client.query('select from exchange.migration where name = $1', [rows[0].name])).rowCount).toBe(0)
  await client.end()
})

test('what is done on a database says on which, without its password', async () => {
  await using system = await startSystem({ environment: { DESKBRIDGE_DEMO: 'no' } })
  const { pathname, password } = new URL(system.databaseUrl!)
  for (const [, words, input] of COMMANDS) {
    const { code, stdout, stderr } = await typeCommand(words, { DATABASE_URL: system.databaseUrl! }, input)
    expect({ code, stdout, stderr }).toEqual({
      code: 0,
      stdout: expect.stringContaining(`the database of DATABASE_URL (${pathname.slice(1)} on `),
      stderr: '',
    })
    if (password) expect(stdout).not.toContain(password)
  }
})

test('the desk’s sign-in at a practice instance is written into a file for its owner alone, also without a demo company', async () => {
  await using system = await startSystem({ environment: { DESKBRIDGE_DEMO: 'no' } })
  const out = join(folder, 'desk.env')
  const signIn = (environment: string, file = out) =>
    typeCommand(['instance', 'sign-in', '--environment', environment, '--out', file], { DATABASE_URL: system.databaseUrl! })
  expect(await signIn('sandbox')).toMatchObject({ code: 0, stderr: '' })
  expect(statSync(out).mode & 0o777).toBe(0o600)
  const { SERVICENOW_USERNAME: user, SERVICENOW_PASSWORD: password } = parseEnv(readFileSync(out, 'utf8'))
  const { status } = await ask(`${system.firstSteps.instances.sandbox.url}/api/now/table/incident?sysparm_limit=1`, {
    method: 'GET',
    headers: { authorization: basic(user!, password!) },
  })
  expect(status).toBe(200)
  expect(await signIn('production')).toMatchObject({ code: 1, stderr: expect.stringContaining('not written over') })
  expect(await signIn('nowhere', join(folder, 'other.env'))).toMatchObject({ code: 2, stderr: expect.stringContaining('Usage: ') })
})
