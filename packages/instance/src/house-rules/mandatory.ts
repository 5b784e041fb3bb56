import type { Table } from '../dictionary/dictionary.ts'
import { missing } from './incident.ts'
import { changes, type Rule } from './save.ts'

const remembered = new WeakMap<Table, readonly string[]>()

function mandatoryOf(table: Table): readonly string[] {
  const known = remembered.get(table)
  if (known) return known
  const found = [...table.columns.values()].filter(({ mandatory }) => mandatory).map(({ name }) => name)
  remembered.set(table, found)
  return found
}

/** What the dictionary calls mandatory is not left empty: by a new record, nor by whoever empties it (contract servicenow-core.md 2.4). */
export const mandatoryFields: Rule = save => {
  const required = mandatoryOf(save.table)
  if (required.length === 0) return
  missing(
    save,
    required.filter(field => !save.before || changes(save, field)),
  )
}
