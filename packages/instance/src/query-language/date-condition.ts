import { type Civil, instantOf, utcText, wallClock } from '../time/time-zone.ts'
import { compared, comparisonOf } from './comparison.ts'
import { ends } from './computed-value.ts'
import type { QueryOperator } from './operators.ts'
import type { Question } from './question.ts'
import { moved, startOf } from './server-values.ts'
import type { FieldPlace } from './walk.ts'

const UNITS = {
  minute: 'minute',
  hour: 'hour',
  day: 'day',
  dayofweek: 'day',
  week: 'week',
  month: 'month',
  quarter: 'quarter',
  year: 'year',
} as const

function unitOf(name: string | undefined) {
  return name !== undefined && Object.hasOwn(UNITS, name) ? UNITS[name as keyof typeof UNITS] : undefined
}

function knowsTime({ column }: FieldPlace): boolean {
  return column.type === 'date_time' || column.type === 'date'
}

/** The operators that know about time, and the comparisons of two fields that may (contract servicenow-core.md 10.2). */
export function dateCondition(place: FieldPlace, operator: QueryOperator, value: string, question: Question): string | undefined {
  const { sql } = place
  switch (operator) {
    case 'on':
    case 'not on': {
      const [, from = '', to] = ends(place, value, question)
      if (to === undefined) return undefined
      const by = comparisonOf(place.column)
      const within = `(${compared({ sql, by }, '>=', from, question.parameters)} and ${compared({ sql, by }, '<=', to, question.parameters)})`
      return operator === 'on' ? within : `(${within}) is not true`
    }
    case 'same as':
    case 'not same as':
      return sameAs(place, operator, value, question)
    case 'further than':
    case 'closer than':
      return distance(place, operator, value, question)
    case 'relative above':
    case 'relative at least':
    case 'relative below':
    case 'relative at most':
    case 'relative on':
      return relative(place, operator, value, question)
    case 'date part':
      return datePart(place, value, question)
    default:
      return undefined
  }
}

function sameAs(place: FieldPlace, operator: 'same as' | 'not same as', value: string, { walk }: Question): string | undefined {
  const [name = '', unitName] = value.split('@')
  const other = walk.find(name)
  if (!other || comparisonOf(other.column) !== comparisonOf(place.column)) return undefined
  const unit = unitOf(unitName)
  const comparable = ({ sql, column }: FieldPlace) =>
    unit && column.type === 'date_time' ? `date_trunc('${unit}', ${sql})` : comparisonOf(column).column(sql)
  return `${comparable(place)} is ${operator === 'same as' ? 'not ' : ''}distinct from ${comparable(other)}`
}

/** `MORETHANother@day@before@3`: this field is more than three days before the other. */
function distance(
  place: FieldPlace,
  operator: 'further than' | 'closer than',
  value: string,
  { walk, parameters }: Question,
): string | undefined {
  const [name = '', unitName, side, count = ''] = value.split('@')
  const other = walk.find(name)
  const unit = unitOf(unitName)
  if (!other || !unit || !/^\d{1,6}$/.test(count) || !knowsTime(place) || !knowsTime(other)) return undefined
  const length = `(${parameters.add(count, 'integer')} * interval '${unit === 'quarter' ? '3 months' : `1 ${unit}`}')`
  if (side === 'before')
    return operator === 'further than'
      ? `${place.sql} < ${other.sql} - ${length}`
      : `(${place.sql} >= ${other.sql} - ${length} and ${place.sql} <= ${other.sql})`
  if (side === 'after')
    return operator === 'further than'
      ? `${place.sql} > ${other.sql} + ${length}`
      : `(${place.sql} <= ${other.sql} + ${length} and ${place.sql} >= ${other.sql})`
  return undefined
}

/** `RELATIVEGT@hour@ago@1`: within the last hour. */
function relative(place: FieldPlace, operator: QueryOperator, value: string, question: Question): string | undefined {
  const [, unitName, side, count = ''] = value.split('@')
  const unit = unitOf(unitName)
  if (!unit || !/^\d{1,5}$/.test(count) || (side !== 'ago' && side !== 'ahead') || !knowsTime(place)) return undefined
  const clock = moved(wallClock(question.now, question.caller.zone), unit, side === 'ago' ? -Number(count) : Number(count))
  if (operator === 'relative on') {
    const start = startOf(unit, clock)
    return `(${place.sql} >= ${bound(place, start, question)} and ${place.sql} < ${bound(place, moved(start, unit, 1), question)})`
  }
  const sign = { 'relative above': '>', 'relative at least': '>=', 'relative below': '<', 'relative at most': '<=' }[operator as string]
  return sign && `${place.sql} ${sign} ${bound(place, clock, question)}`
}

/** A clock of the caller's zone as a moment, or as a day where the field is one. */
function bound({ column }: FieldPlace, clock: Civil, { caller, parameters }: Question): string {
  return column.type === 'date'
    ? parameters.add(utcText(instantOf(clock, 'UTC')).slice(0, 10), 'date')
    : parameters.add(utcText(instantOf(clock, caller.zone)), 'timestamp')
}

const WEEKDAYS = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday']
const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']

const count = (sent: string) => (/^\d{1,6}$/.test(sent) ? Number(sent) : undefined)
const named = (names: readonly string[], sent: string) => names.findIndex(name => sent.toLowerCase().startsWith(name)) + 1 || undefined

/** The parts of a moment, what PostgreSQL calls them, and how their values are written. */
const PARTS = new Map<string, { readonly sql: string; read(sent: string): number | undefined }>([
  ['dayofweek', { sql: 'isodow', read: sent => named(WEEKDAYS, sent) }],
  ['month', { sql: 'month', read: sent => named(MONTHS, sent) ?? count(sent) }],
  ['quarter', { sql: 'quarter', read: count }],
  ['year', { sql: 'year', read: count }],
  ['week', { sql: 'week', read: count }],
  ['hour', { sql: 'hour', read: count }],
])
const SIGNS = new Map([
  ['EE', '='],
  ['GE', '>='],
  ['LE', '<='],
  ['GT', '>'],
  ['LT', '<'],
])

/** `DATEPARTMonday@javascript:gs.datePart('dayofweek','monday','EE')`, in the caller's zone. */
function datePart(place: FieldPlace, value: string, { caller, parameters }: Question): string | undefined {
  const [, unit = '', sent = '', operator = ''] = /gs\.datePart\(\s*'(\w+)'\s*,\s*'(\w+)'\s*,\s*'(\w\w)'\s*\)/.exec(value) ?? []
  const part = PARTS.get(unit)
  const sign = SIGNS.get(operator)
  const number = part?.read(sent)
  if (!part || !sign || number === undefined || !knowsTime(place)) return undefined
  const local =
    place.column.type === 'date' ? place.sql : `${place.sql} at time zone 'UTC' at time zone ${parameters.add(caller.zone, 'text')}`
  return `extract(${part.sql} from ${local}) ${sign} ${parameters.add(String(number), 'integer')}`
}
