import type { InstanceAnswer } from '../connection/call.ts'
import type { Sender } from '../performing/sender.ts'
import type { DisplayValue, Row, RowList, ShownRow } from '../table-api/row.ts'

/** Reads records as the Table API writes them (3.3), so that callers meet strings only, or value and display value, and nothing else. */
export function rowFrom(sender: Sender, given: unknown, displayValue: DisplayValue | undefined): Row | ShownRow {
  if (!(given instanceof Object) || Array.isArray(given)) throw sender.failure('broken-answer', 'a record is no object')
  const record = given as Record<string, unknown>
  for (const name in record) {
    const value = record[name]
    if (displayValue === 'all') record[name] = bothOf(value)
    else if (typeof value !== 'string') record[name] = textOf(value, displayValue === 'true' ? 'display_value' : 'value')
  }
  return record as Row | ShownRow
}

/** The records of a list. @throws ServiceNowError kind `broken-answer` when it is none */
export function rowsFrom(sender: Sender, { result }: InstanceAnswer, displayValue: DisplayValue | undefined): (Row | ShownRow)[] {
  if (!Array.isArray(result)) throw sender.failure('broken-answer', 'the result is no list')
  return result.map(record => rowFrom(sender, record, displayValue))
}

/** A list as an action answers it. */
export function listFrom(sender: Sender, answer: InstanceAnswer, displayValue: DisplayValue | undefined): RowList<Row | ShownRow> {
  const rows = rowsFrom(sender, answer, displayValue)
  return answer.total === undefined ? { rows } : { rows, total: answer.total }
}

export interface Columns<Column extends string> {
  /** Absent means hidden: the answer is then refused as `unreadable`. */
  required: readonly Column[]
  /** Read as the empty string where the instance has none. */
  optional?: readonly Column[]
}

/** A row with exactly these columns: ServiceNow leaves out what the user may not read, which would look like an empty value. */
export function columnsFrom<Column extends string>(
  sender: Sender,
  given: unknown,
  { required, optional = [] }: Columns<Column>,
): Record<Column, string> {
  const row = rowFrom(sender, given, 'false') as Row
  const read = {} as Record<Column, string>
  for (const column of required) {
    const value = row[column]
    if (value === undefined) throw sender.failure('unreadable', `the user may not read the field ${column}`)
    read[column] = value
  }
  for (const column of optional) read[column] = row[column] ?? ''
  return read
}

/** A reference that came as an object although none was asked for: PATCH documents no sysparm_exclude_reference_link (3.2). */
function textOf(value: unknown, part: 'value' | 'display_value'): string {
  if (value === null || value === undefined) return ''
  if (value instanceof Object) {
    const { [part]: wanted, value: stored } = value as Record<string, unknown>
    return textOf(wanted ?? stored, part)
  }
  return String(value)
}

function bothOf(value: unknown): { value: string; display_value: string } {
  return { value: textOf(value, 'value'), display_value: textOf(value, 'display_value') }
}
