import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { makeFreshDatabase } from '@deskbridge/postgres/testing'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { runCommand } from '../system/command.ts'
import { type StartedSystem, startSystem } from '../system/start-system.ts'

let database: Awaited<ReturnType<typeof makeFreshDatabase>>
let client: pg.Client
let first: StartedSystem
beforeAll(async () => {
  database = await makeFreshDatabase()
  client = new pg.Client({ connectionString: database.url })
  await client.connect()
  first = await startSystem({ database: database.url })
  // Somebody who is there for real.
  await client.query(`insert into exchange.person (email, password_argon2, role) values ('operator@real.example', 'x', 'operator')`)
})
afterAll(async () => {
  await first.end()
  await client.end()
  await database.drop()
})

/** All that somebody could sign in with, as the database knows it. */
async function credentials(): Promise<unknown> {
  const { rows } = await client.query(`
    select encode(secret_sha256, 'hex') as known_by from exchange.client_secret where revoked_at is null
    union all select email || password_argon2 from exchange.person order by 1`)
  return rows
}

const stepsOf = ({ dataFolder }: StartedSystem) => JSON.parse(readFileSync(join(dataFolder, 'first-steps.json'), 'utf8'))
const ADDRESSES = ['exchange', 'portal', 'tokenUrl', 'connectBaseUrl', 'instances']
const DEMO = { DESKBRIDGE_DEMO: 'yes' }
const REAL = { DESKBRIDGE_DEMO: 'no' }
const demoEnd = () => runCommand(['demo', 'end'], { DATABASE_URL: database.url }).ended

describe('the credentials of the demo company', () => {
  test('are made once a database: a start with another data folder adds none, and says where they are', async () => {
    const before = await credentials()
    await using second = await startSystem({ database: database.url, environment: DEMO })
    expect(await credentials()).toEqual(before)
    expect(Object.keys(stepsOf(second))).toEqual([...ADDRESSES, 'demoCredentialsIn'])
    expect(second.output()).toContain(join(first.dataFolder, 'first-steps.json'))
    expect((await second.partner('customer').listOpenTickets()).status).toBe(200)
    const { code, output } = await runCommand(['smoke'], { DESKBRIDGE_DATA: second.dataFolder }).ended
    expect({ code, output }).toEqual({ code: 1, output: expect.stringContaining(join(first.dataFolder, 'first-steps.json')) })
  })

  test('are the same after a restart, also those of a version that did not write down who had made them', async () => {
    const before = [await credentials(), first.firstSteps.customer]
    await first.stop()
    await client.query('delete from exchange.demo_credentials')
    first = await first.startAgain()
    expect([await credentials(), first.firstSteps.customer]).toEqual(before)
    expect((await first.askAsOperator('/operator/organisations')).status).toBe(200)
  })

  test('are new ones, in the place of the old, where the file that had them is gone', async () => {
    const before = (await credentials()) as unknown[]
    await first.stop()
    rmSync(join(first.dataFolder, 'first-steps.json'))
    first = await first.startAgain()
    const after = (await credentials()) as unknown[]
    expect(after).toHaveLength(before.length)
    expect(after).not.toEqual(before)
    expect((await first.partner('customer').listOpenTickets()).status).toBe(200)
  })
})

