import type { Desk } from '../connections/index.ts'
import { type Kind, withZone } from '../mapping/index.ts'
import type { Database } from '../platform/database.ts'
import type { Caller } from '../sign-in/index.ts'
import { type Handover, type History, readHistory } from './handovers.store.ts'

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

/** Rows of one time become visible so far apart: a change of the very time that capture has reached may still be unseen. */
const VISIBLE_WITHIN_MS = 10_000

/**
 * What of a record's history the caller may be shown. Where a record has just been moved, or may have been, and capture has not seen it
 * yet, nothing: whose it was is not known.
 */
export async function findShownHistory(
  database: Database,
  desk: Desk,
  { caller: { environment, partnerId }, signal }: { caller: Pick<Caller, 'environment' | 'partnerId'>; signal: AbortSignal },
  { kind, sysId, values, filed }: Shown,
): Promise<(entry: Entry) => boolean> {
  if (filed || (kind.isTask && desk.mapping.taskHistoryIsHandedOn)) return () => true
  const history = await readHistory(database, environment, sysId)
  const field = kind.isTask ? 'assignment_group' : 'company'
  const audit = (since: string) => desk.serviceNow.audit.list({ recordIds: [sysId], since }, { signal })
  // What was never saved again was never moved.
  const isKnown =
    values.sys_mod_count === '0' ||
    (history.captured ? await isWhereItWas(audit, history.captured, field, values) : await isNobodyElses(audit, history, field, values))
  return isKnown ? entry => isShownTo(history.handovers, partnerId, entry) : () => false
}

type Values = Readonly<Record<string, string>>
/** The record's field changes since a time of the instance. */
type Audit = (since: string) => ReturnType<Desk['serviceNow']['audit']['list']>

/**
 * Whether a record that capture has never taken up was nobody else's since it looks. sys_audit tells; where that may not be read, it must
 * do that capture is well past the record's last save.
 */
async function isNobodyElses(audit: Audit, { baseline, reached, pending }: History, field: string, values: Values): Promise<boolean> {
  const { sys_updated_on: savedOn = '' } = values
  if (pending || !baseline || !reached) return false
  if (savedOn < baseline) return true
  try {
    const { rows } = await audit(baseline)
    return !rows.some(row => row.fieldname === field)
  } catch (error) {
    // One that is silent for a moment only can tell later.
    if (!['forbidden', 'unreadable'].includes((error as { kind?: string }).kind ?? '')) return false
    const time = (text: string) => Date.parse(withZone(text))
    return time(savedOn) < time(reached) - VISIBLE_WITHIN_MS
  }
}

/** Whether a record is whose it was when capture saw it, and has not been somebody else's meanwhile. */
async function isWhereItWas(audit: Audit, captured: Values, field: string, values: Values): Promise<boolean> {
  if ((captured[field] ?? '') !== (values[field] ?? '')) return false
  if (captured.sys_mod_count === values.sys_mod_count) return true
  const [known, now] = [captured.sys_updated_on ?? '', values.sys_updated_on ?? '']
  try {
    const { rows } = await audit(known < now ? known : now)
    return !rows.some(row => row.fieldname === field && Number(row.record_checkpoint) > Number(captured.sys_mod_count))
  } catch {
    // Where sys_audit may not be read, or not now, only capture can tell.
    return false
  }
}
