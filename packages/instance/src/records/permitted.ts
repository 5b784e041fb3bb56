import type { Operation } from '../caller/access-rules.ts'
import type { Caller } from '../caller/caller.ts'
import type { Table } from '../dictionary/dictionary.ts'
import type { Practice } from '../practice.ts'
import { Parameters } from '../query-language/parameters.ts'
import { rightsException } from '../refusals/table.ts'
import { allowed } from '../rights/visible.ts'
import type { Runs } from '../storage/database.ts'
import { inWork, type Work } from './work.ts'

export type Write = 'Insert' | 'Update' | 'Delete'

const OPERATIONS: Readonly<Record<Write, Operation>> = { Insert: 'create', Update: 'write', Delete: 'delete' }

/** Whether a caller may write a record as it is. Costs nothing where he may write all or none. */
export async function mayWrite(practice: Practice, table: Table, caller: Caller, write: Write, sysId: string): Promise<boolean> {
  const may = caller.rights.records(table, OPERATIONS[write])
  return may === 'all' || (may !== 'none' && holdsFor(practice, practice.database, table, caller, write, sysId))
}

/**
 * Makes a record, and takes it back when it is none that the caller may make.
 * @param outer the work that this is a part of, which then is taken back as a whole
 */
export async function insertPermitted<T extends { sysId: string }>(
  practice: Practice,
  table: Table,
  caller: Caller,
  insert: (work?: Work) => Promise<T>,
  outer?: Work,
): Promise<T> {
  const may = caller.rights.records(table, 'create')
  if (may === 'all') return insert(outer)
  if (may === 'none') throw rightsException('Insert')
  const checked = async (work: Work) => {
    const made = await insert(work)
    if (!(await holdsFor(practice, work.transaction, table, caller, 'Insert', made.sysId))) throw rightsException('Insert')
    return made
  }
  return outer ? checked(outer) : inWork(practice, checked)
}

async function holdsFor({ database }: Practice, runs: Runs, table: Table, caller: Caller, write: Write, sysId: string): Promise<boolean> {
  const parameters = new Parameters()
  const key = parameters.add(sysId, 'text')
  const condition = allowed(database, table, caller, OPERATIONS[write], parameters) ?? 'true'
  const rows = await runs.run(`select 1 from ${database.name(table.root)} t where t.sys_id = ${key} and ${condition}`, parameters.values)
  return rows.length > 0
}