describe('without a demo company', () => {
  test('a start makes no partner, no credential and nobody, and first-steps.json holds addresses only; smoke says what it needs', async () => {
    await using system = await startSystem({ environment: REAL })
    expect(Object.keys(stepsOf(system))).toEqual(ADDRESSES)
    for (const instance of Object.values(stepsOf(system).instances)) expect(Object.keys(instance as object)).toEqual(['url'])
    expect(await system.backOffice.everythingIn('exchange')).not.toMatch(/Demo|argon2id/)
    const said = system.output()
    expect(said).not.toMatch(/curl|still holds/)
    expect(said).toContain('deskbridge operator add')
    expect(said).toContain('deskbridge partner add')
    // smoke says what it needs.
    const { code, output } = await runCommand(['smoke'], { DESKBRIDGE_DATA: system.dataFolder }).ended
    expect({ code, output }).toEqual({ code: 1, output: expect.stringContaining('DESKBRIDGE_DEMO=yes') })
  })

  test('a start names the demo credentials that its database still holds, and keeps none in its file', async () => {
    await client.query(
      `insert into exchange.person (email, password_argon2, role) values ('operator.faf7e3@deskbridge.example', 'x', 'operator')`,
    )
    await using real = await startSystem({ database: database.url, environment: REAL })
    expect(Object.keys(stepsOf(real))).toEqual(ADDRESSES)
    for (const text of [
      'Demo Customer North in production',
      'operator.faf7e3@deskbridge.example',
      'partner@north.example',
      'deskbridge demo end',
    ])
      expect(real.output()).toContain(text)
    expect(real.output()).not.toContain('operator@real.example')
  })
})

describe('deskbridge demo end', () => {
  test('ends every one of them in every process at once, tokens too, and nobody else’s', async () => {
    await using second = await startSystem({ database: database.url, environment: REAL })
    const partners = (['customer', 'otherCustomer', 'provider', 'productionCustomer'] as const).map(role => first.partner(role))
    const own = await first.backOffice.addProject(partners[0]!.access, 'sandbox', 'read-once')
    await first.backOffice.close()
    const made = await first.changeAsOperator('POST', '/operator/tokens', { name: 'left-behind', scope: 'write', seconds: 3_600 })
    expect(made.status).toBe(200)
    const asToken = { headers: { authorization: `Bearer ${made.body.token}` } }
    const ofToken = async () => (await fetch(`${second.firstSteps.exchange}/operator/organisations`, asToken)).status
    expect(await ofToken()).toBe(200)
    const all = await Promise.all(partners.map(async partner => ({ authorization: `Bearer ${await partner.token()}` })))
    const statuses = async () => {
      const asked = [first, second].flatMap(({ firstSteps: { connectBaseUrl } }) =>
        all.map(async headers => (await fetch(`${connectBaseUrl}/ListOpenTickets`, { headers })).status),
      )
      return [...new Set(await Promise.all(asked))]
    }
    expect(await statuses()).toEqual([200])
    const { code, output } = await demoEnd()
    expect({ code, output }).toEqual({ code: 0, output: expect.stringContaining('operator@deskbridge.example (operator): removed') })
    // The notice travels on a connection of its own.
    await expect.poll(statuses).toEqual([401])
    expect(await ofToken()).toBe(401)
    for (const partner of partners) expect((await partner.askForToken()).status).toBe(401)
    expect((await first.askAsOperator('/operator/organisations')).status).toBe(401)
    const { rows } = await client.query(`select email from exchange.person union all select client_id from exchange.project where active`)
    expect(rows.map(({ email }) => email).sort()).toEqual([own.clientId, 'operator@real.example'].sort())
  })

  test('says so where there are none, and a start without a demo company then names none', async () => {
    expect(await demoEnd()).toMatchObject({ code: 0, output: expect.stringContaining('There were no credentials of the demo company') })
    await using real = await startSystem({ database: database.url, environment: REAL })
    expect(real.output()).not.toMatch(/demo end/)
  })

  test('a start that asks for a demo company makes new ones afterwards', async () => {
    const old = first.firstSteps.customer
    await first.stop()
    first = await first.startAgain()
    expect(first.firstSteps.customer).toMatchObject({ clientId: old.clientId })
    expect(first.firstSteps.customer.clientSecret).not.toBe(old.clientSecret)
    expect((await first.partner('customer').listOpenTickets()).status).toBe(200)
    expect((await first.askAsOperator('/operator/organisations')).status).toBe(200)
  })

  test.each([
    ['nothing', []],
    ['another word', ['begin']],
  ])('with %s it says how it is used, and ends with 2', async (_, words) => {
    expect(await runCommand(['demo', ...words], {}).ended).toMatchObject({
      code: 2,
      output: expect.stringContaining('deskbridge demo end'),
    })
  })
})
