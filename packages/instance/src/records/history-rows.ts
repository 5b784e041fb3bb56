import type { Save } from '../house-rules/save.ts'
import type { Parameters } from '../query-language/parameters.ts'
import type { Store } from './store.ts'

/** A new sys_id, made by the database. */
export const NEW_ID = "replace(gen_random_uuid()::text, '-', '')"
/** The columns that every table has. */
export const SYSTEM = 'sys_id, sys_created_on, sys_created_by, sys_updated_on, sys_updated_by, sys_mod_count'

/** The journal entries of a save as a part of its statement, where `t` is the saved record; empty when there are none. */
export function journalRows({ database }: Pick<Store, 'database'>, { table, journals }: Save, parameters: Parameters, by: string): string {
  const entries = (['comments', 'work_notes'] as const).flatMap(element => {
    const value = journals[element]
    return value === undefined ? [] : [`('${element}', ${parameters.add(value, 'text')})`]
  })
  if (entries.length === 0) return ''
  return `,
j as (insert into ${database.name('sys_journal_field')} (${SYSTEM}, name, element, element_id, value)
  select ${NEW_ID}, t.sys_updated_on, ${by}, t.sys_updated_on, ${by}, 0, '${table.name}', v.element, t.sys_id, v.value from t cross join (values ${entries.join(', ')}) v (element, value))`
}

/** A field that a save changes, in stored form. */
export interface FieldChange {
  readonly field: string
  readonly before: string
  /** The new value, or undefined for the moment of the save. */
  readonly after: string | undefined
}

/** One audit row for each changed field, all with the time of the save and the record's new update count (contract servicenow-core.md 12.3). */
export function auditRows(
  { database }: Pick<Store, 'database'>,
  { save, fieldChanges, parameters, by }: { save: Save; fieldChanges: readonly FieldChange[]; parameters: Parameters; by: string },
): string {
  if (!save.table.audited) return ''
  const text = (value: string) => (value === '' ? 'null::text' : parameters.add(value, 'text'))
  const rows = fieldChanges.map(
    ({ field, before, after }) =>
      `('${field}', ${text(before)}, ${after === undefined ? "to_char(t.sys_updated_on, 'YYYY-MM-DD HH24:MI:SS')" : text(after)})`,
  )
  for (const element of ['comments', 'work_notes'] as const) {
    const value = save.journals[element]
    if (value !== undefined) rows.push(`('${element}', null::text, ${parameters.add(value, 'text')})`)
  }
  if (rows.length === 0) return ''
  return `,
a as (insert into ${database.name('sys_audit')} (${SYSTEM}, tablename, documentkey, fieldname, oldvalue, newvalue, "user", record_checkpoint)
  select ${NEW_ID}, t.sys_updated_on, ${by}, t.sys_updated_on, ${by}, 0, '${save.table.name}', t.sys_id, v.field, v.before, v.after, ${by}, t.sys_mod_count::text
  from t cross join lateral (values ${rows.join(', ')}) v (field, before, after))`
}
