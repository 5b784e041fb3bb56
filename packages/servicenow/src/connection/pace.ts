import type { Patience } from './patience.ts'

/** Why a call did not get its turn. `paused` carries how long the instance still wants to be left alone. */
export type NoTurn = { reason: 'ended' } | { reason: 'waited-too-long' } | { reason: 'paused'; retryAfterMs: number }

interface Waiting {
  patience: Patience
  settle: (noTurn: NoTurn | undefined) => void
}

/** Lets at most so many calls run at once, first come first served, and none while the instance asked for a pause. */
export class Pace {
  readonly #maxConcurrent: number
  readonly #waiting = new Set<Waiting>()
  #running = 0
  #pausedUntil = 0
  #wakeUp: NodeJS.Timeout | undefined

  constructor(maxConcurrent: number) {
    this.#maxConcurrent = maxConcurrent
  }

  /** Resolves to undefined when the call may go; it must then `leave`. Otherwise to the reason why it may not. */
  enter(patience: Patience): Promise<NoTurn | undefined> | NoTurn | undefined {
    if (patience.signal?.aborted) return { reason: 'ended' }
    const paused = this.#pausedFor()
    if (paused > patience.left()) return { reason: 'paused', retryAfterMs: paused }
    if (paused === 0 && this.#running < this.#maxConcurrent && this.#waiting.size === 0) {
      this.#running++
      return undefined
    }
    return this.#queue(patience)
  }

  leave(): void {
    this.#running--
    this.#next()
  }

  /** The instance answered 429: nobody calls for so long. Calls that cannot wait that long are told at once. */
  pause(ms: number): void {
    this.#pausedUntil = Math.max(this.#pausedUntil, performance.now() + ms)
    const paused = this.#pausedFor()
    for (const waiting of this.#waiting) if (paused > waiting.patience.left()) waiting.settle({ reason: 'paused', retryAfterMs: paused })
    this.#next()
  }

  #pausedFor(): number {
    return Math.max(this.#pausedUntil - performance.now(), 0)
  }

  #queue(patience: Patience): Promise<NoTurn | undefined> {
    return new Promise(resolve => {
      const ended = () => waiting.settle({ reason: 'ended' })
      const waiting: Waiting = {
        patience,
        settle: noTurn => {
          this.#waiting.delete(waiting)
          clearTimeout(timer)
          patience.signal?.removeEventListener('abort', ended)
          resolve(noTurn)
        },
      }
      const timer = setTimeout(() => waiting.settle({ reason: 'waited-too-long' }), patience.left())
      patience.signal?.addEventListener('abort', ended, { once: true })
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
