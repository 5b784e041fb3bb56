import { Refusal } from './refusal.ts'

/** Contract servicenow-core.md 2.4, the row that says `stats`. */

export const mayNotAggregate = (table: string) =>
  new Refusal(403, 'Insufficient rights to query records', `No permission to read table '${table}'`)
