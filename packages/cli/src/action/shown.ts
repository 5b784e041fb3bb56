import { columns, widthsOf } from '../process/columns.ts'

/** Answers as a person reads them. What a record holds is somebody else's text: nothing of it reaches the terminal as a command. */

type Fields = Readonly<Record<string, unknown>>

const WIDEST = 60
const MOST_COLUMNS = 8

/** Shown first where a record has more fields than fit. */
const TELLING = [
  'number',
  'name',
  'user_name',
  'file_name',
  'short_description',
  'state',
  'priority',
  'assigned_to',
  'sys_updated_on',
  'sys_id',
]

/** Draws rows page by page, with the columns and widths of the first page. */
export class RowTable {
  readonly #wanted: readonly string[] | undefined
  #fields: readonly string[] = []
  #widths: number[] = []
  /** Fields that the rows have and the table does not show. */
  hidden = 0

  constructor(wanted: readonly string[] | undefined) {
    this.#wanted = wanted
  }

  page(rows: readonly unknown[]): string {
    const records = rows.map(row => (row instanceof Object ? (row as Fields) : { value: row }))
    const first = this.#fields.length === 0
    if (first) this.#choose(records)
    const lines = records.map(record => this.#fields.map(field => shortened(shown(record[field]))))
    const all = first ? [this.#fields.map(field => field.toUpperCase()), ...lines] : lines
    if (first) this.#widths = widthsOf(all)
    return columns(all, this.#widths)
  }

  #choose(records: readonly Fields[]): void {
    const there = [...new Set(records.flatMap(record => Object.keys(record)))]
    const telling = TELLING.filter(field => there.includes(field))
    this.#fields = this.#wanted ?? (there.length <= MOST_COLUMNS ? there : telling.length > 1 ? telling : there.slice(0, MOST_COLUMNS))
    this.hidden = there.filter(field => !this.#fields.includes(field)).length
  }
}

/** One record, a line a field; empty fields are left out. */
export function oneRecord(record: Fields): string {
  const lines = Object.entries(record)
    .map(([field, value]) => [field, shown(value)] as const)
    .filter(([, text]) => text !== '')
  return columns(lines)
}

function shown(value: unknown): string {
  if (value === undefined || value === null) return ''
  if (!(value instanceof Object)) return harmless(String(value))
  const { value: stored, display_value: display } = value as { value?: unknown; display_value?: unknown }
  return harmless(typeof display === 'string' ? display || String(stored ?? '') : JSON.stringify(value))
}

const shortened = (text: string) => (text.length > WIDEST ? `${text.slice(0, WIDEST - 1)}…` : text)

/** Without control characters, which a terminal would obey. */
const harmless = (text: string) => text.replace(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]+/g, ' ').trimEnd()
