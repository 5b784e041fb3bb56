import { query } from '@deskbridge/servicenow'
import type { Desk } from '../connections/index.ts'
import type { SeenRecord } from './due.store.ts'

export const FIELDS = ['sys_id', 'sys_class_name', 'sys_mod_count', 'sys_updated_on']
/** What says whose a record is: asked with the list of changes, so that nothing more is read of what is nobody's. */
export const OWNING_FIELDS = ['company', 'assignment_group', 'correlation_id', 'correlation_display', 'sys_created_by']

/** The tables whose records are tickets, items of tickets, or tasks. */
export function capturedTables({ mapping }: Desk): string[] {
  return [...new Set(mapping.kinds.flatMap(kind => [kind.table, ...(kind.items ? [kind.items.table] : [])]))]
}

export const ofTables = (desk: Desk) => query().in('sys_class_name', capturedTables(desk))

/** A row of one of them, as it is recorded. */
export const seen = (row: Record<string, string>): SeenRecord => ({
  sysId: row.sys_id!,
  table: row.sys_class_name!,
  modCount: Number(row.sys_mod_count ?? 0),
  updatedOn: row.sys_updated_on!,
})
