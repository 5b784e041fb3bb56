import { fillSchema } from './demo-company/load.ts'
import { Dictionary } from './dictionary/dictionary.ts'
import { FaultSwitches } from './faults/switches.ts'
import type { Practice, RecordChange } from './practice.ts'
import { rulesOf } from './processes/rules.ts'
import { Projections } from './records/projection.ts'
import { Accounts } from './sign-in/accounts.ts'
import { storeOAuthClient, storePassword } from './sign-in/store.ts'
import { Standing } from './standing.ts'
import { Database } from './storage/database.ts'
import { prepareSchema } from './storage/schema.ts'
import { handle } from './wire/handler.ts'

export interface InstanceOptions {
  databaseUrl: string
  /** The PostgreSQL schema that holds everything; made when it is not there. Several processes may open the same one. */
  schema: string
  /** Used in links. Default `http://localhost:8081`. */
  baseUrl?: string
  /** Whether a schema that is made gets the demo company, beyond the users `admin` and `deskbridge.integration`. Default true. */
  demo?: boolean
}

/** A ServiceNow-compatible server as a standard request handler. */
export interface Instance {
  fetch(request: Request): Promise<Response>
  setBaseUrl(url: string): void
  /** For Basic sign-in and the OAuth password grant. */
  setPassword(userName: string, password: string): Promise<void>
  /** Registers an OAuth client; its client_credentials grant acts as the user. */
  setOAuthClient(client: { clientId: string; clientSecret: string; userName: string }): Promise<void>
  /** Called after the commit of each write made through this object. Returns a function that ends it. */
  onChange(listener: (change: RecordChange) => void): () => void
  close(): Promise<void>
}

const DEFAULT_URL = 'http://localhost:8081'
const SIGN_IN_TABLES = new Set(['sys_user', 'sys_user_role', 'sys_user_has_role', 'sys_properties'])

/** Opens a practice instance: milliseconds on a schema that is there, under a second for a new one with its demo company. */
export async function createInstance(options: InstanceOptions): Promise<Instance> {
  const database = new Database(options.databaseUrl, options.schema)
  const dictionary = new Dictionary()
  const accounts = new Accounts(database)
  const standing = new Standing(database)
  const faults = new FaultSwitches()
  const listeners = new Set<(change: RecordChange) => void>()
  const practice: Practice = {
    database,
    dictionary,
    projections: new Projections(database, dictionary),
    rules: rulesOf(dictionary),
    standing,
    baseUrl: options.baseUrl ?? DEFAULT_URL,
    changed: changes => {
      if (changes.some(({ table }) => SIGN_IN_TABLES.has(table))) accounts.forget()
      for (const { table } of changes) standing.changed(table)
      for (const change of changes) for (const listener of listeners) tell(listener, change)
    },
  }
  try {
    await prepareSchema(database, dictionary, transaction => fillSchema(practice, transaction, options.demo !== false))
  } catch (error) {
    await database.close()
    throw error
  }
  return {
    fetch: request => handle(request, { practice, accounts, faults }),
    setBaseUrl: url => {
      practice.baseUrl = url.replace(/\/+$/, '')
    },
    setPassword: async (userName, password) => {
      await storePassword(database, userName, password)
      accounts.forget()
    },
    setOAuthClient: async client => {
      await storeOAuthClient(database, client)
      accounts.forget()
    },
    onChange: listener => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    close: () => database.close(),
  }
}

/** The write is committed: a listener that fails must not turn it into an error. */
function tell(listener: (change: RecordChange) => void, change: RecordChange): void {
  try {
    listener(change)
  } catch (error) {
    console.error('practice instance: a listener failed:', error)
  }
}
