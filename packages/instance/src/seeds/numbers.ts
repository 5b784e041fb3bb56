import type { Dictionary } from '../dictionary/dictionary.ts'
import type { Database, Transaction } from '../storage/database.ts'
import { fixedSysId } from '../sys-id.ts'

/** A row for each table that numbers its records, a seed's too. One that is there stays as an administrator left it. */
export async function writeNumbers(database: Database, { definitions }: Dictionary, transaction: Transaction): Promise<void> {
  const rows = definitions.flatMap(({ name, number }) =>
    number ? [{ sys_id: fixedSysId(`sys_number ${name}`), category: name, prefix: number.prefix, number: number.first }] : [],
  )
  await transaction.run(
    `with made as (select date_trunc('second', statement_timestamp() at time zone 'UTC') as now)
insert into ${database.name('sys_number')}
  (sys_id, category, prefix, number, maximum_digits, sys_created_on, sys_created_by, sys_updated_on, sys_updated_by, sys_mod_count)
  select r.sys_id, r.category, r.prefix, r.number, 7, made.now, 'system', made.now, 'system', 0
  from json_to_recordset($1::json) as r (sys_id text, category text, prefix text, number integer), made
  on conflict (sys_id) do nothing`,
    [JSON.stringify(rows)],
  )
}
