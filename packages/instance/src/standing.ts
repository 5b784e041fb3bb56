import type { Cells, Database } from './storage/database.ts'

/** System properties that mean something here, in lower case; the others are rows like any other. */
const PROPERTIES = [
  'practice.clock.offset_seconds',
  'practice.batch.max_seconds',
  'glide.rest.batch.max.inputsize',
  'glide.rest.batch.max.outputsize',
] as const

export type Property = (typeof PROPERTIES)[number]

/** The property that `/practice/clock` sets. */
export const CLOCK_PROPERTY = 'practice.clock.offset_seconds' satisfies Property

/** Tables whose rows are part of what stands. */
const TABLES = new Set(['sys_properties'])

const BELIEVED_MS = 1_000

/**
 * What stands for every request: the clock, and settings that are rows. A write through this instance object counts at
 * once, one through another process on the same schema after a second at most: it costs one statement a second while
 * there are requests, and nothing besides.
 */
export class Standing {
  readonly #database: Database
  #until = 0
  #reading: Promise<void> | undefined
  #properties: ReadonlyMap<string, string> = new Map()

  constructor(database: Database) {
    this.#database = database
  }

  /** Called when rows of a table changed through this instance. */
  changed(table: string): void {
    if (!TABLES.has(table)) return
    this.#until = 0
    // A reading that is on its way may have begun before the change.
    this.#reading = undefined
  }

  /** Undefined where what is known is new enough. */
  refreshed(): Promise<void> | undefined {
    if (Date.now() < this.#until) return undefined
    if (!this.#reading) {
      const reading: Promise<void> = this.#read(() => this.#reading === reading)
      this.#reading = reading
    }
    return this.#reading
  }

  property(name: Property): string | undefined {
    return this.#properties.get(name)
  }

  /** A property that is a whole number, or the default where it is not set or none. */
  number(name: Property, otherwise: number): number {
    const value = this.property(name)?.trim()
    return value !== undefined && /^\d{1,12}$/.test(value) ? Number(value) : otherwise
  }

  async #read(isNewest: () => boolean): Promise<void> {
    try {
      const rows = await this.#database.run(
        `select lower(name), value from ${this.#database.name('sys_properties')} where lower(name) = any($1::text[]) and value is not null`,
        [PROPERTIES],
      )
      if (isNewest()) this.#take(rows)
    } finally {
      if (isNewest()) this.#reading = undefined
    }
  }

  #take(rows: readonly Cells[]): void {
    this.#until = Date.now() + BELIEVED_MS
    this.#properties = new Map(rows.map(([name, value]) => [name ?? '', value ?? '']))
    this.#database.clock.offsetSeconds = offset(this.property(CLOCK_PROPERTY))
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

/** A value that the clock cannot be moved by leaves it alone. */
function offset(value: string | undefined): number {
  return value !== undefined && /^-?\d{1,12}$/.test(value) && isOffset(Number(value)) ? Number(value) : 0
}
