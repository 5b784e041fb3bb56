import type { Operation } from '../caller/access-rules.ts'
import type { Caller } from '../caller/caller.ts'
import type { Table } from '../dictionary/dictionary.ts'
import { Parameters } from '../query-language/parameters.ts'
import { rightsException } from '../refusals/table.ts'
import { allowed } from '../rights/visible.ts'
import type { Database, Runs } from '../storage/database.ts'
import type { Store } from './store.ts'
import { type Announcing, runInWork, type Work } from './work.ts'

/** What somebody does to a record, in the words of a refusal. */
export type Write = 'Insert' | 'Update' | 'Delete'

const OPERATIONS: Readonly<Record<Write, Operation>> = { Insert: 'create', Update: 'write', Delete: 'delete' }

interface Asked {
  readonly table: Table
  readonly caller: Caller
  readonly write: Write
  readonly sysId: string
}

/** Whether a caller may write a record as it is. Costs nothing where he may write all or none. */
export async function mayWrite({ database }: Pick<Store, 'database'>, asked: Asked): Promise<boolean> {
  const { table, caller, write } = asked
  const may = caller.rights.records(table, OPERATIONS[write])
  return may === 'all' || (may !== 'none' && isPermitted(database, database, asked))
}

/** A record that somebody makes. */
export interface Insertion<T> {
  readonly table: Table
  readonly caller: Caller
  insert(work?: Work): Promise<T>
  /** The work that this is a part of, which is rolled back as a whole where the record is none that the caller may make. */
  readonly outer?: Work | undefined
}

/**
 * Makes a record, and rolls it back when it is none that the caller may make.
 * @throws Refusal where it is none
 */
export async function insertPermitted<T extends { sysId: string }>(
  announcing: Announcing,
  { table, caller, insert, outer }: Insertion<T>,
): Promise<T> {
  const may = caller.rights.records(table, 'create')
  if (may === 'all') return insert(outer)
  if (may === 'none') throw rightsException('Insert')
  const insertChecked = async (work: Work) => {
    const made = await insert(work)
    if (!(await isPermitted(announcing.database, work.transaction, { table, caller, write: 'Insert', sysId: made.sysId })))
      throw rightsException('Insert')
    return made
  }
  return outer ? insertChecked(outer) : runInWork(announcing, insertChecked)
}

async function isPermitted(database: Database, runs: Runs, { table, caller, write, sysId }: Asked): Promise<boolean> {
  const parameters = new Parameters()
  const key = parameters.add(sysId, 'text')
  const condition = allowed(database, { table, caller, operation: OPERATIONS[write] }, parameters) ?? 'true'
  const rows = await runs.run(`select 1 from ${database.name(table.root)} t where t.sys_id = ${key} and ${condition}`, parameters.values)
  return rows.length > 0
}
