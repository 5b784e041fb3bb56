import type { Caller } from '../caller/caller.ts'
import { DEFAULT_DATE_FORMAT, DEFAULT_ZONE } from '../caller/caller.ts'
import { ALL_RIGHTS } from '../caller/rights.ts'
import { DEMO } from '../demo-company/demo.ts'
import { DEMO_COMPANY } from '../demo-company/records.ts'
import { applyRules } from '../house-rules/rules.ts'
import { newSave, writeNew } from '../records/insert.ts'
import type { RecordSaving } from '../records/saving.ts'
import { quote, type Transaction } from '../storage/database.ts'
import type { Made } from '../storage/schema.ts'
import { utcText } from '../time/time-zone.ts'
import { ACCESS_RULES } from './access-rules.ts'
import { BASE_RECORDS } from './base-records.ts'
import { writeNumbers } from './numbers.ts'

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

/** What making the first records needs. */
export type Filling = Pick<RecordSaving, 'database' | 'dictionary' | 'projections' | 'standing'>

const EMPTY: Made = { schema: true, table: () => true }

/**
 * Fills a schema that was just made, through the same house rules as everybody's records. One that an earlier version made
 * only gets what every instance has in the tables that are new to it: without access rules nobody could do anything.
 */
export async function fillSchema(filling: Filling, transaction: Transaction, withDemoCompany: boolean, made: Made = EMPTY): Promise<void> {
  const caller = systemCaller()
  await writePlain(filling, transaction, caller, made)
  await writeNumbers(filling.database, filling.dictionary, transaction)
  const company = withDemoCompany && made.schema ? DEMO_COMPANY : []
  for (const { table: name, sysId, values, workNote } of [...BASE_RECORDS, ...company]) {
    const table = filling.dictionary.table(name)
    if (!table) throw new Error(`The demo company has a record of ${name}, which is no table`)
    if (!made.table(table.root)) continue
    const input = { values, journals: workNote === undefined ? {} : { work_notes: workNote } }
    const projection = filling.projections.of(table, 'sys_id', 'false')
    const save = newSave(table, caller, input)
    applyRules(save, filling.dictionary, filling.standing)
    await writeNew(filling, transaction, { save, sysId, projection })
  }
}

/** Records that no house rule is about and nobody has changed yet: a statement for each table, not for each of a hundred records. */
async function writePlain({ database, dictionary }: Filling, transaction: Transaction, caller: Caller, made: Made): Promise<void> {
  const now = utcText(database.clock.now())
  const who = {
    sys_created_on: now,
    sys_created_by: caller.userName,
    sys_updated_on: now,
    sys_updated_by: caller.userName,
    sys_mod_count: 0,
  }
  for (const name of new Set(ACCESS_RULES.map(({ table }) => table))) {
    if (!made.table(name)) continue
    const table = dictionary.table(name)!
    const rows = ACCESS_RULES.filter(record => record.table === name).map(({ sysId, values }) => ({
      sys_id: sysId,
      ...newSave(table, caller, { values, journals: {} }).after,
      ...who,
    }))
    const columns = [...new Set(rows.flatMap(row => Object.keys(row)))].map(quote).join(', ')
    await transaction.run(
      `insert into ${database.name(name)} (${columns}) select ${columns} from json_populate_recordset(null::${database.name(name)}, $1::json)`,
      [JSON.stringify(rows)],
    )
  }
}
