import { makeFreshDatabase } from '@deskbridge/postgres/testing'
import pg from 'pg'
import { type StartedSystem, startSystem } from '../system/start-system.ts'
import { DatabaseGate } from './database-gate.ts'
import { freePort, type SocketInstance, settingsFor, startInstance } from './socket-system.ts'

/** Longer than elsewhere: 32 callers and two exchanges share two cores, and what is late is not lost. */
export const PATIENT = { SERVICENOW_TIMEOUT_SECONDS: '3', SERVICENOW_SETTLE_SECONDS: '5' }

/** Exchanges that reach their one database through a gate; the desk's instance and its own database are not behind it. */
export interface GatedSystem extends AsyncDisposable {
  readonly gate: DatabaseGate
  readonly instance: SocketInstance
  readonly exchanges: readonly StartedSystem[]
  /** The exchanges' own tables, asked past the gate. */
  rows(text: string, values?: unknown[]): Promise<Record<string, unknown>[]>
}

/** By default two exchanges, on a new database of the test run's server. */
export async function startBehindGate({
  exchanges: count = 2,
  database: given = '',
  settings = {} as Record<string, string>,
  /** Done before an exchange looks at the instance for the first time. */
  before = async (_instance: SocketInstance) => {},
  /** The address under which the exchanges reach the instance. */
  url = async (instance: SocketInstance) => instance.url,
  /** Each exchange keeps its address when it starts again. */
  keepAddresses = false,
} = {}): Promise<GatedSystem> {
  const fresh = given ? undefined : await makeFreshDatabase()
  const gate = await DatabaseGate.before(fresh?.url ?? given)
  const instance = await startInstance()
  const exchanges: StartedSystem[] = []
  const end = async () => {
    await Promise.all(exchanges.map(exchange => exchange.end()))
    await instance.end()
    await gate.close()
    await fresh?.drop()
  }
  try {
    await before(instance)
    const reached = { SERVICENOW_SANDBOX_URL: await url(instance) }
    for (let number = 0; number < count; number++) {
      const address = keepAddresses ? { PORT: String(await freePort()) } : {}
      const environment = { ...settingsFor(instance), ...reached, ...PATIENT, ...settings, ...address }
      exchanges.push(await startSystem({ database: gate.url, environment }))
    }
  } catch (error) {
    await end()
    throw error
  }
  return { gate, instance, exchanges, rows: (text, values) => rowsOf(gate.behind, text, values), [Symbol.asyncDispose]: end }
}

/** Asks on a connection of its own: an earlier one would have ended with the server. */
async function rowsOf(databaseUrl: string, text: string, values: unknown[] = []): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: databaseUrl })
  await client.connect()
  try {
    return (await client.query(text, values)).rows
  } finally {
    await client.end()
  }
}
