import { setTimeout as pause } from 'node:timers/promises'
import type { Database, Transaction } from './database.ts'

/**
 * Together less than PostgreSQL's `deadlock_timeout` of a second. So in a deadlock it is never the writer that is
 * rolled back, and nothing queues long behind a lock that waits for a slow upload to end.
 */
const WAITS_FOR_TABLES = '400ms'
const WAITS_FOR_THE_REST = '200ms'
const GIVES_UP_AFTER_MS = 30_000
/** PostgreSQL's codes for a statement and a lock that waited too long, and for a deadlock. */
const IN_THE_WAY = new Set(['57014', '55P03', '40P01'])

/** What is done with tables that nobody else reads or writes meanwhile. */
export interface Exclusive<T> {
  /** Names of the tables, as SQL. */
  tables(transaction: Transaction): Promise<readonly string[]>
  /** Begins the work; it may wait for locks on other things, for a short while. */
  first(transaction: Transaction, tables: readonly string[]): Promise<void>
  rest(transaction: Transaction): Promise<T>
  /** The error where the tables are never free within half a minute. */
  neverFree(): Error
}

/**
 * Runs a transaction under exclusive locks: whoever reads or writes the tables waits until it ends.
 * @throws what `neverFree` makes, after 30 s
 */
export async function runAlone<T>(database: Database, { tables, first, rest, neverFree }: Exclusive<T>): Promise<T> {
  const until = Date.now() + GIVES_UP_AFTER_MS
  for (;;)
    try {
      return await database.transaction(async transaction => {
        const { client } = transaction
        // One after the other; who waits here holds nothing.
        await transaction.run('select pg_advisory_xact_lock(hashtextextended($1, 0))', [`deskbridge alone ${database.schemaName}`])
        const all = await tables(transaction)
        await client.query(`set local statement_timeout = '${WAITS_FOR_TABLES}'`)
        await client.query(`lock table ${all.join(', ')} in access exclusive mode`)
        await client.query(`set local statement_timeout = 0; set local lock_timeout = '${WAITS_FOR_THE_REST}'`)
        await first(transaction, all)
        await client.query('set local lock_timeout = 0')
        return await rest(transaction)
      })
    } catch (error) {
      if (!IN_THE_WAY.has((error as { code?: string }).code ?? '')) throw error
      if (Date.now() > until) throw neverFree()
      await pause(20 + Math.random() * 100)
    }
}
