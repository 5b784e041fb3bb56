/**
 * The idle time-out of a call. A limit on the whole call would cut off an 80 MiB attachment on
 * a slow line although it is moving; so every piece that goes out or comes in starts the time anew.
 */
export class IdleTimeout {
  readonly signal: AbortSignal
  expired = false
  readonly #controller = new AbortController()
  readonly #timer: NodeJS.Timeout
  readonly #caller: AbortSignal | undefined
  readonly #cancel = () => this.#controller.abort(this.#caller?.reason)

  constructor(ms: number, caller: AbortSignal | undefined) {
    this.signal = this.#controller.signal
    this.#caller = caller
    this.#timer = setTimeout(() => {
      this.expired = true
      this.#controller.abort()
    }, ms)
    if (caller?.aborted) this.#cancel()
    else caller?.addEventListener('abort', this.#cancel, { once: true })
  }

  restart(): void {
    this.#timer.refresh()
  }

  /** Frees the timer and the caller's signal; with `abandon` also the connection of an answer that nobody will read on. */
  end(abandon = false): void {
    clearTimeout(this.#timer)
    this.#caller?.removeEventListener('abort', this.#cancel)
    if (abandon) this.#controller.abort()
  }
}
