import type { Desk } from '../connections/index.ts'
import { findBondsOfRecords } from '../ownership/index.ts'
import type { Database } from '../platform/database.ts'
import { findKnownRecords } from './captured.store.ts'
import { seen } from './captured-tables.ts'
import type { SeenRecord } from './due.store.ts'
import { type Owning, ownerOf } from './owners.ts'

/**
 * Those of a page of changes that are a partner's, or were when they were captured last, or are bound to a reference. An item says
 * nothing of whose its request is. A record that becomes a partner's later is told by a New as it is then, with the files it has.
 */
export async function pickPartnersRecords(
  database: Database,
  desk: Desk,
  owning: Omit<Owning, 'bonds'>,
  page: readonly Record<string, string>[],
): Promise<SeenRecord[]> {
  const ids = page.map(row => row.sys_id!)
  const correlations = page.map(row => row.correlation_id ?? '').filter(Boolean)
  const [known, bonds] = await Promise.all([
    findKnownRecords(database, desk.environment, ids),
    correlations.length ? findBondsOfRecords(database, desk.environment, [], correlations) : [],
  ])
  const isSomebodys = (row: Record<string, string>) => {
    const kinds = desk.mapping.kinds.filter(({ table }) => table === row.sys_class_name)
    return !kinds.length || kinds.some(kind => ownerOf({ ...owning, bonds }, kind, row) !== undefined)
  }
  return page.filter(row => known.has(row.sys_id!) || isSomebodys(row)).map(seen)
}
