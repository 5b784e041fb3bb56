import { handle } from './answering/handle.ts'
import { Dictionary } from './dictionary/dictionary.ts'
import { TABLES } from './dictionary/tables.ts'
import { FaultSwitches } from './faults/switches.ts'
import { RateLimits } from './limits/rate-limits.ts'
import { assertOptions, OptionsProblem } from './options.ts'
import { type BusinessRule, RuleProblem } from './processes/business-rule.ts'
import { rulesOf } from './processes/instance-rules.ts'
import { WakeUps } from './processes/wake-ups.ts'
import { wrongRule } from './processes/wrong-rule.ts'
import { Projections } from './records/projection.ts'
import type { RecordChange } from './records/record-change.ts'
import type { RecordSaving } from './records/saving.ts'
import { loadSeed } from './seeds/load.ts'
import { fillInstance, resetRecords } from './seeds/reset.ts'
import { definitionsWith, readSeed, type Seed, together } from './seeds/seed.ts'
import { NOTHING_OWN, readSetup, type Setup, writeSetup } from './seeds/setup.ts'
import { Accounts } from './sign-in/accounts.ts'
import { storeOAuthClient, storePasswords } from './sign-in/store.ts'
import { Standing } from './standing/standing.ts'
import { Database, type Transaction } from './storage/database.ts'
import { type DataPlace, openPlace } from './storage/open.ts'
import { prepareSchema } from './storage/schema.ts'

/** How an instance is opened. Without a database or folder it keeps its records in a temporary PostgreSQL, which ends with it. */
export interface InstanceOptions extends DataPlace {
  /** The PostgreSQL schema that holds everything; made when it is not there. Several processes may open the same one. Default `production`. */
  schema?: string
  /** Used in links. Default `http://localhost:8081`. */
  baseUrl?: string
  /**
   * Whether a schema that is made gets the demo company, beyond the users `admin` and `deskbridge.integration`. Default true; false is
   * refused where it is there already.
   */
  demo?: boolean
  /**
   * Tables, columns and records of one's own; the schema keeps them. Loading the same seed again makes nothing twice. What it says is
   * taken as it stands, or refused with all of the seed.
   */
  seed?: Seed
  /** Rules of one's own, which run around every save; they are code and so are brought to every start. */
  businessRules?: readonly BusinessRule[]
}

/** A ServiceNow-compatible server as a standard request handler. */
export interface Instance {
  fetch(request: Request): Promise<Response>
  /** The time of its clock in milliseconds, which `Date` of every answer says. */
  now(): number
  setBaseUrl(url: string): void
  /** For Basic sign-in and the OAuth password grant. */
  setPassword(userName: string, password: string): Promise<void>
  /** One password for everybody who has none, and for those who are named. */
  setPasswords(password: string, userNames: readonly string[]): Promise<void>
  /** Registers an OAuth client; its client_credentials grant acts as the user. */
  setOAuthClient(client: { clientId: string; clientSecret: string; userName: string }): Promise<void>
  /** Called after the commit of each write made through this object. Returns a function that ends it. */
  onChange(listener: (change: RecordChange) => void): () => void
  /** Brings all records back to what the schema began with. Passwords and OAuth clients stay, tokens end. */
  reset(): Promise<void>
  close(): Promise<void>
}

const DEFAULT_SCHEMA = 'production'
const DEFAULT_URL = 'http://localhost:8081'
const SIGN_IN_TABLES = new Set([
  'sys_user',
  'sys_user_role',
  'sys_user_has_role',
  'sys_user_role_contains',
  'sys_user_grmember',
  'sys_user_group',
  'sys_group_has_role',
  'sys_properties',
  'oauth_entity',
  'oauth_credential',
  'api_key',
])

/**
 * Opens a practice instance: milliseconds on a schema that is there, under a second for a new one with its demo company.
 * @throws SeedProblem, RuleProblem or OptionsProblem with a sentence that says what is wrong with the seed, the rules or the options
 */
