import type { Database, Runs } from '../storage/database.ts'
import type { OwnTables, ReadSeed } from './seed.ts'

/** What a schema remembers of how it was made, so that the next start has the same tables and a reset the same records. */
export interface Setup {
  readonly demo: boolean
  readonly own: OwnTables
  readonly records: readonly ReadSeed['records'][]
}

/** A dictionary without tables or columns of somebody’s own. */
export const NOTHING_OWN: OwnTables = { tables: [], columns: {} }

/** Undefined in a schema that is not there, or that was made before such things were remembered. */
export async function readSetup(database: Database, runs: Runs = database): Promise<Setup | undefined> {
  const [there] = await runs.run('select to_regclass($1) is not null', [database.name('practice_setup')])
  if (there?.[0] !== 't') return undefined
  const [row] = await runs.run(`select setup from ${database.name('practice_setup')}`)
  return row === undefined ? undefined : (JSON.parse(row[0] ?? '') as Setup)
}

/** Writes down how the schema was made. */
export async function writeSetup(database: Database, runs: Runs, setup: Setup): Promise<void> {
  await runs.run(
    `insert into ${database.name('practice_setup')} (only_row, setup) values (true, $1) on conflict (only_row) do update set setup = excluded.setup`,
    [JSON.stringify(setup)],
  )
}
