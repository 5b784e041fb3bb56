import type { Practice, RecordChange } from '../practice.ts'
import type { Transaction } from '../storage/database.ts'

/** Some saves in one transaction. */
export interface Work {
  readonly transaction: Transaction
  /** What they touched, which is told when all of it is committed. */
  readonly changes: RecordChange[]
  /** How many rules set each other going to get here. */
  readonly depth: number
}

export async function inWork<T>(practice: Practice, run: (work: Work) => Promise<T>): Promise<T> {
  const changes: RecordChange[] = []
  const result = await practice.database.transaction(transaction => run({ transaction, changes, depth: 0 }))
  practice.changed(changes)
  return result
}
