const INSTANT = /\b(?:now|statement_timestamp|transaction_timestamp|clock_timestamp)\(\)/g

/**
 * The one source of "now" for everything that an instance does, in SQL and out of it: the clock of the machine, moved by
 * some seconds. It goes on from where it was set.
 */
export class Clock {
  offsetSeconds = 0

  now(): number {
    return Date.now() + this.offsetSeconds * 1000
  }

  get isSet(): boolean {
    return this.offsetSeconds !== 0
  }

  /** A statement of ours, whose `now()` is this clock's. What a caller sent is never in its text. */
  told(statement: string): string {
    return statement.replace(INSTANT, instant => `(${instant} + interval '${this.offsetSeconds} seconds')`)
  }
}

/** The wire has four digits for a year, and tokens and queries look a while ahead. */
const EARLIEST = Date.UTC(1971, 0, 1)
const LATEST = Date.UTC(9000, 0, 1)

/** Whether the clock may be moved by so many seconds. */
export function isOffset(seconds: number): boolean {
  const instant = Date.now() + seconds * 1000
  return Number.isSafeInteger(seconds) && instant >= EARLIEST && instant <= LATEST
}
