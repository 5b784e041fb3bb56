import type { TimeBudget } from './time-budget.ts'

/** Why a call did not get its turn. `paused` carries after how long one may get it again. */
export type NoTurn = { reason: 'ended' } | { reason: 'waited-too-long' } | { reason: 'paused'; retryAfterMs: number }

interface Waiting {
  budget: TimeBudget
  settle: (noTurn: NoTurn | undefined) => void
}

/** In a pause one call is let through so often: what was asked for may be a mistake, or over sooner. */
const PROBE_EVERY_MS = 30_000

/**
 * Lets at most so many calls run at once, first come first served, and none while the instance asked for a pause; but for a probe now and
 * then, which ends the pause when it goes through.
 */
export class Pace {
  readonly #maxConcurrent: number
  readonly #probeEveryMs: number
  readonly #waiting = new Set<Waiting>()
  #running = 0
  #pausedSince = 0
  #pausedUntil = 0
  #probeAt = 0
  #wakeUp: NodeJS.Timeout | undefined

  constructor(maxConcurrent: number, probeEveryMs = PROBE_EVERY_MS) {
    this.#maxConcurrent = maxConcurrent
    this.#probeEveryMs = probeEveryMs
  }

  /** Resolves to undefined when the call may go; it must then `leave`. Otherwise to the reason why it may not. */
  enter(budget: TimeBudget): Promise<NoTurn | undefined> | NoTurn | undefined {
    if (budget.signal?.aborted) return { reason: 'ended' }
    const paused = this.#pausedFor()
    const isProbe = paused > 0 && this.#untilProbe() === 0
    if (isProbe) {
      this.#probeAt = performance.now() + this.#probeEveryMs
      this.#running++
      return undefined
    }
    if (paused > budget.left()) return { reason: 'paused', retryAfterMs: this.#untilProbe() }
    if (paused === 0 && this.#running < this.#maxConcurrent && this.#waiting.size === 0) {
      this.#running++
      return undefined
    }
    return this.#queue(budget)
  }

  leave(): void {
    this.#running--
    this.#next()
  }

  /** The instance answered 429: no call is sent for so long. Calls whose time budget is shorter fail at once. */
  pause(ms: number): void {
    const now = performance.now()
    this.#pausedSince = now
    this.#pausedUntil = Math.max(this.#pausedUntil, now + ms)
    this.#probeAt = now + this.#probeEveryMs
    const paused = this.#pausedFor()
    for (const waiting of this.#waiting)
      if (paused > waiting.budget.left()) waiting.settle({ reason: 'paused', retryAfterMs: this.#untilProbe() })
    this.#next()
  }

  /** A call that began at this moment (`performance.now()`) was let in by the instance: a pause that it asked for before is over. */
  letIn(begun: number): void {
    if (begun < this.#pausedSince || this.#pausedFor() === 0) return
    this.#pausedUntil = 0
    this.#next()
  }

  #pausedFor(): number {
    return Math.max(this.#pausedUntil - performance.now(), 0)
  }

  /** Milliseconds until one call may go, also before the pause ends. */
  #untilProbe(): number {
    return Math.min(Math.max(this.#probeAt - performance.now(), 0), this.#pausedFor())
  }

  #queue(budget: TimeBudget): Promise<NoTurn | undefined> {
    return new Promise(resolve => {
      const ended = () => waiting.settle({ reason: 'ended' })
      const waiting: Waiting = {
        budget,
        settle: noTurn => {
          this.#waiting.delete(waiting)
          clearTimeout(timer)
          budget.signal?.removeEventListener('abort', ended)
          resolve(noTurn)
        },
      }
      const timer = setTimeout(() => waiting.settle({ reason: 'waited-too-long' }), budget.left())
      budget.signal?.addEventListener('abort', ended, { once: true })
      this.#waiting.add(waiting)
      this.#next()
    })
  }

  #next(): void {
    const paused = this.#pausedFor()
    if (paused > 0) {
      clearTimeout(this.#wakeUp)
      if (this.#waiting.size > 0) this.#wakeUp = setTimeout(() => this.#next(), Math.ceil(paused)).unref()
      return
    }
    for (const waiting of this.#waiting) {
      if (this.#running >= this.#maxConcurrent) return
      this.#running++
      waiting.settle(undefined)
    }
  }
}
