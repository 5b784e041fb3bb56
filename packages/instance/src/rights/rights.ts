import type { Table } from '../dictionary/dictionary.ts'
import type { Parameters } from '../query-language/parameters.ts'
import { type Caller, isFulfiller } from '../sign-in/caller.ts'
import type { Database } from '../storage/database.ts'

export type Write = 'Insert' | 'Update' | 'Delete'

/** Who may write a table's rows. */
type Writers = 'fulfillers' | 'administrators' | 'nobody'

/** Which rows somebody without a role of the desk may read. Fulfillers read all rows of all tables. */
type OthersRead = 'all' | 'own tickets' | 'attachments of own tickets' | 'none'

interface TableRights {
  readonly write: Writers
  readonly othersRead: OthersRead
}

/** Rights as data, by the root of the hierarchy. A table that is not listed is the administrator's. */
const RIGHTS: Readonly<Record<string, TableRights>> = {
  task: { write: 'fulfillers', othersRead: 'own tickets' },
  sysapproval_approver: { write: 'fulfillers', othersRead: 'none' },
  cmdb_ci: { write: 'fulfillers', othersRead: 'all' },
  core_company: { write: 'administrators', othersRead: 'all' },
  cmn_location: { write: 'administrators', othersRead: 'all' },
  cmn_department: { write: 'administrators', othersRead: 'all' },
  sys_user: { write: 'administrators', othersRead: 'all' },
  sys_user_group: { write: 'administrators', othersRead: 'all' },
  sys_user_grmember: { write: 'administrators', othersRead: 'none' },
  sys_user_role: { write: 'administrators', othersRead: 'none' },
  sys_user_has_role: { write: 'administrators', othersRead: 'none' },
  sys_properties: { write: 'administrators', othersRead: 'none' },
  // History is written by saves, attachments by their own API; nobody rewrites either.
  sys_journal_field: { write: 'nobody', othersRead: 'none' },
  sys_audit: { write: 'nobody', othersRead: 'none' },
  sys_audit_delete: { write: 'nobody', othersRead: 'none' },
  sys_attachment: { write: 'nobody', othersRead: 'attachments of own tickets' },
  // The dictionary is code; its rows only tell of it.
  sys_db_object: { write: 'nobody', othersRead: 'none' },
  sys_dictionary: { write: 'nobody', othersRead: 'none' },
  sys_dictionary_override: { write: 'nobody', othersRead: 'none' },
  sys_glide_object: { write: 'nobody', othersRead: 'all' },
  sys_choice: { write: 'nobody', othersRead: 'all' },
}

const ADMINISTRATORS_ONLY: TableRights = { write: 'administrators', othersRead: 'none' }

export function mayWrite(table: Table, caller: Caller): boolean {
  const { write } = RIGHTS[table.root] ?? ADMINISTRATORS_ONLY
  if (write === 'nobody') return false
  return caller.roles.has('admin') || (write === 'fulfillers' && isFulfiller(caller))
}

/**
 * The rows that a caller may see as an SQL condition on `t`, or undefined when that is all of them. Hidden rows still
 * count in `X-Total-Count` and still take their place in a page (contract servicenow-core.md 0.3 fact 4, 3.5).
 */
export function visible(database: Database, table: Table, caller: Caller, parameters: Parameters): string | undefined {
  if (isFulfiller(caller)) return undefined
  const { othersRead } = RIGHTS[table.root] ?? ADMINISTRATORS_ONLY
  if (othersRead === 'all') return undefined
  if (othersRead === 'none') return 'false'
  const me = parameters.add(caller.sysId, 'text')
  const own = (alias: string) => `${me} in (${alias}.caller_id, ${alias}.opened_by, ${alias}.requested_for)`
  return othersRead === 'own tickets'
    ? `coalesce(${own('t')}, false)`
    : `exists (select from ${database.name('task')} k where k.sys_id = t.table_sys_id and ${own('k')})`
}
