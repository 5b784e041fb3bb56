import type { Practice } from '../practice.ts'
import type { Runs } from '../storage/database.ts'
import type { Stored } from './update.ts'

/** Deletes a record with its journal entries and attachments, in one statement. Its audit rows stay. */
export async function deleteRecord({ database }: Practice, runs: Runs, { table, sysId }: Stored): Promise<boolean> {
  const rows = await runs.run(
    `with t as (delete from ${database.name(table.root)} where sys_id = $1 returning sys_id),
j as (delete from ${database.name('sys_journal_field')} where element_id in (select sys_id from t)),
f as (delete from ${database.name('sys_attachment')} where table_sys_id in (select sys_id from t) returning sys_id),
d as (delete from ${database.name('sys_attachment_doc')} where sys_attachment in (select sys_id from f))
select sys_id from t`,
    [sysId],
  )
  return rows.length > 0
}