export async function createInstance(options: InstanceOptions = {}): Promise<Instance> {
  const seed = options.seed && readSeed(options.seed)
  assertOptions(options)
  assertRules(options)
  const place = await openPlace(options)
  const database = new Database(place.url, options.schema ?? DEFAULT_SCHEMA)
  const close = async () => {
    await database.close()
    await place.close()
  }
  try {
    const before = await readSetup(database)
    const own = together(before?.own ?? NOTHING_OWN, seed ?? NOTHING_OWN)
    const setup: Setup = before ?? { demo: options.demo !== false, own, records: [] }
    assertAsMade(options, before)
    const dictionary = new Dictionary(definitionsWith(own, TABLES))
    assertRules(options, dictionary.tables.keys())
    const parts = assemble(database, dictionary, options)
    const loadIn = async (transaction: Transaction) => {
      if (!seed) return
      await parts.practice.standing.refreshWithin(transaction)
      await loadSeed(parts.practice, transaction, own, seed.records)
    }
    await prepareSchema(database, parts.practice.dictionary, async (transaction, made) => {
      await fillInstance(parts.practice, transaction, setup, made)
      if (made.schema) await writeSetup(database, transaction, setup)
      // With its tables or not at all.
      await loadIn(transaction)
    })
    // A seed that was loaded just now is known, and makes nothing twice.
    if (seed) await database.transaction(loadIn)
    return instanceOf(parts, async () => {
      parts.practice.wakeUps.close()
      await close()
    })
  } catch (error) {
    await close()
    throw error
  }
}

function assertRules({ businessRules = [] }: InstanceOptions, tables?: Iterable<string>): void {
  const wrong = wrongRule(businessRules, tables)
  if (wrong !== undefined) throw new RuleProblem(wrong)
}

/** Records that were made stay. */
function assertAsMade({ demo, schema = DEFAULT_SCHEMA }: InstanceOptions, before: Setup | undefined): void {
  if (demo === false && before?.demo)
    throw new OptionsProblem(`The schema ${schema} has the demo company already; an empty instance needs another schema, or another folder`)
}

interface Parts {
  readonly practice: RecordSaving & { readonly standing: Standing; readonly wakeUps: WakeUps; baseUrl: string; reset(): Promise<void> }
  readonly accounts: Accounts
  readonly faults: FaultSwitches
  readonly limits: RateLimits
  readonly listeners: Set<(change: RecordChange) => void>
}

function assemble(database: Database, dictionary: Dictionary, options: InstanceOptions): Parts {
  const standing = new Standing(database, dictionary)
  const accounts = new Accounts(database, standing)
  const listeners = new Set<(change: RecordChange) => void>()
  const wakeUps = new WakeUps({ database, dictionary })
  const practice: Parts['practice'] = {
    database,
    dictionary,
    projections: new Projections(database, dictionary),
    rules: rulesOf({ database, dictionary }, options.businessRules),
    standing,
    wakeUps,
    baseUrl: options.baseUrl ?? DEFAULT_URL,
    announce: changes => {
      if (changes.some(({ table }) => SIGN_IN_TABLES.has(table))) accounts.forget()
      for (const { table } of changes) standing.forget(table)
      wakeUps.announce(changes)
      for (const change of changes) for (const listener of listeners) notify(listener, change)
    },
    reset: async () => {
      await resetRecords(practice)
      accounts.forget()
      for (const name of dictionary.tables.keys()) standing.forget(name)
    },
  }
  return { practice, accounts, faults: new FaultSwitches(), limits: new RateLimits(), listeners }
}

function instanceOf({ listeners, ...parts }: Parts, close: () => Promise<void>): Instance {
  const { practice, accounts } = parts
  const { database } = practice
  const setPasswords = async (password: string, userNames: readonly string[], others: boolean) => {
    await storePasswords(database, password, userNames, others)
    accounts.forget()
  }
  return {
    fetch: request => handle(request, parts),
    now: () => database.clock.now(),
    setBaseUrl: url => {
      practice.baseUrl = url.replace(/\/+$/, '')
    },
    setPassword: (userName, password) => setPasswords(password, [userName], false),
    setPasswords: (password, userNames) => setPasswords(password, userNames, true),
    setOAuthClient: async client => {
      await storeOAuthClient(database, client)
      accounts.forget()
    },
    onChange: listener => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    reset: practice.reset,
    close,
  }
}

/** The write is committed: a listener that fails must not turn it into an error. */
function notify(listener: (change: RecordChange) => void, change: RecordChange): void {
  try {
    listener(change)
  } catch (error) {
    console.error('practice instance: a listener failed:', error)
  }
}
