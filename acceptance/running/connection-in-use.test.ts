import { type FreshDatabase, makeFreshDatabase } from '@deskbridge/postgres/testing'
import { readOrMakeKeys, SavedConnections } from '@deskbridge/servicenow'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { connectionRows } from '../../packages/exchange/src/connections/connections.store.ts'
import { openDatabase } from '../../packages/exchange/src/platform/database.ts'
import { INTEGRATION_USER, type SocketInstance, settingsFor, startInstance, until } from '../faults/socket-system.ts'
import { commented, filed } from '../stories/tickets.ts'
import { runCommand } from '../system/command.ts'
import { Partner } from '../system/partner.ts'
import { FREE_PORTS, newDataFolder, type StartedSystem, startSystem } from '../system/start-system.ts'

const KEY = Buffer.from(crypto.getRandomValues(new Uint8Array(32))).toString('base64')
const CONNECTION = '/operator/connections'

let instance: SocketInstance
let database: FreshDatabase
let beside: StartedSystem
let exchange: StartedSystem
let another: StartedSystem
let password: string

/** As settings of an exchange that signs in with the saved connection. */
const settings = (): Record<string, string> => {
  const { SERVICENOW_SANDBOX_URL, SERVICENOW_SANDBOX_USERNAME, SERVICENOW_SANDBOX_PASSWORD, ...patience } = settingsFor(instance)
  password = SERVICENOW_SANDBOX_PASSWORD!
  return { ...patience, DESKBRIDGE_KEY: KEY, DESKBRIDGE_DEMO: 'yes', LOG_LEVEL: 'info' }
}
const USING = { SERVICENOW_SANDBOX_CONNECTION: 'mine' }

beforeAll(async () => {
  instance = await startInstance()
  database = await makeFreshDatabase()
  beside = await startSystem({ database: database.url, environment: settings() })
  const user = { user_name: INTEGRATION_USER, password }
  for (const [name, environment] of [
    ['mine', 'sandbox'],
    ['real', 'production'],
  ])
    expect(await beside.changeAsOperator('POST', CONNECTION, { name, environment, url: instance.url, ...user })).toMatchObject({
      status: 200,
      body: { health: { state: 'ok' } },
    })
  await beside.stop()
  exchange = await beside.startAgain(USING)
  another = await startSystem({ database: database.url, environment: { ...settings(), ...USING } })
})
afterAll(async () => {
  await another?.end()
  await beside?.end()
  await instance?.end()
  await database?.drop()
})

/** The customer's system, speaking with the other exchange process. */
function customerOf(at: StartedSystem): Partner {
  const { connectBaseUrl, tokenUrl } = at.firstSteps
  return new Partner({ ...exchange.partner('customer').access, connectBaseUrl, tokenUrl })
}

/** Whose work a ticket is that is filed now. */
async function filedBy(at: StartedSystem): Promise<string> {
  const { number } = await filed(customerOf(at))
  return (await instance.desk.record(number)).fields.sys_created_by!
}

/** The same connections, changed past the exchange: nobody gets a notice. */
async function withoutNotice(work: (saved: SavedConnections) => Promise<unknown>): Promise<void> {
  const opened = openDatabase(database.url, { connections: 1 })
  await work(new SavedConnections(connectionRows(opened), () => readOrMakeKeys('/nowhere', { DESKBRIDGE_KEY: KEY })))
  await opened.close()
}

