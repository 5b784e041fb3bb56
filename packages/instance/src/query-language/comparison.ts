import type { ColumnDefinition } from '../dictionary/definition.ts'
import { asSysId } from '../sys-id.ts'
import { readMoment } from '../time/time-zone.ts'
import type { Parameters } from './parameters.ts'

/** How values of a column compare. */
export interface ValueComparison {
  /** The PostgreSQL type of a value. */
  readonly type: 'text' | 'integer' | 'numeric' | 'timestamp' | 'date' | 'boolean'
  /** The value as PostgreSQL takes it, or undefined when no row can have it. */
  read(value: string): string | undefined
  /** The column, made comparable. */
  column(sql: string): string
  /** A placeholder, made comparable. */
  value(sql: string): string
}

const same = (sql: string) => sql

const key: ValueComparison = { type: 'text', read: asSysId, column: same, value: same }

/** Text compares without regard to case (contract servicenow-core.md 10.1, row Case). */
const words: ValueComparison = { type: 'text', read: value => value, column: sql => `lower(${sql})`, value: sql => `lower(${sql})` }

const number = (most: bigint): ValueComparison => ({
  type: 'integer',
  read: value => {
    const text = value.trim()
    return /^[+-]?\d{1,18}$/.test(text) && BigInt(text) <= most && BigInt(text) >= -most ? String(BigInt(text)) : undefined
  },
  column: same,
  value: same,
})

const integer = number(2_147_483_647n)

const decimal: ValueComparison = {
  type: 'numeric',
  read: value => (/^[+-]?\d{1,30}(\.\d{1,30})?$/.test(value.trim()) ? value.trim() : undefined),
  column: same,
  value: same,
}

const moment: ValueComparison = { type: 'timestamp', read: value => (readMoment(value) ? value : undefined), column: same, value: same }

const calendarDay: ValueComparison = {
  type: 'date',
  read: value => (readMoment(value) ? value.slice(0, 10) : undefined),
  column: same,
  value: same,
}

/** Both spellings of true are taken; an empty one is neither true nor false. */
const truth: ValueComparison = {
  type: 'boolean',
  read: value => ({ true: 'true', '1': 'true', false: 'false', '0': 'false' })[value.toLowerCase()],
  column: same,
  value: same,
}

/** How values of a column are compared. */
export function comparisonOf(column: ColumnDefinition): ValueComparison {
  if (column.name === 'sys_class_name') return key
  switch (column.type) {
    case 'guid':
    case 'reference':
      return key
    case 'integer':
      return integer
    case 'decimal':
      return decimal
    case 'boolean':
      return truth
    case 'date_time':
    case 'duration':
      return moment
    case 'date':
      return calendarDay
    default:
      return words
  }
}

/** `column operator value`, or false where no row can have the value. */
export function compared(
  { sql, by }: { sql: string; by: ValueComparison },
  operator: '=' | '<' | '<=' | '>' | '>=',
  value: string,
  parameters: Parameters,
): string {
  const read = by.read(value)
  if (read === undefined) return 'false'
  return `${by.column(sql)} ${operator} ${by.value(parameters.add(read, by.type))}`
}

/** Whether the column has one of the values; an empty value stands for an empty column. */
export function oneOf(sql: string, by: ValueComparison, values: readonly string[], parameters: Parameters): string {
  const read = values.filter(value => value !== '').flatMap(value => by.read(value) ?? [])
  const list = by === words ? read.map(value => value.toLowerCase()) : read
  const found = list.length > 0 ? `${by.column(sql)} = any(${parameters.add(list, `${by.type}[]`)})` : 'false'
  return values.includes('') ? `(${found} or ${sql} is null)` : found
}
