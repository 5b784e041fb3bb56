import { ExchangeError } from './errors.ts'

const TRY_AGAIN_SECONDS = 5
const LOOK_EVERY_MS = 20

/**
 * Where the exchange is between its first moment and its last. `draining`: it works as before and says at /readyz that nothing new is
 * to be sent to it. `closing`: what is under way gets its answer, anything new is refused.
 */
export type PhaseName = 'starting' | 'serving' | 'draining' | 'closing'

export class Phase {
  name: PhaseName = 'starting'
  #underWay = 0

  /** Counts a call as under way. */
  async track<T>(call: () => Promise<T>): Promise<T> {
    this.#underWay += 1
    try {
      return await call()
    } finally {
      this.#underWay -= 1
    }
  }

  /** @throws ExchangeError exchange_unavailable once it closes */
  assertOpen(): void {
    if (this.name !== 'closing') return
    throw new ExchangeError('exchange_unavailable', 'The exchange is being stopped.', {
      retryAfter: TRY_AGAIN_SECONDS,
      headers: { connection: 'close' },
    })
  }

  /** Refuses new calls from now on, and waits until those under way have their answer, at most so long. */
  async close(withinMs: number): Promise<void> {
    this.name = 'closing'
    for (const end = performance.now() + withinMs; this.#underWay > 0 && performance.now() < end; )
      await new Promise(done => setTimeout(done, LOOK_EVERY_MS))
  }
}