describe('an exchange that signs in with a saved connection', () => {
  test('reaches the instance that it names, and says where', async () => {
    expect(await filedBy(exchange)).toBe(INTEGRATION_USER)
    expect(exchange.firstSteps.instances.sandbox.url).toBe(instance.url)
    expect(exchange.output()).not.toContain(password)
  })

  test('uses rotated credentials at once in every process, hears its own words of before as its own, and goes back', async () => {
    const customer = customerOf(exchange)
    const ticket = await filed(customer)
    // Capture sees nothing of this comment until it looks with the new credentials.
    await instance.fault({ kind: 'server-error', method: 'GET', path: '/table/task' })
    await commented(customer, ticket, 'Said with the old credentials')
    expect(await exchange.changeAsOperator('POST', `${CONNECTION}/mine/rotate`, { user_name: 'admin', password })).toMatchObject({
      status: 200,
      body: { previous: { who: INTEGRATION_USER } },
    })
    await until('both processes sign in with the new credentials', async () => {
      const users = await Promise.all([filedBy(exchange), filedBy(another)])
      return users.every(user => user === 'admin')
    })
    await commented(customer, ticket, 'Said with the new credentials')
    await instance.desk.comment(await instance.desk.record(ticket.number), 'The desk’s words')
    const [told] = await customer.updates.untilActions(ticket.number, ['Comment'], 15_000)
    expect(told!.ticket_attributes.comments).toBe('The desk’s words')
    await instance.noFaults()
    expect((await exchange.changeAsOperator('POST', `${CONNECTION}/mine/back`, {})).status).toBe(200)
    await until('both processes sign in with those of before', async () => {
      const users = await Promise.all([filedBy(exchange), filedBy(another)])
      return users.every(user => user === INTEGRATION_USER)
    })
  })

  test('has what is refused looked at: where the notice was lost, no call fails for it', async () => {
    await withoutNotice(saved => saved.rotate('mine', { userName: 'admin', password }))
    await instance.fault({ kind: 'session-expired', method: 'POST', path: '/table/incident' })
    expect(await Promise.all([filedBy(exchange), filedBy(another)])).toEqual(['admin', 'admin'])
    await instance.noFaults()
  })

  test('has a rotation whose notice was lost in use within 30 s', async () => {
    const before = await filedBy(another)
    const userName = before === 'admin' ? INTEGRATION_USER : 'admin'
    await withoutNotice(saved => saved.rotate('mine', { userName, password }))
    await until(`the credentials of ${userName}`, async () => (await filedBy(another)) === userName, 40_000)
  }, 60_000)

  test('neither removes nor moves it', async () => {
    const user = await filedBy(exchange)
    const refused = { status: 409, body: { error: { code: 'connection_in_use' } } }
    expect(await another.changeAsOperator('DELETE', `${CONNECTION}/mine`)).toMatchObject(refused)
    expect(await exchange.changeAsOperator('DELETE', `${CONNECTION}/mine`)).toMatchObject({
      ...refused,
      body: { error: { message: 'The exchange itself signs in with "mine" (SERVICENOW_SANDBOX_CONNECTION).' } },
    })
    expect(await exchange.changeAsOperator('PATCH', `${CONNECTION}/mine`, { environment: 'production' })).toMatchObject(refused)
    expect(await filedBy(exchange)).toBe(user)
  })

  test('goes on with what it had where its row is gone all the same, and says so once', async () => {
    const user = await filedBy(exchange)
    const sql = new pg.Client({ connectionString: database.url })
    sql.on('error', () => {})
    await sql.connect()
    const { rows } = await sql.query(`delete from exchange.connection where name = 'mine' returning *`)
    await sql.query(`select pg_notify('deskbridge_exchange', 'connection mine')`)
    await until('it is said', async () => exchange.output().includes('There is no connection \\"mine\\"'))
    expect(await filedBy(exchange)).toBe(user)
    const { name, environment, url, in_use, previous } = rows[0]
    await sql.query('insert into exchange.connection (name, environment, url, in_use, previous) values ($1, $2, $3, $4, $5)', [
      name,
      environment,
      url,
      JSON.stringify(in_use),
      JSON.stringify(previous),
    ])
    await sql.end()
  })
})

test.each<[string, Record<string, string>, RegExp]>([
  [
    'one that is not there',
    { SERVICENOW_SANDBOX_CONNECTION: 'nobody' },
    /^SERVICENOW_SANDBOX_CONNECTION: There is no connection "nobody"\. Saved for sandbox: mine\. An exchange that runs without this setting saves one/,
  ],
  [
    'one of the other environment',
    { SERVICENOW_SANDBOX_CONNECTION: 'real' },
    /^SERVICENOW_SANDBOX_CONNECTION: The connection "real" is for production, not for sandbox\./,
  ],
  [
    'an address beside it',
    { SERVICENOW_PRODUCTION_CONNECTION: 'real', SERVICENOW_PRODUCTION_URL: 'dev.example', SERVICENOW_PRODUCTION_USERNAME: 'u' },
    /SERVICENOW_PRODUCTION_CONNECTION is set, and so is SERVICENOW_PRODUCTION_URL, _USERNAME: a saved connection brings/,
  ],
  [
    'a name that is none',
    { SERVICENOW_SANDBOX_CONNECTION: 'Mine!' },
    /SERVICENOW_SANDBOX_CONNECTION: "Mine!" is not the name of a saved connection/,
  ],
  [
    'another key',
    { ...USING, DESKBRIDGE_KEY: Buffer.alloc(32, 1).toString('base64') },
    /^SERVICENOW_SANDBOX_CONNECTION: The credentials of "mine" cannot be opened\. It was sealed with the key/m,
  ],
])('a start with %s is refused in a sentence', async (_, environment, sentence) => {
  const folder = newDataFolder()
  const command = runCommand(['start'], {
    ...FREE_PORTS,
    DESKBRIDGE_DATA: folder.path,
    DATABASE_URL: database.url,
    ...settings(),
    LOG_LEVEL: 'silent',
    ...environment,
  })
  const { code, output } = await command.ended
  folder.remove()
  expect(output).toMatch(sentence)
  expect({ code, stack: output.includes('    at ') }).toEqual({ code: 1, stack: false })
})
