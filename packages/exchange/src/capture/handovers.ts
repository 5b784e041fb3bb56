import type { Handover } from '../ownership/index.ts'
import type { CapturedRecord } from './captured.store.ts'
import { type Owning, ownerOf } from './owners.ts'
import type { Replayed } from './replay.ts'
import type { Save } from './saves.ts'
import type { LiveRecord } from './sources.ts'

/** What saves say of whose a record was. */
export interface Moves {
  /** Those of them that gave it to somebody else, in order. */
  handovers: Handover[]
  /** Entries of it that came after its last earlier handover, though their time is not later. */
  after: string[]
}

interface Before {
  captured: CapturedRecord | undefined
  handovers: readonly Handover[]
  /** The latest time of its rows that were captured already. */
  latest: string
}

/**
 * The saves among these that gave the record to somebody else. What a partner filed stays its own; and what was nobody's before was
 * said to nobody, so that its first owner has all of it. Where the instance's clock was put back, a handover stands at the latest time of
 * what was said before it, and names what came after it and has no later time: the numbers of saves tell that, times do not.
 */
export function movesIn(owning: Owning, live: LiveRecord, steps: readonly Replayed[], before: Before): Moves {
  const moves: Moves = { handovers: [], after: [] }
  let until = before.handovers.at(-1)?.at
  // What came after a handover is named with it.
  let named = moves.after
  let { latest } = before
  let moved = before.captured?.updatedOn ?? ''
  for (const step of steps) {
    const { save } = step
    if (save.recordSysId !== live.sysId) continue
    if (save.at > latest) latest = save.at
    const entries = save.journals.map(({ sourceId }) => sourceId)
    const handover = handoverOf(owning, live, step, until !== undefined)
    if (handover) {
      moves.handovers.push({ ...handover, at: latest, entries })
      until = latest
      moved = save.at
      named = entries
    } else if (until !== undefined && save.at <= until) {
      // A file without a number came after the move when its time is later than that of the move itself.
      const byTime = save.file !== undefined && save.at > moved
      const isLater = save.checkpoint === undefined ? byTime : save.checkpoint > (before.captured?.modCount ?? -1)
      if (isLater) named.push(...(save.file ? save.sourceIds : entries))
    }
  }
  return moves
}

function handoverOf(
  owning: Owning,
  live: LiveRecord,
  { save, before, after }: Replayed,
  wasMovedBefore: boolean,
): Pick<Handover, 'from' | 'to'> | undefined {
  if (save.creation) return undefined
  const [from, to] = [ownerOf(owning, live.kind, before), ownerOf(owning, live.kind, after)]
  const isMoved = live.kind.isTask ? from?.partnerId !== to?.partnerId : (before.company ?? '') !== (after.company ?? '')
  const wasSomebodys = live.kind.isTask ? from !== undefined : Boolean(before.company)
  if (!isMoved || from?.filed || to?.filed || !(wasSomebodys || wasMovedBefore)) return undefined
  return { from: from?.partnerId ?? null, to: to?.partnerId ?? null }
}

/** A row that shows up after its save was told: whose it is, the time in which it was written says, not the present. */
export function isLate(save: Save, captured: CapturedRecord | undefined): boolean {
  if (!captured || save.creation || save.changes.size) return false
  return save.at < captured.updatedOn && (save.checkpoint === undefined || save.checkpoint <= captured.modCount)
}

export const asEntry = (save: Save) => ({ sys_id: save.sourceIds[0] ?? '', sys_created_on: save.at })
