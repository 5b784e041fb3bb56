import type { Environment } from '../platform/environment.ts'
import type { Step, StepProgress } from './plan.ts'

/** A write as it is asked for, before it is accepted. */
export interface NewWrite {
  writeId: string
  environment: Environment
  /** Null: the exchange's own. */
  partnerId: string | null
  operation: string
  /** What makes two requests the same one: unique per environment and partner. */
  requestKey: string
  idempotencyKey: string | null
  contentSha256: string
  table: string
  sysId: string | null
  number: string | null
  reference: string | null
  plan: Step[]
  spoolFolder: string | null
  /** A filing makes its bond in the same commit. */
  bond?: { word: string; correlationId: string }
  /** A filing's reference as it is compared, and its hash as if it had been sent with another form of it. */
  filing?: { referenceKey: string; hashWith(reference: string): string }
  /**
   * sys_mod_count of the record, where it does not show what this request asks for. If an equal request was done before that save,
   * somebody has changed it since, and this one is no retry.
   */
  movedOn?: number | undefined
}

/** A write that was accepted, and how far it is. */
export interface RecordedWrite extends Omit<NewWrite, 'bond' | 'filing' | 'movedOn'> {
  progress: StepProgress[]
  state: 'open' | 'halted' | 'done'
  /** Goes up with each new holder: what an earlier one still wants to write down is not taken. */
  fence: number
  /** What the step adds that is begun; nobody else adds an equal one to the record meanwhile. */
  underWay: string | null
  /** The data folder whose spool has the files. */
  spoolAt: string | null
  /** Milliseconds since it was accepted, and since its current step was begun; the database's clock. */
  ageMs: number
  attemptAgeMs: number
}
