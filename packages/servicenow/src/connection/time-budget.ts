/** What one call may still spend on waiting and repeating, and the caller's wish to stop. */
export interface TimeBudget {
  readonly signal: AbortSignal | undefined
  /** Milliseconds left; at least 0. */
  left(): number
}

/** A budget that runs from now on. @param totalMs for waiting and repeats together */
export function timeBudget(totalMs: number, signal: AbortSignal | undefined): TimeBudget {
  const end = performance.now() + totalMs
  return { signal, left: () => Math.max(end - performance.now(), 0) }
}

/** Waits; resolves early, without an error, when the signal ends it, since every caller looks at the signal next. */
export function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise(resolve => {
    if (signal?.aborted) return resolve()
    const done = () => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', done)
      resolve()
    }
    const timer = setTimeout(done, ms)
    signal?.addEventListener('abort', done, { once: true })
  })
}
