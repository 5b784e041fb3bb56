/** The lease of a hold: it ends so long after the last renewal. */
export const HOLD_SECONDS = 30
/** A hold not renewed for so long is asked for before its holder goes on. Renewals come every 5 s, so they have failed or this process was paused. */
const SURE_FOR_MS = 15_000

/** Two clocks: the one that never jumps does not count while a machine is suspended, the other one does and may jump. */
export interface Moment {
  steady: number
  wall: number
}

export const thisMoment = (): Moment => ({ steady: performance.now(), wall: Date.now() })

const since = ({ steady, wall }: Moment): number => Math.max(performance.now() - steady, Date.now() - wall)

/** Somebody else holds the write now, or may: whoever notices this stops where it is. */
export class HoldLost extends Error {
  constructor() {
    super('The write is held by another process now: this one stood still for too long')
    this.name = 'HoldLost'
  }
}

/** A process's hold of one recorded write, as far as the process knows. */
export class Hold {
  readonly writeId: string
  readonly fence: number
  #confirmed: Moment
  #lost = false
  /** When the last request of ours ended that may have written something which is not written down; on the steady clock. */
  sentUntil: number | undefined

  /** `askedAt`: a moment before the statement that took it was sent. */
  constructor({ writeId, fence }: { writeId: string; fence: number }, askedAt: Moment) {
    this.writeId = writeId
    this.fence = fence
    this.#confirmed = askedAt
  }

  get isLost(): boolean {
    return this.#lost
  }

  /** Whether it is held without asking. Not after a pause: the process may have been stopped, or the machine suspended. */
  get isSure(): boolean {
    return !this.#lost && since(this.#confirmed) < SURE_FOR_MS
  }

  /** Whether it may still be held: a long upload goes on through a short outage of the database, and not after a pause. */
  get isPossible(): boolean {
    return !this.#lost && since(this.#confirmed) < HOLD_SECONDS * 1_000
  }

  /** The database said that it is held; `asked`: a moment before it was asked. */
  confirm(asked: Moment): void {
    this.#confirmed = asked
  }

  lose(): void {
    this.#lost = true
  }

  /** @throws HoldLost */
  assertNotLost(): void {
    if (this.#lost) throw new HoldLost()
  }
}
