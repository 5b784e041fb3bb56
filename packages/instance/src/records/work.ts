import type { Practice, RecordChange } from '../practice.ts'
import type { Transaction } from '../storage/database.ts'

const DEADLOCK = '40P01'

/** Some saves in one transaction. */
export interface Work {
  readonly transaction: Transaction
  /** What they touched, which is told when all of it is committed. */
  readonly changes: RecordChange[]
  /** How many rules set each other going to get here. */
  readonly depth: number
}

const MOST_TRIES = 12

/**
 * Two saves that set rules going can wait for each other's records. PostgreSQL then gives one of them up, of which nothing remains: it
 * begins again, and finds what the other one did. Those who begin again go one by one, else they would meet again. So `run` may run
 * more than once.
 */
export async function inWork<T>(practice: Practice, run: (work: Work) => Promise<T>): Promise<T> {
  for (let left = MOST_TRIES; ; left -= 1) {
    const changes: RecordChange[] = []
    try {
      const result = await practice.database.transaction(async transaction => {
        if (left < MOST_TRIES)
          await transaction.run('select pg_advisory_xact_lock(hashtextextended($1, 0))', [
            `deskbridge again ${practice.database.schemaName}`,
          ])
        return run({ transaction, changes, depth: 0 })
      })
      practice.changed(changes)
      return result
    } catch (error) {
      if ((error as { code?: string }).code !== DEADLOCK || left === 1) throw error
    }
  }
}
