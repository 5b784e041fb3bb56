import { createServer } from 'node:net'
import { type FreshDatabase, makeFreshDatabase } from '@deskbridge/postgres/testing'
import pg from 'pg'
import { type Answer, ask, basic } from '../system/answer.ts'
import { type Command, type EndedCommand, runCommand } from '../system/command.ts'
import { Desk } from '../system/desk.ts'
import type { OpenSystem } from '../system/open-system.ts'
import { type StartedSystem, startSystem } from '../system/start-system.ts'

const PASSWORD = 'fault-stories-only'
export const INTEGRATION_USER = 'deskbridge.integration'
/** Short enough for a test, long enough that a write on its way has arrived. */
const SETTINGS = { SERVICENOW_TIMEOUT_SECONDS: '1', SERVICENOW_SETTLE_SECONDS: '2', CAPTURE_EVERY_SECONDS: '0.3' }

/** One switch of POST /practice/faults. */
export interface Fault {
  kind: string
  method?: string
  path?: string
  user?: string
  times?: number
  delayMs?: number
  fields?: string[]
  retryAfter?: number
  seconds?: number
  sysId?: string
  after?: number
}

/** The service desk's instance in a process of its own, reached over a socket, as a real one is. */
export interface SocketInstance {
  readonly url: string
  readonly desk: Desk
  readonly databaseUrl: string
  /** Strikes what the exchange does, never what the desk's people do. */
  fault(fault: Fault): Promise<{ off(): Promise<void> }>
  noFaults(): Promise<void>
  kill(): Promise<EndedCommand>
  startAgain(): Promise<void>
  end(): Promise<void>
}

/** What a history is played on: whoever answers partners, the desk's instance, and the exchange's own tables. */
export interface PlayedOn {
  readonly instance: SocketInstance
  readonly exchange: OpenSystem
  rows(text: string, values?: unknown[]): Promise<Record<string, unknown>[]>
}

export interface SocketSystem extends PlayedOn, AsyncDisposable {
  readonly exchanges: readonly StartedSystem[]
  readonly exchange: StartedSystem
  databaseUrl: string
}

export async function startInstance(): Promise<SocketInstance> {
  const database = await makeFreshDatabase()
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const args = ['instance', '--port', String(port), '--schema', 'sandbox']
  let command: Command
  const start = async () => {
    command = runCommand(args, { DATABASE_URL: database.url, DESKBRIDGE_INSTANCE_PASSWORD: PASSWORD })
    await command.untilPrinted('Practice instance:', 30_000)
  }
  await start()
  const administer = async (method: string, body?: unknown, id = ''): Promise<Answer> => {
    const answer = await ask(`${url}/practice/faults${id}`, {
      method,
      headers: { authorization: basic('admin', PASSWORD), 'content-type': 'application/json', accept: 'application/json' },
      ...(body ? { body: JSON.stringify(body) } : {}),
    })
    if (answer.status >= 300 && answer.status !== 404)
      throw new Error(`The switch of a fault was refused: ${answer.status} ${JSON.stringify(answer.body)}`)
    return answer
  }
  const kill = async () => {
    command.process.kill('SIGKILL')
    return command.ended
  }
  return {
    url,
    databaseUrl: database.url,
    desk: new Desk({ url, username: 'admin', password: PASSWORD }),
    fault: async fault => {
      const { body } = await administer('POST', { user: INTEGRATION_USER, ...fault })
      return { off: async () => void (await administer('DELETE', undefined, `/${body.result.id}`)) }
    },
    noFaults: async () => void (await administer('DELETE')),
    kill,
    startAgain: start,
    async end() {
      await kill()
      await database.drop()
    },
  }
}

/** So many exchanges, each with a data folder of its own, on one database and one instance. */
export interface SocketOptions {
  exchanges?: number
  settings?: Record<string, string>
  /** The address under which the exchange is to reach the instance, when it is not the instance's own. */
  url?: (instance: SocketInstance) => Promise<string>
}

export async function startBehindSocket({ exchanges: count = 1, settings = {}, url }: SocketOptions = {}): Promise<SocketSystem> {
  const instance = await startInstance()
  const database = await makeFreshDatabase()
  const exchanges: StartedSystem[] = []
  try {
    const environment = { ...settingsFor(instance), ...(url ? { SERVICENOW_SANDBOX_URL: await url(instance) } : {}), ...settings }
    for (let number = 0; number < count; number++) exchanges.push(await startSystem({ database: database.url, environment }))
  } catch (error) {
    await Promise.all(exchanges.map(exchange => exchange.end()))
    await instance.end()
    await database.drop()
    throw error
  }
  return { instance, exchanges, exchange: exchanges[0]!, ...(await tablesOf(database, exchanges, instance)) }
}

export const settingsFor = (instance: SocketInstance): Record<string, string> => ({
  ...SETTINGS,
  SERVICENOW_SANDBOX_URL: instance.url,
  SERVICENOW_SANDBOX_USERNAME: INTEGRATION_USER,
  SERVICENOW_SANDBOX_PASSWORD: PASSWORD,
})

async function tablesOf(database: FreshDatabase, exchanges: readonly StartedSystem[], instance: SocketInstance) {
  const client = new pg.Client({ connectionString: database.url })
  client.on('error', () => {})
  await client.connect()
  return {
    databaseUrl: database.url,
    rows: async (text: string, values: unknown[] = []) => (await client.query(text, values)).rows,
    async [Symbol.asyncDispose]() {
      await client.end()
      await Promise.all(exchanges.map(exchange => exchange.end()))
      await instance.end()
      await database.drop()
    },
  }
}

/**
 * A port for a process that ends and starts again: below those that the operating system gives to the near ends of connections
 * (from 32768 on Linux), so that nobody has taken it meanwhile.
 */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = 20_000 + Math.floor(Math.random() * 12_000)
    const server = createServer()
    const isFree = await new Promise<boolean>(done => {
      server.once('error', () => done(false)).listen(port, '127.0.0.1', () => done(true))
    })
    if (!isFree) continue
    await new Promise(done => server.close(done))
    return port
  }
}

/** Asks until it is so; fails with the last answer after a while. */
export async function until<T>(what: string, look: () => Promise<T | undefined | false>, withinMs = 15_000): Promise<T> {
  for (const end = Date.now() + withinMs; ; ) {
    const found = await look()
    if (found !== undefined && found !== false) return found
    if (Date.now() > end) throw new Error(`Not within ${withinMs / 1000} s: ${what}`)
    await new Promise(done => setTimeout(done, 100))
  }
}

/** A partner's program that keeps sending the same request while it is answered 503 or 429, as the answer asks it to. */
export async function untilAnswered(send: () => Promise<Answer>, withinMs = 20_000): Promise<Answer> {
  for (const end = Date.now() + withinMs; ; ) {
    const answer = await send().catch(error => {
      if (Date.now() > end) throw error
      return undefined
    })
    if (answer && (answer.status < 429 || Date.now() > end)) return answer
    if (answer && answer.status !== 503 && answer.status !== 429) return answer
    if (answer && !answer.headers.get('retry-after')) throw new Error('A 503 or 429 came without Retry-After')
    await new Promise(done => setTimeout(done, 400))
  }
}
