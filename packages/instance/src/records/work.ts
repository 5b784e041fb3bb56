import type { Database, Transaction } from '../storage/database.ts'
import type { RecordChange } from './record-change.ts'

const DEADLOCK = '40P01'

/** Where work is done, and where its changes are announced. */
export interface Announcing {
  readonly database: Database
  /** Called after a commit with what it touched; never throws. */
  announce(changes: readonly RecordChange[]): void
}

/** Some saves in one transaction. */
export interface Work {
  readonly transaction: Transaction
  /** What they touched, which is announced when all of it is committed. */
  readonly changes: RecordChange[]
  /** How many rules set each other going to get here. */
  readonly depth: number
}

const MOST_TRIES = 12

/**
 * Runs a statement or transaction, again after a deadlock: of two that lock each other's records PostgreSQL rolls one back, whole, which
 * then finds what the other one did. So `run` may run more than once.
 */
export async function runAgainAfterDeadlock<T>(run: (isAgain: boolean) => Promise<T>): Promise<T> {
  for (let left = MOST_TRIES; ; left -= 1)
    try {
      return await run(left < MOST_TRIES)
    } catch (error) {
      if ((error as { code?: string }).code !== DEADLOCK || left === 1) throw error
    }
}

/** Runs some saves in one transaction. Retries go one by one under an advisory lock, else they would meet again. `run` may run more than once. */
export function runInWork<T>({ database, announce }: Announcing, run: (work: Work) => Promise<T>): Promise<T> {
  return runAgainAfterDeadlock(async isAgain => {
    const changes: RecordChange[] = []
    const result = await database.transaction(async transaction => {
      if (isAgain)
        await transaction.run('select pg_advisory_xact_lock(hashtextextended($1, 0))', [`deskbridge again ${database.schemaName}`])
      return run({ transaction, changes, depth: 0 })
    })
    announce(changes)
    return result
  })
}
