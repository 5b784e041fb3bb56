import type { Caller } from '../caller/caller.ts'
import { ALL_RIGHTS } from '../caller/rights.ts'
import type { Table } from '../dictionary/dictionary.ts'
import type { Practice } from '../practice.ts'
import { filter } from '../query-language/statement.ts'
import { rulesWithoutEnd } from '../refusals/table.ts'
import type { Records, Values } from './after-rule.ts'
import { readInput } from './input.ts'
import { readStored, storedRows } from './update.ts'
import type { Work } from './work.ts'
import { insertRecord, removeRecord, updateRecord } from './writing.ts'

/** A rule that sets itself going again would never end. */
const DEEPEST = 20

/** Records in the transaction of a save, for the rules that it sets going; the saves are the caller's own. */
export function recordsIn(practice: Practice, outer: Work, whose: Caller): Records {
  const caller = { ...whose, rights: ALL_RIGHTS }
  if (outer.depth >= DEEPEST) throw rulesWithoutEnd()
  const work = { ...outer, depth: outer.depth + 1 }
  const { database, dictionary, projections } = practice
  const { transaction } = work
  const named = (name: string): Table => {
    const table = dictionary.table(name)
    if (!table) throw new Error(`A rule names the table ${name}, which is not there`)
    return table
  }
  const input = (table: Table, concrete: Table, values: Values) => readInput(practice, table, concrete, values, caller, false)
  const bare = (table: Table) => projections.of(table, 'sys_id', 'false')
  return {
    run: transaction.run,
    name: name => database.name(name),
    read: (name, sysId) => readStored(practice, transaction, named(name), sysId, true),
    find: async (name, query) => {
      const table = named(name)
      // A rule sees every row, as on an instance.
      const found = filter({ database, dictionary, table, caller, visible: () => undefined, query })
      return storedRows(practice, transaction, table, found)
    },
    insert: async (name, values) => {
      const table = named(name)
      const made = await insertRecord(practice, { table, caller, input: await input(table, table, values), projection: bare(table) }, work)
      return made.sysId
    },
    update: async (name, sysId, values, byProcess = false) => {
      const table = named(name)
      const read = (concrete: Table) => input(concrete, concrete, values)
      return (await updateRecord(practice, { table, caller, sysId, projection: bare(table), read, byProcess }, work)) !== undefined
    },
    delete: async (name, sysId) => {
      const stored = await readStored(practice, transaction, named(name), sysId, true)
      return stored !== undefined && removeRecord(practice, stored, caller, work)
    },
  }
}
