import type { Desk } from '../connections/index.ts'
import type { LookBack } from '../lost-time/index.ts'
import type { Database } from '../platform/database.ts'

/** What a turn over due records needs. */
export interface Batch {
  database: Database
  desk: Desk
  baseline: string
  fence: number
  holder: string
  auditReadable: { now: boolean }
  back: LookBack | undefined
}

/** What came of it. */
export interface Outcome {
  /** How many updates were appended; undefined when somebody else captures now and nothing was written. */
  updates: number | undefined
  /** Records that a partner's request is being written to right now: they stay due. */
  postponed: string[]
  /** Comments of tasks are to be carried to their tickets. */
  carries: boolean
  /** Records of which the instance hides what it has, and how that shows. */
  blind: { records: string[]; cause: string } | undefined
}
