import type { OpenCall } from '../call/call.ts'
import type { Caller } from '../caller/caller.ts'
import type { Table } from '../dictionary/dictionary.ts'
import { utcText } from '../time/time-zone.ts'
import type { FaultEffect } from './request.ts'

/** The caller as one from whom the struck records are hidden, as a right would hide them. */
export function asSeenBy(caller: Caller, faults: readonly FaultEffect[]): Caller {
  const unseen = faults.flatMap(({ kind, sysId }) => (kind === 'hidden-row' && sysId !== undefined ? [sysId] : []))
  return unseen.length === 0 ? caller : { ...caller, unseen }
}

/** Where the list of files lags: the moment up to which files are in it. */
export function notYetListed({ struck, practice }: OpenCall, table: Table): { madeBy?: string } {
  const lagging = table.name === 'sys_attachment' ? struck.get('lagging-attachments') : undefined
  return lagging ? { madeBy: utcText(practice.database.clock.now() - (lagging.delayMs ?? 5_000)) } : {}
}
