import type { Desk } from '../connections/index.ts'
import type { Kind } from '../mapping/index.ts'
import type { Database } from '../platform/database.ts'
import type { Caller } from '../sign-in/index.ts'
import { type Handover, readHistory } from './bonds.store.ts'

/** An entry of a record's journal, or a file of it. */
export interface Entry {
  sys_id: string
  /** The instance's time of it. */
  sys_created_on: string
}

/** Whose a record was at a time: null is nobody's; undefined where it was never moved, so that nobody but the present one had it. */
export function ownerThen(handovers: readonly Handover[], { sys_id, sys_created_on }: Entry): string | null | undefined {
  if (!handovers.length) return undefined
  // What came with the very save that moved it was said to the next one; anything else of that second, to the one before.
  const after = handovers.filter(({ at, entries }) => sys_created_on > at || entries.includes(sys_id))
  return after.length ? after.at(-1)!.to : handovers[0]!.from
}

/** Whether a partner may be shown an entry: it was said, or added, while the record was its own. */
export const isShownTo = (handovers: readonly Handover[], partnerId: string, entry: Entry): boolean => {
  const owner = ownerThen(handovers, entry)
  return owner === undefined || owner === partnerId
}

interface Shown {
  kind: Kind
  sysId: string
  values: Readonly<Record<string, string>>
  /** Whether the caller filed it: then all of it is the caller's. */
  filed: boolean
}

/**
 * What of a record's history the caller may be shown. Where a record has just been moved and capture has not seen it yet, nothing:
 * whose it was is not known.
 */
export async function historyOf(
  database: Database,
  desk: Desk,
  { environment, partnerId }: Pick<Caller, 'environment' | 'partnerId'>,
  { kind, sysId, values, filed }: Shown,
): Promise<(entry: Entry) => boolean> {
  if (filed || (kind.isTask && desk.mapping.taskHistoryIsHandedOn)) return () => true
  const { handovers, captured, pending, reached } = await readHistory(database, environment, sysId)
  const field = kind.isTask ? 'assignment_group' : 'company'
  const isCaptured = !pending && (values.sys_updated_on ?? '') <= (reached ?? '')
  // What was never saved again was never moved.
  const isFresh = values.sys_mod_count === '0'
  const isSame = captured !== null && (captured[field] ?? '') === (values[field] ?? '')
  if (!isSame && !isFresh && (captured !== null || !isCaptured)) return () => false
  return entry => isShownTo(handovers, partnerId, entry)
}
