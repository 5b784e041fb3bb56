const SILENT_AFTER_MS = 6_000
const LOOK_EVERY_MS = 500

/** Watches whether the database says anything at all, to whichever connection. */
export class Silence {
  #answeredAt = performance.now()
  #ending = new AbortController()
  readonly #looking = setInterval(() => {
    if (performance.now() - this.#answeredAt > SILENT_AFTER_MS) this.#ending.abort()
  }, LOOK_EVERY_MS)

  constructor() {
    this.#looking.unref()
  }

  /** Fires when the database has not answered anybody for 6 s: an idle time-out over all connections. A new one once it answers again. */
  get signal(): AbortSignal {
    return this.#ending.signal
  }

  readonly recordAnswer = (): void => {
    this.#answeredAt = performance.now()
    if (this.#ending.signal.aborted) this.#ending = new AbortController()
  }

  close(): void {
    clearInterval(this.#looking)
  }
}
