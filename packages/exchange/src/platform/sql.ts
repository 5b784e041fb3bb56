import { createHash } from 'node:crypto'

/** One SQL statement with a name of its own, so that PostgreSQL plans it once for each connection. */
export interface Statement {
  readonly name: string
  readonly text: string
  /** Milliseconds, where it may take longer than any call may wait. */
  readonly withinMs?: number
}

/**
 * Writes a statement down, once, at module level: ``const byName = sql`select … where name = $1` ``. What is interpolated
 * is SQL that stands in our own code, such as a list of columns; values travel as parameters, always.
 */
export function sql(parts: TemplateStringsArray, ...pieces: readonly string[]): Statement {
  const text = String.raw({ raw: parts }, ...pieces).trim()
  return { text, name: createHash('sha256').update(text).digest('hex').slice(0, 24) }
}

/** A statement that nobody waits for and that may take its time: housekeeping, and the end of other sessions. */
export const unhurried = (statement: Statement): Statement => ({ ...statement, withinMs: 600_000 })
