import type { Caller } from '../caller/caller.ts'
import type { Dictionary, Table } from '../dictionary/dictionary.ts'
import type { Database } from '../storage/database.ts'
import type { Parameters } from './parameters.ts'
import type { Walk } from './walk.ts'

/** A question about the rows of one table, while it becomes SQL. */
export interface Question {
  readonly caller: Caller
  readonly now: number
  readonly database: Database
  readonly dictionary: Dictionary
  readonly table: Table
  readonly walk: Walk
  readonly parameters: Parameters
  /** The words that are searched for, as SQL: what fits them best comes first. */
  readonly wanted: string[]
  /** The rows of a table that the caller may see, as an SQL condition on `t`, or undefined when that is all of them. */
  visible(table: Table, parameters: Parameters): string | undefined
  /** Called for each invalid term. */
  drop(): void
}
