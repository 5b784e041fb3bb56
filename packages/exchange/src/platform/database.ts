import { AsyncLocalStorage } from 'node:async_hooks'
import pg from 'pg'
import { noteWrite, nothingWritten } from './effects.ts'
import { DatabaseAway, outage } from './outage.ts'
import type { Statement } from './sql.ts'

/** Runs statements: the pool itself, or one transaction. Each throws DatabaseAway when the database cannot be used now. */
export interface Queries {
  /** The rows of one statement. */
  rows<Row extends object>(statement: Statement, values?: readonly unknown[]): Promise<Row[]>
  /** The first row, or undefined. */
  row<Row extends object>(statement: Statement, values?: readonly unknown[]): Promise<Row | undefined>
  /** The rows of a statement that writes. */
  writing<Row extends object>(statement: Statement, values?: readonly unknown[]): Promise<Row[]>
  /** How many rows the statement changed. */
  changed(statement: Statement, values?: readonly unknown[]): Promise<number>
}

export interface Database extends Queries {
  /** All of it, or nothing of it. No instance may be called inside: a guard throws. */
  transaction<T>(work: (queries: Queries) => Promise<T>): Promise<T>
  readonly url: string
  close(): Promise<void>
}

/** What is asked of each new connection before anybody gets it. Throws when it must not be used. */
export type Examine = (connection: FreshConnection) => Promise<void>

/** A connection that nobody has yet. No type of pg's: they would be part of what the package exports. */
export interface FreshConnection {
  // biome-ignore lint/suspicious/noExplicitAny: rows as the statement has them.
  query(text: string, values?: unknown[]): Promise<{ rows: any[] }>
}

export interface DatabaseOptions {
  /** The most connections open at once. */
  connections?: number
  examine?: Examine
  /** Called with every answer of the database. */
  onAnswer?: () => void
}

/**
 * How long a call may wait: for a connection, then for a statement. Together they stay below the 10 s after which a call is answered
 * when the database says nothing at all; a statement of ours takes milliseconds. Whatever takes longer by its nature says so (`unhurried`).
 */
const CONNECTION_WITHIN_MS = 4_000
const STATEMENT_WITHIN_MS = 5_000
const CONNECTIONS = 12
/** As the operator sees them in pg_stat_activity. */
const SESSION_NAME = 'deskbridge exchange'
/**
 * A statement that we gave up while it waits for a lock ends with its connection, and does not write when nobody expects it any more;
 * a half-open session ends within a minute.
 */
export const CLIENT_GONE =
  '-c client_connection_check_interval=1s -c tcp_keepalives_idle=15 -c tcp_keepalives_interval=5 -c tcp_keepalives_count=3'

const holding = new AsyncLocalStorage<true>()

/**
 * Refuses to go on while this call chain holds a database transaction: a call over the network would keep its locks
 * while the other side is slow, and a small pool would wait for itself.
 */
export function assertNoTransactionHeld(what: string): void {
  if (holding.getStore()) throw new Error(`${what} was called while a database transaction is held. Commit first.`)
}

pg.types.setTypeParser(pg.types.builtins.INT8, Number)

/** Which database a PostgreSQL address means, for people: its name and where it is, without the password. */
export function nameOfDatabase(url: string): string {
  const { database, host, port } = new pg.Client({ connectionString: url })
  return `${database} on ${host}:${port}`
}

/** Opens a pool on a PostgreSQL address. */
export function openDatabase(url: string, { connections = CONNECTIONS, examine, onAnswer = () => {} }: DatabaseOptions = {}): Database {
  const pool = new pg.Pool({
    connectionString: url,
    application_name: SESSION_NAME,
    options: CLIENT_GONE,
    max: connections,
    idleTimeoutMillis: 30_000,
    connectionTimeoutMillis: CONNECTION_WITHIN_MS,
    query_timeout: STATEMENT_WITHIN_MS,
    keepAlive: true,
    ...(examine ? { onConnect: examine } : {}),
  })
  // A connection that breaks is replaced by the pool, idle or in use; without a listener of its own Node would end the process.
  pool.on('error', () => {})
  pool.on('connect', connection => connection.on('error', () => {}))
  const connect = () =>
    pool.connect().catch(failure => {
      throw asDatabaseAway(failure)
    })
  return {
    url,
    ...queriesOf(async (query, changes) => {
      const connection = await connect()
      if (changes) noteWrite()
      let broken: Error | undefined
      try {
        const result = await connection.query(query)
        onAnswer()
        return result
      } catch (failure) {
        broken = brokenBy(failure)
        throw asDatabaseAway(failure)
      } finally {
        connection.release(broken)
      }
    }),
    async transaction(work) {
      const connection = await connect()
      let wrote = false
      let broken: Error | undefined
      const ask: Ask = async (query, changes) => {
        wrote ||= changes
        try {
          return await connection.query(query)
        } catch (failure) {
          broken ??= brokenBy(failure)
          throw asDatabaseAway(failure)
        }
      }
      try {
        await ask({ text: 'begin' }, false)
        const result = await holding.run(true, () => work(queriesOf(ask)))
        if (wrote) noteWrite()
        await ask({ text: 'commit' }, false)
        return result
      } catch (error) {
        if (!broken)
          await connection.query('rollback').catch(failure => {
            broken = failure
          })
        throw error
      } finally {
        connection.release(broken)
      }
    },
    close: () => pool.end(),
  }
}

/** Asks the database. `changes`: whatever comes of it, something may be written. */
type Ask = (query: pg.QueryConfig, changes: boolean) => Promise<pg.QueryResult>

function queriesOf(ask: Ask): Queries {
  const run = ({ name, text, withinMs }: Statement, values: readonly unknown[] = [], changes = false) =>
    ask({ name, text, values: values as unknown[], ...(withinMs ? { query_timeout: withinMs } : {}) } as pg.QueryConfig, changes)
  return {
    rows: async (statement, values) => (await run(statement, values)).rows,
    row: async (statement, values) => (await run(statement, values)).rows[0],
    writing: async (statement, values) => (await run(statement, values, true)).rows,
    changed: async (statement, values) => (await run(statement, values, true)).rowCount ?? 0,
  }
}

/** A connection that broke, or whose statement got no answer, is not used again; one on which PostgreSQL refused a statement is. */
function brokenBy(failure: unknown): Error | undefined {
  const refused = failure instanceof pg.DatabaseError && !/^(08|57P)/.test(failure.code ?? '')
  return outage(failure) !== undefined && !refused ? (failure as Error) : undefined
}

function asDatabaseAway(failure: unknown): unknown {
  const why = outage(failure)
  return why === undefined ? failure : new DatabaseAway(why, failure, nothingWritten())
}
