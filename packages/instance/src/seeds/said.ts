import type { Caller } from '../caller/caller.ts'
import type { Column, Table } from '../dictionary/dictionary.ts'
import { nearestNames } from '../nearest-names.ts'
import { serverValue } from '../query-language/server-values.ts'
import type { Store } from '../records/store.ts'
import type { Runs } from '../storage/database.ts'
import { findMeant } from './known-by.ts'
import type { SeedDifference } from './refused-seed.ts'

/** One value of a seed’s record. */
export interface SaidValue {
  readonly column: Column
  /** As it stands in the seed. */
  readonly said: unknown
  /** As text: `javascript:` is worked out, references are sys_ids. */
  readonly text: string
}

/** What a seed says of one record, and what of it means nothing. */
export interface Said {
  readonly values: readonly SaidValue[]
  readonly problems: readonly SeedDifference[]
}

/** Reads the fields of a seed’s record, before anything is written. */
export async function readSaid(
  store: Store,
  runs: Runs,
  { table, fields, caller }: { table: Table; fields: Readonly<Record<string, unknown>>; caller: Caller },
): Promise<Said> {
  const values: SaidValue[] = []
  const problems: SeedDifference[] = []
  for (const [field, said] of Object.entries(fields)) {
    const column = table.columns.get(field)
    if (!column) {
      problems.push({ field, said, why: `it has no column for that${nearestNames(field, table.columns.keys())}` })
      continue
    }
    const text = workedOut(column, plainText(said), caller, store.database.clock.now())
    const refers = (column.type === 'reference' || column.type === 'list') && !column.readOnly
    const meant = refers ? await findMeant(store, runs, column, text) : { sysIds: text }
    if ('why' in meant) problems.push({ field, said, why: meant.why })
    else values.push({ column, said, text: meant.sysIds })
  }
  return { values, problems }
}

/** A reference may come in the shape in which it was read, and a list as a list. */
function plainText(said: unknown): string {
  if (said === null || said === undefined) return ''
  if (Array.isArray(said)) return said.join(',')
  return typeof said === 'object' ? String((said as { value: unknown }).value) : String(said)
}

function workedOut({ type }: Column, text: string, caller: Caller, now: number): string {
  const value = serverValue(text, caller, now)
  if (value === undefined) return text
  return type === 'date' ? value.slice(0, 10) : value
}
