import type { Caller } from '../caller/caller.ts'
import { Parameters } from '../query-language/parameters.ts'
import type { Runs } from '../storage/database.ts'
import { xmlElement } from '../wire/xml.ts'
import { NEW_ID, SYSTEM } from './history-rows.ts'
import { DATABASE_NOW } from './insert.ts'
import type { Store } from './store.ts'
import type { Stored } from './update.ts'

/**
 * Deletes a record with its journal entries and attachments, in one statement. Its audit rows stay, and where the table
 * is audited a row of `sys_audit_delete` holds the record as it was.
 */
export async function deleteRecord({ database }: Pick<Store, 'database'>, runs: Runs, stored: Stored, caller: Caller): Promise<boolean> {
  const { table, sysId, values } = stored
  const parameters = new Parameters()
  const key = parameters.add(sysId, 'text')
  const auditSql = () => {
    const by = parameters.add(caller.userName, 'text')
    const fields = Object.fromEntries(
      [...table.columns.values()].filter(({ type }) => type !== 'password').map(({ name }) => [name, values[name] ?? '']),
    )
    return `,
a as (insert into ${database.name('sys_audit_delete')} (${SYSTEM}, tablename, documentkey, display_value, payload)
  select ${NEW_ID}, made.now, ${by}, made.now, ${by}, 0, '${table.name}', t.sys_id, ${parameters.add(values[table.display] ?? '', 'text')}, ${parameters.add(xmlElement(table.name, fields), 'text')} from t, made)`
  }
  const rows = await runs.run(
    `with made as (select ${DATABASE_NOW}),
t as (delete from ${database.name(table.root)} where sys_id = ${key} returning sys_id),
j as (delete from ${database.name('sys_journal_field')} where element_id in (select sys_id from t)),
f as (delete from ${database.name('sys_attachment')} where table_sys_id in (select sys_id from t) returning sys_id),
d as (delete from ${database.name('sys_attachment_doc')} where sys_attachment in (select sys_id from f))${table.audited ? auditSql() : ''}
select sys_id from t`,
    parameters.values,
  )
  return rows.length > 0
}
