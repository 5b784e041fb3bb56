import type { Dictionary } from '../dictionary/dictionary.ts'
import type { Database } from '../storage/database.ts'

/** Where records lie, and what their tables are made of: all that reading one needs. */
export interface Store {
  readonly database: Database
  readonly dictionary: Dictionary
}
