import type { Caller } from '../caller/caller.ts'
import type { ColumnDefinition } from '../dictionary/definition.ts'
import type { Dictionary } from '../dictionary/dictionary.ts'
import { instantOfUtc, wallClock } from '../time/time-zone.ts'

/** The raw form of a cell: PostgreSQL's text, except that truth is spelled out and emptiness is the empty string. */
export function rawText(column: ColumnDefinition, cell: string | null): string {
  if (cell === null) return ''
  if (column.type === 'boolean') return cell.startsWith('t') ? 'true' : 'false'
  return cell
}

/** Fields whose empty value shows as UNKNOWN (contract servicenow-core.md 3.3). */
const UNKNOWN_WHEN_EMPTY = new Set(['sla_due', 'activity_due'])

/** What a person sees (contract servicenow-core.md 2.9 and 3.3), for everything but references, lists and journals. */
export function displayText(column: ColumnDefinition, raw: string, caller: Caller, dictionary: Dictionary): string {
  if (raw === '') return UNKNOWN_WHEN_EMPTY.has(column.name) ? 'UNKNOWN' : ''
  if (column.choices) return column.choices.find(([value]) => value === raw)?.[1] ?? raw
  if (column.name === 'sys_class_name') return dictionary.table(raw)?.label ?? raw
  switch (column.type) {
    case 'date_time':
      return displayMoment(raw, caller)
    case 'date':
      return displayDate(raw, caller.dateFormat)
    case 'duration':
      return displayDuration(raw)
    case 'integer':
    case 'decimal':
      return raw.replace(/^(-?)(\d+)/, (_, sign: string, digits: string) => sign + digits.replace(/\B(?=(\d{3})+$)/g, ','))
    default:
      return raw
  }
}

/** A UTC moment in the caller's zone and date format. */
function displayMoment(raw: string, caller: Caller): string {
  const instant = instantOfUtc(raw)
  if (instant === undefined) return raw
  const { year, month, day, hour, minute, second } = wallClock(instant, caller.zone)
  const two = (n: number) => String(n).padStart(2, '0')
  const date = displayDate(`${String(year).padStart(4, '0')}-${two(month)}-${two(day)}`, caller.dateFormat)
  return `${date} ${two(hour)}:${two(minute)}:${two(second)}`
}

function displayDate(raw: string, format: string): string {
  const [year = '', month = '', day = ''] = raw.split('-')
  return format.replace('yyyy', year).replace('MM', month).replace('dd', day)
}

/** A date, perhaps with a time, as somebody with this date format writes it, in the form of the wire; that form itself is understood too. */
export function undisplayedDate(text: string, format: string): string {
  const found = /^(\d{1,4})[-/.](\d{1,2})[-/.](\d{1,4})(?: (.*))?$/.exec(text.trim())
  const order = format.match(/yyyy|MM|dd/g)
  if (!found || order?.length !== 3 || /^\d{4}-\d\d-\d\d/.test(text)) return text.trim()
  const part = (name: string) => (found[order.indexOf(name) + 1] ?? '').padStart(name.length, '0')
  return `${part('yyyy')}-${part('MM')}-${part('dd')}${found[4] === undefined ? '' : ` ${found[4]}`}`
}

/** `1970-01-02 04:23:00` is `1 Day 4 Hours 23 Minutes`. */
function displayDuration(raw: string): string {
  let seconds = Math.floor((instantOfUtc(raw) ?? 0) / 1000)
  const parts: string[] = []
  for (const [name, length] of [
    ['Day', 86_400],
    ['Hour', 3_600],
    ['Minute', 60],
    ['Second', 1],
  ] as const) {
    const count = Math.floor(seconds / length)
    seconds -= count * length
    if (count > 0) parts.push(`${count} ${name}${count === 1 ? '' : 's'}`)
  }
  return parts.length === 0 ? '0 Seconds' : parts.join(' ')
}

/** One entry of a journal as a statement reads it; times are UTC. */
export type JournalCell = readonly [at: string, author: string, element: string, text: string]

/** The history of a journal field, newest first (contract servicenow-core.md 8.1). */
export function displayJournal(cell: string | null, caller: Caller): string {
  if (cell === null) return ''
  const entries = JSON.parse(cell) as JournalCell[]
  return entries
    .map(([at, author, element, text]) => {
      const kind = element === 'comments' ? 'Additional comments' : 'Work notes'
      return `${displayMoment(at, caller)} - ${author} (${kind})\n${text}\n\n`
    })
    .join('')
}
