import type { Dictionary } from './dictionary/dictionary.ts'
import type { Operation } from './house-rules/save.ts'
import type { WakeUps } from './processes/wake-ups.ts'
import type { Rules } from './records/after-rule.ts'
import type { Projections } from './records/projection.ts'
import type { Standing } from './standing/standing.ts'
import type { Database } from './storage/database.ts'

/** What every part of one practice instance shares. */
export interface Practice {
  readonly database: Database
  readonly dictionary: Dictionary
  readonly projections: Projections
  readonly rules: Rules
  readonly standing: Standing
  readonly wakeUps: WakeUps
  /** The address that links carry (property `glide.rest.replace_request_host_with_property`, contract servicenow-core.md 2.1). */
  baseUrl: string
  /** Tells the listeners what a committed write touched. */
  changed(changes: readonly RecordChange[]): void
  /** Brings all records back to what the schema began with. */
  reset(): Promise<void>
}

export interface RecordChange {
  readonly table: string
  readonly sysId: string
  readonly operation: Operation
}
