const AFTER_MS = 1_000

/** What a start says of itself while it takes its time: nothing where all is quick, else what it is at, a line each. */
export class Progress {
  readonly #say: (line: string) => void
  readonly #timer: NodeJS.Timeout
  #isLate = false
  #now: string | undefined

  constructor(say: (line: string) => void, afterMs = AFTER_MS) {
    this.#say = say
    this.#timer = setTimeout(() => this.#beLate(), afterMs).unref()
  }

  /** From now on it is at this; undefined: at nothing worth a word. */
  begin(what: string | undefined): void {
    this.#now = what
    if (this.#isLate && what) this.#say(what)
  }

  end(): void {
    clearTimeout(this.#timer)
  }

  #beLate(): void {
    this.#isLate = true
    if (this.#now) this.#say(this.#now)
  }
}
