import type { Operation } from '../house-rules/save.ts'

/** A record that a committed write touched. */
export interface RecordChange {
  readonly table: string
  readonly sysId: string
  readonly operation: Operation
}
