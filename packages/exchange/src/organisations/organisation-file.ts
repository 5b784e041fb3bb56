import { CsvError, type Info, parse } from 'csv-parse/sync'
import { stringify } from 'csv-stringify/sync'
import { ORGANISATION_TABLES } from '../agreements/index.ts'
import { ENVIRONMENTS, type Environment } from '../platform/environment.ts'
import { ExchangeError } from '../platform/errors.ts'
import type { OrganisationNow } from './organisations.ts'
import type { Confirmed } from './save-mappings.ts'

/** A file of mappings, as spreadsheets read and write it (RFC 4180). */

const COLUMNS = ['organisation', 'environment', 'table', 'sys_id', 'company'] as const
const NEEDED = ['organisation', 'environment', 'sys_id'] as const
const MOST_LINES = 1_000
/** Enough for 1,000 lines with the longest names. */
export const LONGEST_FILE = 1_048_576

/** What a spreadsheet would calculate instead of show gets an apostrophe before it (OWASP, "CSV injection"); reading takes it off again. */
const PROTECTED = /^'(?=[=+\-@\t\r＝＋－＠])/

/** The mappings as a file: a line for each organisation in each environment, also for those that are not mapped. */
export function writeFile(organisations: readonly OrganisationNow[]): string {
  const lines = organisations.flatMap(({ name, environments }) =>
    environments.map(({ environment, mapping }) => [name, environment, mapping?.table ?? '', mapping?.sys_id ?? '', mapping?.name ?? '']),
  )
  return stringify([[...COLUMNS], ...lines], { bom: true, escape_formulas: true, record_delimiter: 'windows' })
}

export interface LineProblem {
  line: number
  column?: string
  code: string
  message: string
  hint: string
}

export interface FileLine extends Confirmed {
  line: number
}

export interface ReadFile {
  mappings: FileLine[]
  /** Lines without a sys_id: they leave their organisation as it is. */
  passedOver: number
  problems: LineProblem[]
}

interface Parsed {
  record: string[]
  info: Info
}

/** Reads a file; what is wrong is told line by line. @throws ExchangeError when it is no such file at all */
export function readFile(text: string): ReadFile {
  const [head, ...lines] = parsed(text)
  if (!head)
    throw fileProblem([{ line: 1, code: 'invalid_csv', message: 'The file is empty.', hint: `Its first line is ${COLUMNS.join(',')}.` }])
  const names = head.record.map(name => name.trim().toLowerCase())
  const missing = NEEDED.filter(name => !names.includes(name))
  if (missing.length)
    throw fileProblem([
      {
        line: 1,
        code: 'invalid_csv',
        message: `The first line has no column ${missing.join(', ')}.`,
        hint: `It names the columns: ${COLUMNS.join(',')}. Of these table and company may be left out.`,
      },
    ])
  if (lines.length > MOST_LINES)
    throw new ExchangeError('too_large', `The file has ${lines.length} lines below its first; ${MOST_LINES} are the most.`, {
      hint: 'Nothing was changed. Send it in several files, each with the first line.',
    })
  const read = lines.map(({ record, info }) => readLine(info.lines, names, record))
  return {
    mappings: read.filter(one => one !== undefined && 'sysId' in one),
    passedOver: read.filter(one => one === undefined).length,
    problems: read.filter(one => one !== undefined && 'message' in one),
  }
}

/** What a line says, what is wrong with it, or nothing where it has no sys_id. */
function readLine(line: number, names: readonly string[], cells: readonly string[]): FileLine | LineProblem | undefined {
  const wrong = (message: string, hint: string, column?: string): LineProblem => ({
    line,
    ...(column ? { column } : {}),
    code: 'invalid_csv',
    message,
    hint,
  })
  if (cells.length !== names.length)
    return wrong(
      `It has ${cells.length} values, and the first line has ${names.length} columns.`,
      'Put a value with a comma into double quotes.',
    )
  const value = (name: string) => (names.includes(name) ? cells[names.indexOf(name)]!.replace(PROTECTED, '') : '')
  const word = (name: string) => value(name).trim().toLowerCase()
  const organisation = value('organisation')
  const [environment, table, sysId] = [word('environment'), word('table'), word('sys_id')]
  if (!organisation.trim() || organisation.includes('\0'))
    return wrong('organisation is empty or no name.', 'Write the name as GET /operator/organisations has it.', 'organisation')
  if (!isOneOf(ENVIRONMENTS, environment))
    return wrong(`environment is "${shown(environment)}".`, `Write ${ENVIRONMENTS.join(' or ')}.`, 'environment')
  if (!sysId) return undefined
  if (!/^[0-9a-f]{32}$/.test(sysId))
    return wrong(`sys_id is "${shown(sysId)}".`, 'A sys_id has 32 characters, 0-9 and a-f; "Copy sys_id" in ServiceNow gives it.', 'sys_id')
  if (table && !isOneOf(ORGANISATION_TABLES, table))
    return wrong(`table is "${shown(table)}".`, `Write ${ORGANISATION_TABLES.join(' or ')}, or nothing.`, 'table')
  return { line, organisation, environment: environment as Environment, sysId, table: (table || undefined) as Confirmed['table'] }
}

const isOneOf = (words: readonly string[], word: string) => words.includes(word)
const shown = (value: string) => value.slice(0, 60)

/** The refusal of a file: its first problem as a sentence, all of them as a list. */
export function fileProblem(problems: readonly LineProblem[]): ExchangeError {
  const [first] = problems
  const more = problems.length > 1 ? ` ${problems.length - 1} more ${problems.length > 2 ? 'lines are' : 'line is'} wrong.` : ''
  return new ExchangeError('invalid_csv', `Line ${first!.line}: ${first!.message}${more}`, { extra: { problems } })
}

function parsed(text: string): Parsed[] {
  // Spreadsheets write a semicolon where the comma stands in numbers.
  const [firstLine = ''] = text.split('\n', 1)
  const delimiter = firstLine.includes(';') && !firstLine.includes(',') ? ';' : ','
  try {
    const options = { bom: true, info: true, delimiter, relax_column_count: true, skip_empty_lines: true } as const
    return parse(text, options) as unknown as Parsed[]
  } catch (failure) {
    if (!(failure instanceof CsvError)) throw failure
    throw fileProblem([
      {
        line: Number(failure.lines ?? 1),
        code: 'invalid_csv',
        message: 'A double quote is not closed, or stands where none may be.',
        hint: 'Put the whole value into double quotes, and write a double quote inside it twice.',
      },
    ])
  }
}
