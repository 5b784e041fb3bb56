import type { Desk } from '../connections/index.ts'
import type { LookBack } from '../lost-time/index.ts'
import { countingCalls } from '../platform/counted-calls.ts'
import type { Database } from '../platform/database.ts'
import type { Log } from '../platform/log.ts'
import type { Metrics } from '../platform/metrics.ts'
import type { Notices } from '../platform/notices.ts'
import { takeBaseline } from './baseline.ts'
import { CaptureLease } from './capture-lease.ts'
import { recordChanges } from './record-changes.ts'
import type { Marks } from './sweeps.ts'
import { asTroubles, type CaptureTrouble, kindOf, type Met, Troubled } from './trouble.ts'
import { type WorkOffParts, workOff } from './work-off.ts'

const EVERY_IN_PROCESS_MS = 1_000
/** Wake-ups that come close together are one. After a long look the pause is longer, because each look reads the last seconds again. */
const PAUSE_BETWEEN_MS = { least: 30, most: 500, times: 2 }
/** Back-off: at least, and the longest of what grows with each failure in a row. */
const AFTER_TROUBLE_MS = { least: 1_000, most: 5_000 }
/** Other processes are told of a change at most this often. */
const TELL_EVERY_MS = 100
const BUSY_AGAIN_MS = { inProcess: 100, network: 1_000 }
/** Whoever does not capture asks this often whether it should: so captures go on within 12 s of a crash. */
const STAND_BY_MS = 2_000

/** What capture needs. */
export interface CaptureParts {
  database: Database
  notices: Notices
  log: Log
  metrics: Metrics
  holder: string
  /** From when on the database may not know who wrote what. */
  lookBack: () => LookBack | undefined
  /** Called when comments are waiting to be carried to their tickets. */
  onCarries: () => void
  /** Milliseconds between looks at an instance over a network; one in this process wakes us. */
  networkEveryMs: number
}

/** Looks at one environment's instance again and again, from its start until it is closed. */
export class CaptureLoop {
  readonly #parts: CaptureParts
  readonly #desk: Desk
  readonly #lease: CaptureLease
  readonly #auditReadable = { now: true }
  readonly #marks: Marks = { met: [] }
  readonly #firstLook = Promise.withResolvers<void>()
  #running: Promise<void> | undefined
  #woken = Promise.withResolvers<void>()
  #closed = false
  #troubles: CaptureTrouble[] = []
  #failures = 0
  #toldAt = 0

  constructor(parts: CaptureParts, desk: Desk) {
    this.#parts = parts
    this.#desk = desk
    this.#lease = new CaptureLease(parts.database, desk.environment, parts.holder)
  }

  /** Begins to look; called once. */
  start(): void {
    this.#running = this.#run()
  }

  /** Settles after the first look, however that ended. */
  get firstLook(): Promise<void> {
    return this.#firstLook.promise
  }

  /** What the last look met with. */
  troubles(): CaptureTrouble[] {
    return this.#troubles
  }

  /** Looks soon. */
  readonly wake = (): void => this.#woken.resolve()

  /** Looks soon, or has the process look that captures. */
  wakeAndTell(): void {
    this.wake()
    if (this.#lease.isOurs || Date.now() - this.#toldAt < TELL_EVERY_MS) return
    this.#toldAt = Date.now()
    this.#parts.notices.tell('capture', this.#desk.environment).catch(() => {})
  }

  /** Settles when the look under way has ended. */
  async close(): Promise<void> {
    this.#closed = true
    this.wake()
    await this.#running
    this.#lease.close()
  }

  async #run(): Promise<void> {
    while (!this.#closed) {
      this.#woken = Promise.withResolvers<void>()
      const started = performance.now()
      let wait = this.#desk.inProcess ? EVERY_IN_PROCESS_MS : this.#parts.networkEveryMs
      try {
        await this.#lookCounted()
      } catch (error) {
        if (this.#closed) return
        wait = (await this.#recordTrouble(error)) ?? wait
      }
      if (!this.#lease.isOurs) wait = Math.min(wait, STAND_BY_MS)
      const took = performance.now() - started
      this.#firstLook.resolve()
      await this.#pause(wait, took)
    }
  }

  async #lookCounted(): Promise<void> {
    const { calls } = await countingCalls(() => this.#look())
    if (this.#lease.isOurs) this.#parts.metrics.countLook(this.#desk.environment, calls)
    this.#recordRecovery()
    this.#troubles = []
    this.#failures = 0
  }

  /** Where another process captures now, that one says how it is. */
  #recordRecovery(): void {
    const [first] = this.#troubles
    if (!first || !this.#lease.isOurs) return
    const kinds = this.#troubles.map(({ kind }) => kind)
    this.#parts.log.info('capture is well again', { environment: this.#desk.environment, kinds, since: first.since })
  }

  /** Takes the lease, the baseline where there is none, what changed, and works off what is due. */
  async #look(): Promise<void> {
    const { database, holder } = this.#parts
    const began = performance.now()
    let reach = await this.#lease.take()
    if (reach?.baseline === null) {
      await takeBaseline(database, this.#desk)
      reach = await this.#lease.takeOrKeep()
    }
    this.#firstLook.resolve()
    if (!reach) return
    if (!(await recordChanges({ database, desk: this.#desk, reach, holder, marks: this.#marks }))) return
    if (await workOff(this.#workOffParts(), reach)) this.#wakeForBusy()
    this.#lease.recordLook(began)
    if (this.#marks.met.length) throw new Troubled(this.#marks.met)
  }

  #workOffParts(): WorkOffParts {
    return {
      ...this.#parts,
      desk: this.#desk,
      auditReadable: this.#auditReadable,
      isClosed: () => this.#closed,
      keepLease: async () => (await this.#lease.takeOrKeep()) !== undefined,
    }
  }

  #wakeForBusy(): void {
    setTimeout(this.wake, this.#desk.inProcess ? BUSY_AGAIN_MS.inProcess : BUSY_AGAIN_MS.network).unref()
  }

  /** Says what a look met with, once; where it failed, another process may try. @returns how long to wait then */
  async #recordTrouble(error: unknown): Promise<number | undefined> {
    const { environment } = this.#desk
    const met: readonly Met[] = error instanceof Troubled ? error.met : [{ kind: kindOf(error), cause: error }]
    const before = this.#troubles
    this.#troubles = asTroubles(met, before, environment)
    for (const { kind, cause } of met)
      if (!before.some(one => one.kind === kind))
        this.#parts.log.error('capture met trouble; nothing is lost, it goes on from where it was', { environment, kind, error: cause })
    this.#failures = error instanceof Troubled ? 0 : this.#failures + 1
    if (!this.#failures) return undefined
    await this.#lease.giveUp()
    return Math.min(AFTER_TROUBLE_MS.least * 2 ** (this.#failures - 1), AFTER_TROUBLE_MS.most) * (0.75 + Math.random() / 2)
  }

  /** Waits until the next look is due or somebody wakes us, and a moment longer. */
  async #pause(waitMs: number, tookMs: number): Promise<void> {
    const timer = Promise.withResolvers<void>()
    const handle = setTimeout(timer.resolve, waitMs)
    await Promise.race([this.#woken.promise, timer.promise])
    clearTimeout(handle)
    const rest = Math.min(PAUSE_BETWEEN_MS.most, Math.max(PAUSE_BETWEEN_MS.least, tookMs * PAUSE_BETWEEN_MS.times))
    if (!this.#closed) await new Promise(done => setTimeout(done, rest))
  }
}
