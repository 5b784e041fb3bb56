import { hash } from 'node:crypto'
import type { Caller } from '../caller/caller.ts'
import type { Column, Table } from '../dictionary/dictionary.ts'
import { quote, type Runs } from '../storage/database.ts'
import { asSysId, isSysId } from '../sys-id.ts'
import { instantOf, readMoment, utcText } from '../time/time-zone.ts'
import { undisplayedDate } from './display.ts'
import type { Store } from './store.ts'

/** The fields of a write as they are stored. */
export interface Input {
  /** Stored form by field; fields that do not exist or that nobody may write are not in it. */
  readonly values: Readonly<Record<string, string>>
  readonly journals: { comments?: string; work_notes?: string }
}

/** The fields of a write, as somebody sent them. */
export interface SentFields {
  /** The table that the caller names. */
  readonly table: Table
  /** The record's own class, where it is another one: a field counts that both have. */
  readonly concrete?: Table
  readonly body: Readonly<Record<string, unknown>>
  readonly caller: Caller
  /** `sysparm_input_display_value=true`: labels, display values and the caller's own time zone are understood. */
  readonly displayed?: boolean
}

/**
 * Reads the fields of a write. Unknown fields, unknown choice values and malformed values are dropped and the rest is
 * saved, as in ServiceNow (contract servicenow-core.md 2.1); so are fields that the caller may not write.
 * @param runs where references are looked up by what they show
 */
export async function readInput(
  store: Store,
  { table, concrete = table, body, caller, displayed = false }: SentFields,
  runs: Runs = store.database,
): Promise<Input> {
  const values: Record<string, string> = {}
  const journals: Input['journals'] = {}
  for (const [name, sent] of Object.entries(body)) {
    const column = table.columns.has(name) ? concrete.columns.get(name) : undefined
    if (!column || column.readOnly || !caller.rights.field(concrete, name, 'write')) continue
    const text = plain(sent).replaceAll('\0', '')
    if (column.type === 'journal') {
      if ((name === 'comments' || name === 'work_notes') && text.trim() !== '') journals[name] = text
      continue
    }
    const value =
      displayed && (column.type === 'reference' || column.type === 'list')
        ? await findReferences(store, runs, column, text)
        : storedForm(column, text, displayed, caller)
    if (value !== undefined) values[name] = value
  }
  return { values, journals }
}

/** A value as text. A reference may come in the shape in which it was read. */
function plain(sent: unknown): string {
  if (sent === null || sent === undefined) return ''
  if (typeof sent === 'string') return sent
  if (Array.isArray(sent)) return sent.map(plain).join(',')
  if (typeof sent === 'object') {
    const { value } = sent as { value?: unknown }
    return typeof value === 'string' ? value : JSON.stringify(sent)
  }
  return String(sent)
}

function storedForm(column: Column, text: string, displayed: boolean, caller: Caller): string | undefined {
  if (column.choices && !column.open) return choiceOf(column, text, displayed)
  switch (column.type) {
    case 'integer':
      return text.trim() === '' ? '' : integer(displayed ? text.replaceAll(',', '') : text)
    case 'decimal':
      return text.trim() === '' ? '' : decimal(displayed ? text.replaceAll(',', '') : text)
    case 'boolean':
      return ['true', '1', 'yes', 'on'].includes(text.trim().toLowerCase()) ? 'true' : 'false'
    case 'date_time':
    case 'duration':
      return momentOf(column, text, displayed, caller)
    case 'date': {
      const sent = displayed ? undisplayedDate(text, caller.dateFormat) : text
      return sent === '' ? '' : readMoment(sent) ? sent.slice(0, 10) : undefined
    }
    case 'reference':
      return asSysId(text)
    case 'password':
      // Nobody reads it again, and a digest is enough to know it by.
      return text === '' ? '' : hash('sha256', text)
    default:
      return cut(text, column.maxLength)
  }
}

function choiceOf(column: Column, text: string, displayed: boolean): string | undefined {
  // An empty value clears a choice, unless the field is one that always has a value.
  if (text === '') return column.default === undefined ? '' : undefined
  const value = column.type === 'integer' ? integer(text) : text
  const found =
    column.choices?.find(([known]) => known === value) ?? (displayed ? column.choices?.find(([, label]) => label === text) : undefined)
  return found?.[0]
}

function integer(text: string): string | undefined {
  const trimmed = text.trim()
  if (!/^[+-]?\d{1,10}$/.test(trimmed)) return undefined
  const number = Number(trimmed)
  return Math.abs(number) > 2_147_483_647 ? undefined : String(number + 0)
}

function decimal(text: string): string | undefined {
  const trimmed = text.trim()
  return /^[+-]?\d{1,30}(\.\d{1,30})?$/.test(trimmed) ? trimmed : undefined
}

function momentOf(column: Column, text: string, displayed: boolean, caller: Caller): string | undefined {
  if (text === '') return ''
  const local = displayed && column.type === 'date_time'
  const clock = readMoment(local ? undisplayedDate(text, caller.dateFormat) : text)
  if (!clock) return undefined
  const zone = local ? caller.zone : 'UTC'
  return utcText(instantOf(clock, zone))
}

/** A column's length counts characters, one for each code point, as its database does; what is longer is cut. */
function cut(text: string, most: number | undefined): string {
  if (most === undefined || text.length <= most) return text
  const characters = [...text]
  return characters.length <= most ? text : characters.slice(0, most).join('')
}

/** Each of a list is looked up like a reference; a name with a comma in it cannot be told from two. */
async function findReferences(store: Store, runs: Runs, column: Column, text: string): Promise<string | undefined> {
  if (column.type === 'reference') return findReference(store, runs, column, text)
  const found: string[] = []
  for (const name of text
    .split(',')
    .map(one => one.trim())
    .slice(0, MOST_LISTED)) {
    const one = await findReference(store, runs, column, name)
    if (one) found.push(one)
  }
  return found.join(',')
}

const MOST_LISTED = 500

async function findReference({ database, dictionary }: Store, runs: Runs, column: Column, text: string): Promise<string | undefined> {
  const target = column.reference === undefined ? undefined : dictionary.table(column.reference)
  if (text === '' || !target || isSysId(text)) return asSysId(text)
  const [row] = await runs.run(
    `select sys_id from ${database.name(target.root)} where lower(${quote(target.display)}) = lower($1) order by sys_created_on, sys_id limit 1`,
    [text],
  )
  return row?.[0] ?? undefined
}
