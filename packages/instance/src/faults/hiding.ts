import type { Caller, Hidden } from '../caller/caller.ts'
import type { Clock } from '../time/clock.ts'
import { utcText } from '../time/time-zone.ts'
import type { FaultEffect } from './request.ts'

/** The caller as one from whom the faults hide what they hide, with or without regard to rights. */
export function hideFrom(caller: Caller, faults: readonly FaultEffect[], clock: Pick<Clock, 'now'>): Caller {
  const hidden = faults.reduce((before, fault) => hide(before, fault, clock.now()), NOTHING)
  return hidden === NOTHING ? caller : { ...caller, hidden }
}

const NOTHING: Hidden = {}

function hide(hidden: Hidden, { kind, sysId, delayMs = 5_000 }: FaultEffect, now: number): Hidden {
  switch (kind) {
    case 'hidden-row':
      return sysId === undefined ? hidden : { ...hidden, records: [...(hidden.records ?? []), sysId] }
    case 'lagging-attachments':
      return { ...hidden, madeLater: { sys_attachment: utcText(now - delayMs) } }
    case 'hidden-journal':
      return { ...hidden, lists: { sys_journal_field: hidden.lists?.sys_journal_field ?? 'counted' } }
    case 'empty-journal':
      return { ...hidden, lists: { sys_journal_field: 'not counted' } }
    default:
      return hidden
  }
}
