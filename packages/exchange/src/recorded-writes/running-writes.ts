import { outcomeUnknown } from '../connections/index.ts'
import { ExchangeError } from '../platform/errors.ts'
import { DatabaseAway } from '../platform/outage.ts'
import { carryOut } from './carry-out.ts'
import { ASK_AGAIN_SECONDS, type CarryingParts, type Manner } from './held-write.ts'
import { Hold, HoldLost, type Moment, thisMoment } from './hold.ts'
import { claimWrite } from './holds.store.ts'
import type { RecordedWrite } from './recorded-write.ts'

/** The writes that this process works on now. */
export class RunningWrites {
  readonly #parts: CarryingParts
  readonly #databaseFailed: () => void
  readonly #running = new Map<string, { work: Promise<RecordedWrite>; hold: Hold }>()
  /** How often each write is being taken right now: its hold may be ours before we know. */
  readonly #taking = new Map<string, number>()
  /** What is known of writes whose hold could not be given back: when their last request ended, or that none was sent. */
  readonly #sentUntil = new Map<string, number | 'never'>()

  /** `databaseFailed`: called when nobody knows what a statement did. */
  constructor(parts: CarryingParts, databaseFailed: () => void) {
    this.#parts = parts
    this.#databaseFailed = databaseFailed
  }

  /** The work on a write, where this process does it now. */
  findWork(writeId: string): Promise<RecordedWrite> | undefined {
    return this.#running.get(writeId)?.work
  }

  /** A write that may have been accepted although its statement failed: nothing of it was sent. */
  recordNeverSent(writeId: string): void {
    this.#sentUntil.set(writeId, 'never')
  }

  /** What is known now of writes whose hold could not be given back. */
  sentUntil(): ReadonlyMap<string, number | 'never'> {
    return new Map(this.#sentUntil)
  }

  /** Their holds are given back: nothing more need be known of them. */
  forgetSentUntil(writeIds: Iterable<string>): void {
    for (const writeId of writeIds) this.#sentUntil.delete(writeId)
  }

  isOurs(writeId: string): boolean {
    return this.#running.has(writeId) || this.#taking.has(writeId)
  }

  holds(): Hold[] {
    return [...this.#running.values()].map(({ hold }) => hold)
  }

  /** Settles when no write is worked on that was when it was called. */
  async settled(): Promise<void> {
    await Promise.allSettled([...this.#running.values()].map(({ work }) => work))
  }

  /** Carries a write out under its hold; the resolver goes on from what is written down where that fails. */
  run(write: RecordedWrite, hold: Hold, how: Manner): Promise<RecordedWrite> {
    const { writeId } = write
    const work = carryOut(this.#parts, write, hold, how)
      .catch(error => {
        if (!(error instanceof ExchangeError)) this.#parts.log.error('a recorded write failed', { writeId, error })
        if (error instanceof DatabaseAway && hold.sentUntil !== undefined) this.#sentUntil.set(writeId, hold.sentUntil)
        this.recordFailure(error)
        throw toCaller(error)
      })
      .finally(() => this.#running.delete(writeId))
    this.#running.set(writeId, { work, hold })
    // Whoever waits is given the failure; without anybody who waits it must not end the process.
    work.catch(() => {})
    return work
  }

  /** Counts a write as being taken while its hold is asked for. `asked`: a moment before that. */
  async whileTaking<T>(writeId: string, take: (asked: Moment) => Promise<T>): Promise<T> {
    const others = () => this.#taking.get(writeId) ?? 0
    this.#taking.set(writeId, others() + 1)
    try {
      return await take(thisMoment())
    } finally {
      if (others() > 1) this.#taking.set(writeId, others() - 1)
      else this.#taking.delete(writeId)
    }
  }

  /** Takes up a write that nobody holds, once what it needs is there; undefined where somebody holds it, or it is done. */
  takeUp(
    writeId: string,
    waits: boolean,
    prepare: (claimed: RecordedWrite, hold: Hold) => Promise<RecordedWrite>,
  ): Promise<{ work: Promise<RecordedWrite> } | undefined> {
    return this.whileTaking(writeId, async asked => {
      const claimed = await claimWrite(this.#parts.database, writeId, this.#parts.holder)
      if (!claimed) return undefined
      const hold = new Hold(claimed, asked)
      return { work: this.run(await prepare(claimed, hold), hold, { fresh: false, waits }) }
    })
  }

  /** Where the database failed, holds may be ours without our knowing: sets off that they are given back. */
  recordFailure(error: unknown): void {
    if (error instanceof DatabaseAway) this.#databaseFailed()
  }
}

/** What a failure is for the partner. From the moment a write is accepted nobody can say any more that nothing was done. */
export const toCaller = (error: unknown): unknown =>
  error instanceof DatabaseAway || error instanceof HoldLost ? outcomeUnknown(ASK_AGAIN_SECONDS, error) : error
