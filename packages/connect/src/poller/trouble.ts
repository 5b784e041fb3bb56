import type { TicketUpdate } from '../messages/ticket-update.ts'

/** Something that did not go well. The poller goes on by itself; this is for whoever watches it. */
export interface PollerTrouble {
  /**
   * - `poll` the queue could not be read; in mode read-once see `risk`
   * - `position` the server did not know, or did not heed, where we were; it was read again from an earlier time
   * - `callback` `onUpdate` rejected; the same update will be handed over again
   * - `journal` the folder could not be written to, or a torn last line was repaired
   */
  at: 'poll' | 'position' | 'callback' | 'journal'
  error: unknown
  /** How often in a row this went wrong. */
  failures: number
  /** When it is tried again; undefined where nothing needs to be. */
  nextTryMs: number | undefined
  /** The updates it is about: the one handed over, or those that could not be stored. */
  updates: readonly TicketUpdate[]
}

/** Nobody may overlook trouble by forgetting a callback, and a callback that throws must not end the poller. */
export function tellTrouble(onTrouble: ((trouble: PollerTrouble) => void) | undefined, trouble: PollerTrouble): void {
  if (onTrouble === undefined) {
    const { at, error, failures } = trouble
    process.emitWarning(`poller: ${at} (${failures} in a row): ${error instanceof Error ? error.message : String(error)}`)
    return
  }
  try {
    onTrouble(trouble)
  } catch (error) {
    process.emitWarning(`poller: onTrouble threw: ${error instanceof Error ? error.message : String(error)}`)
  }
}
