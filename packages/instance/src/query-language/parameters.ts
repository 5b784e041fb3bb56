import type { Parameter } from '../storage/database.ts'

/** The values of a statement, apart from its text: whatever a caller sends is only ever one of these. */
export class Parameters {
  readonly values: Parameter[] = []

  /** Runs a step that adds values, and takes them back when it comes to nothing: PostgreSQL wants no value without a place. */
  attempt<T>(step: () => T | undefined): T | undefined {
    const before = this.values.length
    const result = step()
    if (result === undefined) this.values.length = before
    return result
  }

  /** Adds a value and returns the place that stands for it, cast where PostgreSQL could not tell. */
  add(
    value: Parameter,
    type?:
      | 'text'
      | 'integer'
      | 'numeric'
      | 'timestamp'
      | 'date'
      | 'boolean'
      | 'text[]'
      | 'integer[]'
      | 'numeric[]'
      | 'timestamp[]'
      | 'date[]'
      | 'boolean[]'
      | 'bigint',
  ): string {
    this.values.push(value)
    return `$${this.values.length}${type ? `::${type}` : ''}`
  }
}
