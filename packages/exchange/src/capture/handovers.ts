import type { Handover } from '../bonds/index.ts'
import type { CapturedRecord } from './capture.store.ts'
import { type Owning, ownerOf } from './owners.ts'
import type { Replayed } from './replay.ts'
import type { Save } from './saves.ts'
import type { LiveRecord } from './sources.ts'

/**
 * The saves among these that gave the record to somebody else. What a partner filed stays its own; and what was nobody's before was
 * said to nobody, so that its first owner has all of it.
 */
export function handoversIn(owning: Owning, live: LiveRecord, steps: readonly Replayed[], wasMovedBefore: boolean): Handover[] {
  const found: Handover[] = []
  for (const { save, before, after } of steps) {
    if (save.recordSysId !== live.sysId || save.creation) continue
    const [from, to] = [ownerOf(owning, live.kind, before), ownerOf(owning, live.kind, after)]
    const isMoved = live.kind.isTask ? from?.partnerId !== to?.partnerId : (before.company ?? '') !== (after.company ?? '')
    const wasSomebodys = live.kind.isTask ? from !== undefined : Boolean(before.company)
    if (!isMoved || from?.filed || to?.filed || !(wasSomebodys || wasMovedBefore || found.length)) continue
    const entries = save.journals.map(({ sourceId }) => sourceId)
    found.push({ at: save.at, entries, from: from?.partnerId ?? null, to: to?.partnerId ?? null })
  }
  return found
}

/** A row that shows up after its save was told: whose it is, the time in which it was written says, not the present. */
export function isLate(save: Save, captured: CapturedRecord | undefined): boolean {
  if (!captured || save.creation || save.changes.size) return false
  return save.at < captured.updatedOn && (save.checkpoint === undefined || save.checkpoint <= captured.modCount)
}

export const asEntry = (save: Save) => ({ sys_id: save.sourceIds[0] ?? '', sys_created_on: save.at })
