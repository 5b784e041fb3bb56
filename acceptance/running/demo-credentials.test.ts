import { createHash, randomUUID } from 'node:crypto'
import { makeFreshDatabase } from '@deskbridge/postgres/testing'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { runCommand } from '../system/command.ts'
import { type StartedSystem, startSystem } from '../system/start-system.ts'

let database: Awaited<ReturnType<typeof makeFreshDatabase>>
let client: pg.Client
/** Somebody else who changes something at the same moment. */
let other: pg.Client
let system: StartedSystem
beforeAll(async () => {
  database = await makeFreshDatabase()
  client = new pg.Client({ connectionString: database.url })
  other = new pg.Client({ connectionString: database.url })
  await Promise.all([client.connect(), other.connect()])
  system = await startSystem({ database: database.url })
})
afterAll(async () => {
  await system.end()
  await Promise.all([client.end(), other.end()])
  await database.drop()
})

/** A demo operator as an earlier version made it, beside that of this start. */
const EARLIER = 'operator.faf7e3@deskbridge.example'
const demoEnd = () => runCommand(['demo', 'end'], { DATABASE_URL: database.url }).ended
/** Waits until somebody waits for a lock of this database. */
const untilSomebodyWaits = () =>
  expect
    .poll(
      async () =>
        (await client.query(`select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`)).rowCount,
      { timeout: 60_000, interval: 100 },
    )
    .toBe(1)
const makeToken = async (name: string, madeBy: string, connection = client) => {
  const token = `dbo_${createHash('sha256').update(randomUUID()).digest('base64url')}`
  await connection.query(
    `insert into exchange.operator_token (token_sha256, name, scope, made_by, ends_at)
     select $1, $2, 'write', email, now() + interval '1 hour' from exchange.person where email = $3 for key share`,
    [createHash('sha256').update(token).digest(), name, madeBy],
  )
  return async () =>
    (await fetch(`${system.firstSteps.exchange}/operator/people`, { headers: { authorization: `Bearer ${token}` } })).status
}

test('a token of the operator’s opens nothing once the person who made it is gone, however it went', async () => {
  await client.query(`insert into exchange.person (email, password_argon2, role) values ('carl@desk.example', 'x', 'operator')`)
  const asked = await makeToken('carls', 'carl@desk.example')
  expect(await asked()).toBe(200)
  await client.query(`delete from exchange.person where email = 'carl@desk.example'`)
  expect(await asked()).toBe(401)
})

test('demo credentials in our file that this database refuses make place for new ones at the next start', async () => {
  const { clientId, clientSecret } = system.firstSteps.provider
  await system.stop()
  await client.query(
    `update exchange.client_secret set revoked_at = now() from exchange.project p where p.project_id = client_secret.project_id and p.client_id = $1`,
    [clientId],
  )
  system = await system.startAgain()
  expect(system.firstSteps.provider.clientSecret).not.toBe(clientSecret)
  for (const role of ['customer', 'otherCustomer', 'provider', 'productionCustomer'] as const)
    expect((await system.partner(role).askForToken()).status).toBe(200)
  expect((await system.askAsOperator('/operator/people')).status).toBe(200)
})

describe('deskbridge demo end', () => {
  test('names what the demo operator has made for others, which stays; so does a start without a demo company', async () => {
    const made = async (path: string, body: Record<string, unknown>) => {
      const answer = await system.changeAsOperator('POST', path, body)
      expect(answer).toMatchObject({ status: 200 })
      return answer.body
    }
    await made('/operator/people', { email: 'dora@desk.example', password: 'dora types with care' })
    await made('/operator/partners', { name: 'Harbour' })
    const project = await made('/operator/projects', { partner: 'Harbour', environment: 'sandbox', name: 'desk', delivery: 'acknowledge' })
    const { fingerprint } = await made(`/operator/projects/${project.client_id}/secrets`, {})
    {
      await using real = await startSystem({ database: database.url, environment: { DESKBRIDGE_DEMO: 'no' } })
      expect(real.output()).toContain(`dora@desk.example (operator), secret ${fingerprint} of Harbour, desk in sandbox`)
    }
    const named = [
      'deskbridge operator remove dora@desk.example',
      `deskbridge project secret revoke "Harbour" "desk" ${fingerprint} --environment sandbox`,
    ]
    for (const _ of ['with the credentials', 'when they are ended already']) {
      const { code, output } = await demoEnd()
      expect(code).toBe(0)
      for (const text of named) expect(output).toContain(text)
    }
    const { rows } = await client.query(`select email from exchange.person`)
    expect(rows).toEqual([{ email: 'dora@desk.example' }])
  }, 120_000)

  test('ends a token too that the demo operator makes at this moment', async () => {
    await client.query(`insert into exchange.person (email, password_argon2, role) values ($1, 'x', 'operator')`, [EARLIER])
    await other.query('begin')
    const asked = await makeToken('at-this-moment', EARLIER, other)
    const ending = demoEnd()
    await untilSomebodyWaits()
    await other.query('commit')
    expect((await ending).code).toBe(0)
    const { rows } = await client.query(
      `select revoked_at is not null as revoked from exchange.operator_token where name = 'at-this-moment'`,
    )
    expect(rows).toEqual([{ revoked: true }])
    expect(await asked()).toBe(401)
  }, 120_000)

  test('waits for an exchange that makes demo credentials at this moment, and ends those', async () => {
    await other.query('begin')
    await other.query('select pg_advisory_xact_lock(5063924117)')
    await other.query(`insert into exchange.person (email, password_argon2, role) values ($1, 'x', 'operator')`, [EARLIER])
    const ending = demoEnd()
    await untilSomebodyWaits()
    await other.query('commit')
    expect(await ending).toMatchObject({ code: 0, output: expect.stringContaining(`${EARLIER} (operator): removed`) })
    expect((await client.query('select from exchange.person where email = $1', [EARLIER])).rowCount).toBe(0)
  }, 120_000)
})
