/** Ends one attempt after so many milliseconds, or when the caller's signal says so. */
export class TimeLimit {
  readonly #controller = new AbortController()
  readonly #caller: AbortSignal | undefined
  readonly #timer: NodeJS.Timeout
  readonly #over: Promise<never>
  readonly #onCallerEnds = (): void => this.#end('caller')
  /** Who ended the attempt, if anybody did. */
  endedBy: 'time' | 'caller' | undefined

  constructor(ms: number, caller: AbortSignal | undefined) {
    this.#caller = caller
    this.#over = new Promise((_, reject) => {
      this.#controller.signal.addEventListener('abort', () => reject(this.#controller.signal.reason), { once: true })
    })
    // Nobody may be racing when it ends; that must not count as an unhandled rejection.
    this.#over.catch(() => {})
    this.#timer = setTimeout(() => this.#end('time'), ms)
    if (caller?.aborted) this.#end('caller')
    else caller?.addEventListener('abort', this.#onCallerEnds, { once: true })
  }

  /** For fetch: aborting closes the socket. */
  get signal(): AbortSignal {
    return this.#controller.signal
  }

  /** Settles with the work, or rejects when the limit is over: a fetch in process may not look at its signal. */
  race<T>(work: Promise<T> | T): Promise<T> {
    return Promise.race([work, this.#over])
  }

  /** Something moved: the time starts again. */
  touch(): void {
    if (this.endedBy === undefined) this.#timer.refresh()
  }

  /** No limit from here on. */
  lift(): void {
    clearTimeout(this.#timer)
    this.#caller?.removeEventListener('abort', this.#onCallerEnds)
  }

  /** Ends the attempt now, for instance because the reader of a download went away. */
  abort(reason?: unknown): void {
    this.lift()
    this.#controller.abort(reason)
  }

  #end(by: 'time' | 'caller'): void {
    this.endedBy ??= by
    this.abort(by === 'caller' ? this.#caller?.reason : new Error('time limit'))
  }
}
