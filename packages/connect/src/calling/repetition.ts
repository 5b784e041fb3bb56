import { setTimeout as pause } from 'node:timers/promises'
import { ConnectError } from './connect-error.ts'

/** How often and how long to wait before a request is made again. */
export interface Patience {
  /** Attempts in all, the first included. */
  attempts: number
  /** The first wait; each further one is twice as long. A service's Retry-After goes before it. */
  firstWaitMs: number
  /** No single wait is longer; a Retry-After beyond it is handed to the caller instead (`retryAfterMs`). */
  longestWaitMs: number
}

/**
 * Makes the attempt again while it fails in a way that `mayRepeat` allows.
 * @throws the last failure; the signal's reason when cancelled while waiting.
 */
export async function retry<T>(
  patience: Patience,
  mayRepeat: (failure: ConnectError) => boolean,
  attempt: () => Promise<T>,
  signal: AbortSignal | undefined,
): Promise<T> {
  for (let made = 1; ; made++) {
    try {
      return await attempt()
    } catch (error) {
      if (!(error instanceof ConnectError) || made >= patience.attempts || !mayRepeat(error)) throw error
      const wait = error.retryAfterMs ?? waitAfter(made, patience)
      if (wait > patience.longestWaitMs) throw error
      await pause(wait, undefined, signal === undefined ? {} : { signal }).catch(aborted => {
        throw signal?.reason ?? aborted
      })
    }
  }
}

/** Exponential back-off with jitter: between half and all of the doubled wait, so that callers who failed together do not come back together. */
export function waitAfter(failures: number, patience: Pick<Patience, 'firstWaitMs' | 'longestWaitMs'>): number {
  const full = Math.min(patience.firstWaitMs * 2 ** Math.min(failures - 1, 30), patience.longestWaitMs)
  return full / 2 + (full / 2) * Math.random()
}
