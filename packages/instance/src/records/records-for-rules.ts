import type { Caller } from '../caller/caller.ts'
import { ALL_RIGHTS } from '../caller/rights.ts'
import type { Table } from '../dictionary/dictionary.ts'
import { filter } from '../query-language/statement.ts'
import { rulesWithoutEnd } from '../refusals/table.ts'
import type { Records, StoredValues } from './after-rule.ts'
import { type Input, readInput } from './input.ts'
import type { Projection, Projections } from './projection.ts'
import type { Store } from './store.ts'
import { readStored, readStoredRows, type Stored } from './update.ts'
import type { Work } from './work.ts'

/** A rule that sets itself going again would never end. */
const DEEPEST = 20

interface Wanted {
  readonly table: Table
  readonly caller: Caller
  readonly projection: Projection
}

/** How a rule's own saves are done: as every other one, in the work that they are a part of. */
interface Saves<S> {
  insertRecord(saving: S, wanted: Wanted & { input: Input }, work: Work): Promise<{ sysId: string }>
  updateRecord(
    saving: S,
    wanted: Wanted & { sysId: string; byProcess: boolean; read: (concrete: Table) => Promise<Input> },
    work: Work,
  ): Promise<object | undefined>
  removeRecord(saving: S, stored: Stored, caller: Caller, work: Work): Promise<boolean>
}

/**
 * Records in the transaction of a save, for the rules that it sets going; the saves are the caller's own.
 * @throws Refusal where rules have set each other going twenty times
 */
export function recordsIn<S extends Store & { readonly projections: Projections }>(
  saving: S,
  outer: Work,
  whose: Caller,
  { insertRecord, updateRecord, removeRecord }: Saves<S>,
): Records {
  const caller = { ...whose, rights: ALL_RIGHTS }
  if (outer.depth >= DEEPEST) throw rulesWithoutEnd()
  const work = { ...outer, depth: outer.depth + 1 }
  const { database, dictionary, projections } = saving
  const { transaction } = work
  const named = (name: string): Table => {
    const table = dictionary.table(name)
    if (!table) throw new Error(`A rule names the table ${name}, which is not there`)
    return table
  }
  const lockedRecord = (table: Table, sysId: string) => readStored(saving, { table, sysId, lock: true }, transaction)
  const bare = (table: Table) => projections.of(table, 'sys_id', 'false')
  return {
    run: transaction.run,
    name: name => database.name(name),
    read: (name, sysId) => lockedRecord(named(name), sysId),
    find: async (name, query) => {
      const table = named(name)
      // A rule sees every row, as on an instance.
      const found = filter({ database, dictionary, table, caller, visible: () => undefined, query })
      return readStoredRows(saving, transaction, table, found)
    },
    insert: async (name, body: StoredValues) => {
      const table = named(name)
      const input = await readInput(saving, { table, body, caller })
      return (await insertRecord(saving, { table, caller, input, projection: bare(table) }, work)).sysId
    },
    update: async (name, sysId, body: StoredValues, byProcess = false) => {
      const table = named(name)
      const read = (concrete: Table) => readInput(saving, { table: concrete, body, caller })
      return (await updateRecord(saving, { table, caller, sysId, projection: bare(table), read, byProcess }, work)) !== undefined
    },
    delete: async (name, sysId) => {
      const stored = await lockedRecord(named(name), sysId)
      return stored !== undefined && removeRecord(saving, stored, caller, work)
    },
  }
}
