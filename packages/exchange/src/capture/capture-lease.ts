import type { Database } from '../platform/database.ts'
import type { Environment } from '../platform/environment.ts'
import { giveCaptureUp, type Reach, takeCapture } from './lease.store.ts'

/** The lease is for 10 s; a look at a slow instance may take longer, and must not lose it on the way. */
const RENEW_EVERY_MS = 3_000

/** This process's lease of capturing an environment: one process has it at a time. */
export class CaptureLease {
  readonly #database: Database
  readonly #environment: Environment
  readonly #holder: string
  #isOurs = false
  #lookedAt: number | undefined
  readonly #renewing = setInterval(() => this.#renew(), RENEW_EVERY_MS)

  constructor(database: Database, environment: Environment, holder: string) {
    this.#database = database
    this.#environment = environment
    this.#holder = holder
    this.#renewing.unref()
  }

  get isOurs(): boolean {
    return this.#isOurs
  }

  /** The lease for a look, and from then on renewed; undefined while another process has it. */
  async take(): Promise<Reach | undefined> {
    const reach = await this.takeOrKeep()
    this.#isOurs = reach !== undefined
    return reach
  }

  /** Takes it where nobody has it, and keeps it where it is ours: for a look, and during one. */
  takeOrKeep(): Promise<Reach | undefined> {
    const ago = this.#lookedAt === undefined ? undefined : performance.now() - this.#lookedAt
    return takeCapture(this.#database, this.#environment, this.#holder, ago)
  }

  /** A look that began then got through: written down with the next renewal, within 3 s. @param at of `performance.now()` */
  recordLook(at: number): void {
    this.#lookedAt = at
  }

  /** Gives it to whoever asks next. */
  async giveUp(): Promise<void> {
    if (this.#isOurs) await giveCaptureUp(this.#database, this.#environment, this.#holder).catch(() => {})
    this.#isOurs = false
  }

  close(): void {
    clearInterval(this.#renewing)
  }

  #renew(): void {
    if (!this.#isOurs) return
    this.takeOrKeep()
      .then(reach => {
        // Given up meanwhile: what was asked before that does not bring it back.
        this.#isOurs &&= reach !== undefined
      })
      .catch(() => {})
  }
}
