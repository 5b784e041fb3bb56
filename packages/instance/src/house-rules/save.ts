import type { Caller } from '../caller/caller.ts'
import type { Table } from '../dictionary/dictionary.ts'

/** A value that the database computes in the statement that saves; `made` is a row with `now`, `t` the row before an update. */
export interface Computed {
  readonly sql: (name: (table: string) => string) => string
}

/** The moment of the save by the database's clock, the same as in `sys_updated_on` and in audit and journal rows. */
export const NOW: Computed = { sql: () => 'made.now' }

/** What a field will hold: stored text, or what the database computes on saving. */
export type Value = string | Computed

/** What a save does to a record. */
export type Operation = 'insert' | 'update' | 'delete'

/** One save of one record, on its way through the house rules. */
export interface Save {
  /** The concrete class. */
  readonly table: Table
  readonly caller: Caller
  /** The record as it is, or undefined on insert. An empty field is the empty string. */
  readonly before: Readonly<Record<string, string>> | undefined
  /** The record as it will be; rules change this. */
  readonly after: Record<string, Value>
  /** Text that this save adds to journals. */
  readonly journals: { comments?: string; work_notes?: string }
  /** The instance itself makes this save, as a consequence of another: an approval that moves its change. */
  readonly byProcess?: boolean
}

/** What rules look up in rows that an administrator may change. */
export interface Lookups {
  priority(impact: string, urgency: string): string | undefined
}

/** A rule changes `after`, or throws a Refusal, which stops the save. */
export type Rule = (save: Save, lookups: Lookups) => void

/** Whether an update gives a field another value. */
export function changes(save: Save, field: string): boolean {
  return save.before !== undefined && save.before[field] !== save.after[field]
}

/** A field as it will be, where it is known before the save. */
export function will(save: Save, field: string): string {
  const value = save.after[field]
  return typeof value === 'string' ? value : ''
}
