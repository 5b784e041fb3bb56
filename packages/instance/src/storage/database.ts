import pg from 'pg'
import { Clock } from '../time/clock.ts'

/** One row as text, in the order of the select list; `null` is empty. */
export type Cells = readonly (string | null)[]

/** A value of a statement. */
export type Parameter = string | number | boolean | null | readonly string[] | Buffer

/** Something that runs SQL: the pool, where each statement is a transaction of its own, or an open transaction. */
export interface Runs {
  run(text: string, parameters?: readonly Parameter[]): Promise<Cells[]>
}

/** An open transaction; `client` is for what is streamed. */
export interface Transaction extends Runs {
  readonly client: pg.PoolClient
}

/** Two instances in each of two exchange processes share one server, so each takes few: 2 x 2 x 9 of the 60 that the embedded one has. */
const CONNECTIONS = 6
/** Uploads hold a connection for as long as their sender takes, so they have some of their own. */
const UPLOAD_CONNECTIONS = 3
/** A busy pool answers within milliseconds; who waits so long waits for a server that is not there. */
const CONNECTION_WITHIN_MS = 9_000
/** A statement that is answered so late will not be answered: its connection is half-open (the server is gone, and nothing said so). Uploads take as long as they take. */
const STATEMENT_WITHIN_MS = 120_000
/** Prepared statements live on the server for each connection; beyond this many a statement is sent unprepared. */
const MOST_PREPARED = 400

/**
 * The instance's own small pool. Everything comes back as PostgreSQL's text, because the Table API answers text
 * (contract servicenow-core.md 0.3, fact 5), and parsing numbers and dates only to print them again costs time.
 */
export class Database implements Runs {
  /** The schema's name, quoted, with the dot: `${schema}"task"`. */
  readonly schema: string
  readonly schemaName: string
  /** What `now()` is in every statement that runs here. */
  readonly clock: Clock
  readonly #pool: Connections
  readonly #uploads: Connections
  #names = new Map<string, string>()

  constructor(connections: string | Connections, schema: string, clock = new Clock()) {
    this.clock = clock
    this.schemaName = schema
    this.schema = `${quote(schema)}.`
    const open = (max: number, limits: pg.PoolConfig) => (typeof connections === 'string' ? pool(connections, max, limits) : connections)
    this.#pool = open(CONNECTIONS, { query_timeout: STATEMENT_WITHIN_MS })
    this.#uploads = open(UPLOAD_CONNECTIONS, {})
  }

  /** `"schema"."name"` */
  name(name: string): string {
    return this.schema + quote(name)
  }

