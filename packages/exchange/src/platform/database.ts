import { AsyncLocalStorage } from 'node:async_hooks'
import pg from 'pg'
import type { Statement } from './sql.ts'

/** Runs statements: the pool itself, or one transaction. */
export interface Queries {
  /** The rows of one statement. */
  rows<Row extends object>(statement: Statement, values?: readonly unknown[]): Promise<Row[]>
  /** The first row, or undefined. */
  row<Row extends object>(statement: Statement, values?: readonly unknown[]): Promise<Row | undefined>
  /** How many rows the statement changed. */
  changed(statement: Statement, values?: readonly unknown[]): Promise<number>
}

export interface Database extends Queries {
  /** All of it, or nothing of it. No instance may be called inside: a guard throws. */
  transaction<T>(work: (queries: Queries) => Promise<T>): Promise<T>
  readonly url: string
  close(): Promise<void>
}

const holding = new AsyncLocalStorage<true>()

/**
 * Refuses to go on while this call chain holds a database transaction: a call over the network would keep its locks
 * while the other side is slow, and a small pool would wait for itself.
 */
export function assertNoTransactionHeld(what: string): void {
  if (holding.getStore()) throw new Error(`${what} was called while a database transaction is held. Commit first.`)
}

pg.types.setTypeParser(pg.types.builtins.INT8, Number)

/** Opens a pool on a PostgreSQL address. `connections` is the most it will open at once. */
export function openDatabase(url: string, connections = 12): Database {
  const pool = new pg.Pool({ connectionString: url, max: connections, idleTimeoutMillis: 30_000 })
  // An idle connection that breaks is replaced by the pool; without a listener Node would end the process.
  pool.on('error', () => {})
  return {
    url,
    ...queriesOf(pool),
    async transaction(work) {
      const client = await pool.connect()
      let broken: Error | undefined
      try {
        await client.query('begin')
        const result = await holding.run(true, () => work(queriesOf(client)))
        await client.query('commit')
        return result
      } catch (error) {
        await client.query('rollback').catch(failure => {
          broken = failure
        })
        throw error
      } finally {
        client.release(broken)
      }
    },
    close: () => pool.end(),
  }
}

function queriesOf(connection: pg.Pool | pg.PoolClient): Queries {
  const run = (statement: Statement, values: readonly unknown[] = []) =>
    connection.query({ name: statement.name, text: statement.text, values: values as unknown[] })
  return {
    rows: async (statement, values) => (await run(statement, values)).rows,
    row: async (statement, values) => (await run(statement, values)).rows[0],
    changed: async (statement, values) => (await run(statement, values)).rowCount ?? 0,
  }
}
