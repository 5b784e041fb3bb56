import { print } from '../process/nobody-reads.ts'
import { oneRecord, RowTable } from './shown.ts'

interface Printer {
  answer(answer: unknown): Promise<void>
  /** One of many pages. */
  rows(rows: readonly unknown[]): Promise<void>
  /** After the last page. */
  end(): Promise<void>
}

/** Prints to standard output, as JSON or as tables; what is only good to know goes to standard error. */
export function answerPrinter(json: boolean, fields: readonly string[] | undefined): Printer {
  return json ? new JsonPrinter() : new TablePrinter(fields)
}

/** Pages become one `{"rows": […]}`, written as they come: an output that was cut is no JSON, and so never taken for a whole one. */
class JsonPrinter implements Printer {
  #count = 0

  answer(answer: unknown): Promise<void> {
    return print(`${JSON.stringify(answer, null, 2)}\n`)
  }

  async rows(rows: readonly unknown[]): Promise<void> {
    await print(rows.map((row, at) => `${this.#count + at === 0 ? '{"rows":[\n' : ',\n'}${JSON.stringify(row)}`).join(''))
    this.#count += rows.length
    writeProgress(this.#count)
  }

  async end(): Promise<void> {
    await print(this.#count === 0 ? '{"rows":[]}\n' : '\n]}\n')
    writeProgress(this.#count, true)
  }
}

interface Answer {
  rows?: unknown
  total?: number
  notTaken?: unknown
  notChecked?: unknown
}

class TablePrinter implements Printer {
  readonly #table: RowTable
  #count = 0

  constructor(fields: readonly string[] | undefined) {
    this.#table = new RowTable(fields)
  }

  async answer(answer: unknown): Promise<void> {
    // What was not taken is said beside the record, in words.
    const { rows, total, notTaken: _, notChecked: __, ...rest } = (answer ?? {}) as Answer
    if (!Array.isArray(rows))
      return print(oneRecord({ ...rest, ...(total === undefined ? {} : { total }), ...(rows === undefined ? {} : { rows }) }))
    if (rows.length) await print(this.#table.page(rows))
    const of = total === undefined || total === rows.length ? '' : ` of ${total}`
    writeNote(`${rows.length}${of} rows.${of && rows.length ? ' --all reads every one.' : ''}`)
    this.#tellHidden()
  }

  async rows(rows: readonly unknown[]): Promise<void> {
    await print(this.#table.page(rows))
    this.#count += rows.length
    writeProgress(this.#count)
  }

  async end(): Promise<void> {
    writeProgress(this.#count, true)
    this.#tellHidden()
  }

  #tellHidden(): void {
    if (this.#table.hidden) writeNote(`${this.#table.hidden} more fields: choose with --fields, or see all with --json.`)
  }
}

function writeProgress(count: number, whole = false): void {
  writeNote(whole ? `${count} rows, all there are.` : `${count} rows so far…`)
}

function writeNote(text: string): void {
  process.stderr.write(`${text}\n`)
}