  async run(text: string, parameters: readonly Parameter[] = []): Promise<Cells[]> {
    return (await this.#pool.query<(string | null)[]>(this.#statement(text, parameters))).rows
  }

  /**
   * A statement whose plan depends on its values, and so is made for them each time. One for any values, which PostgreSQL goes over to from
   * the sixth time on, takes `sys_updated_on >= $1` to be true of a third of the table.
   */
  async runPlanned(text: string, parameters: readonly Parameter[]): Promise<Cells[]> {
    const planned: pg.QueryArrayConfig = { text: this.clock.told(text), values: parameters as unknown[], rowMode: 'array' }
    return (await this.#pool.query<(string | null)[]>(planned)).rows
  }

  /** Several statements of a setup, without parameters. */
  async runScript(text: string): Promise<void> {
    await this.#pool.query(text)
  }

  /** Reads one `bytea`, which the driver hands over as hexadecimal text. */
  async readBytes(text: string, parameters: readonly Parameter[]): Promise<Buffer | undefined> {
    const hex = (await this.run(text, parameters))[0]?.[0]
    return hex === undefined || hex === null ? undefined : Buffer.from(hex.slice(2), 'hex')
  }

  async transaction<T>(work: (transaction: Transaction) => Promise<T>, kind: 'short' | 'upload' = 'short'): Promise<T> {
    const client = await (kind === 'upload' ? this.#uploads : this.#pool).connect()
    let broken: Error | undefined
    try {
      await client.query('begin')
      const result = await work({
        client,
        run: async (text, parameters = []) => (await client.query<(string | null)[]>(this.#statement(text, parameters))).rows,
      })
      await client.query('commit')
      return result
    } catch (error) {
      await client.query('rollback').catch((problem: Error) => {
        broken = problem
      })
      throw error
    } finally {
      client.release(broken)
    }
  }

  /** Runs everything on one connection, in a transaction that is rolled back at the end. */
  async runAndRollBack<T>(work: (database: Database) => Promise<T>): Promise<T> {
    const client = await this.#uploads.connect()
    try {
      await client.query('begin')
      return await work(new Database(oneTransaction(client as pg.PoolClient), this.schemaName, this.clock))
    } finally {
      await client.query('rollback').then(
        () => client.release(),
        (problem: Error) => client.release(problem),
      )
    }
  }

  /** The same database by a clock that is wrong by some seconds. */
  wrongBy(seconds = 0): Database {
    const clock = new Clock()
    clock.offsetSeconds = this.clock.offsetSeconds + seconds
    const wrong = new Database(this.#pool, this.schemaName, clock)
    // Prepared statements are the connections', which are the same.
    wrong.#names = this.#names
    return wrong
  }

  async close(): Promise<void> {
    await Promise.all([this.#pool.end(), this.#uploads.end()])
  }

  #statement(text: string, parameters: readonly Parameter[]): pg.QueryArrayConfig {
    const base = { text, values: parameters as unknown[], rowMode: 'array' as const }
    // Unprepared: each setting of the clock would be a statement of its own.
    if (this.clock.isSet) return { ...base, text: this.clock.told(text) }
    const known = this.#names.get(text)
    if (known !== undefined) return { ...base, name: known }
    if (this.#names.size >= MOST_PREPARED) return base
    const name = `s${this.#names.size + 1}`
    this.#names.set(text, name)
    return { ...base, name }
  }
}

type Connections = Pick<pg.Pool, 'query' | 'connect' | 'end'>

/** Within a transaction, one that begins is a savepoint. */
const NESTED: Readonly<Record<string, string>> = {
  begin: 'savepoint one',
  commit: 'release savepoint one',
  rollback: 'rollback to savepoint one',
}

function oneTransaction(client: pg.PoolClient): Connections {
  const query = (asked: string | pg.QueryArrayConfig | pg.Submittable) => {
    if (typeof asked === 'string') return client.query(NESTED[asked] ?? asked)
    // What is streamed into the database is no statement with parameters.
    if ('submit' in asked) return client.query(asked)
    // Unprepared, because names of prepared statements are the pool's.
    return client.query({ ...asked, name: undefined } as pg.QueryArrayConfig)
  }
  const inside = { query, release: () => {} }
  return { query, connect: async () => inside, end: async () => {} } as unknown as Connections
}

/** A name as SQL. */
export function quote(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}

const asText = { getTypeParser: () => (value: string | Buffer) => value }

function pool(url: string, max: number, limits: pg.PoolConfig): pg.Pool {
  const made = new pg.Pool({
    ...limits,
    connectionString: url,
    max,
    idleTimeoutMillis: 30_000,
    allowExitOnIdle: true,
    connectionTimeoutMillis: CONNECTION_WITHIN_MS,
    keepAlive: true,
    types: asText as unknown as pg.CustomTypesConfig,
    // Our own wire format depends on these; a server of the operator's may have others.
    onConnect: client =>
      client.query("set datestyle to 'ISO, YMD'; set timezone to 'UTC'; set bytea_output to 'hex'") as unknown as undefined,
  })
  // A connection that the server ends, idle or in use, is replaced; without a listener of its own it would end the process.
  made.on('error', () => {})
  made.on('connect', connection => connection.on('error', () => {}))
  return made
}
