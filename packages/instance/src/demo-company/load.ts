import { applyRules } from '../house-rules/rules.ts'
import type { Practice } from '../practice.ts'
import { newSave, writeNew } from '../records/insert.ts'
import { ALL_RIGHTS } from '../rights/rights.ts'
import type { Caller } from '../sign-in/caller.ts'
import { DEFAULT_DATE_FORMAT, DEFAULT_ZONE } from '../sign-in/caller.ts'
import type { Transaction } from '../storage/database.ts'
import type { Made } from '../storage/schema.ts'
import { ACCESS_RULES } from './access-rules.ts'
import { DEMO } from './demo.ts'
import { BASE_RECORDS, DEMO_COMPANY } from './records.ts'

/** Who makes the records that an instance begins with. */
export function systemCaller(): Caller {
  return {
    sysId: DEMO.admin.sysId,
    userName: DEMO.admin.userName,
    name: 'System Administrator',
    roles: new Set(['admin']),
    rights: ALL_RIGHTS,
    zone: DEFAULT_ZONE,
    dateFormat: DEFAULT_DATE_FORMAT,
  }
}

const EMPTY: Made = { schema: true, table: () => true }

/**
 * Fills a schema that was just made, through the same house rules as everybody's records. One that an earlier version made
 * only gets what every instance has in the tables that are new to it: without access rules nobody could do anything.
 */
export async function fillSchema(
  practice: Practice,
  transaction: Transaction,
  withDemoCompany: boolean,
  made: Made = EMPTY,
): Promise<void> {
  const caller = systemCaller()
  const company = withDemoCompany && made.schema ? DEMO_COMPANY : []
  for (const { table: name, sysId, values, workNote } of [...BASE_RECORDS, ...ACCESS_RULES, ...company]) {
    const table = practice.dictionary.table(name)
    if (!table) throw new Error(`The demo company has a record of ${name}, which is no table`)
    if (!made.table(table.root)) continue
    const input = { values, journals: workNote === undefined ? {} : { work_notes: workNote } }
    const projection = practice.projections.of(table, 'sys_id', 'false')
    const save = newSave(table, caller, input)
    applyRules(save, practice.dictionary)
    await writeNew(practice, transaction, save, sysId, projection)
  }
}
