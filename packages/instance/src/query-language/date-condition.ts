import { instantOf, utcText, wallClock } from '../wire/time-zone.ts'
import { compared, comparisonOf } from './comparison.ts'
import { ends, type Question } from './condition.ts'
import type { Operator } from './operators.ts'
import { moved } from './server-values.ts'
import type { Place } from './walk.ts'

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

/** The operators that know about time, and the comparisons of two fields that may (contract servicenow-core.md 10.2). */
export function dateCondition(place: Place, operator: Operator, value: string, question: Question): string | undefined {
  const { sql } = place
  switch (operator) {
    case 'on':
    case 'not on': {
      const [, from = '', to] = ends(value, question)
      if (to === undefined) return undefined
      const by = comparisonOf(place.column)
      const within = `(${compared(sql, by, '>=', from, question.parameters)} and ${compared(sql, by, '<=', to, question.parameters)})`
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

function sameAs(place: Place, operator: 'same as' | 'not same as', value: string, { walk }: Question): string | undefined {
  const [name = '', unitName] = value.split('@')
  const other = walk.find(name)
  if (!other || other.column.type !== place.column.type) return undefined
  const unit = unitOf(unitName)
  const comparable = (sql: string) => (unit && place.column.type === 'date_time' ? `date_trunc('${unit}', ${sql})` : sql)
  return `${comparable(place.sql)} is ${operator === 'same as' ? 'not ' : ''}distinct from ${comparable(other.sql)}`
}

/** `MORETHANother@day@before@3`: this field is more than three days before the other. */
function distance(
  place: Place,
  operator: 'further than' | 'closer than',
  value: string,
  { walk, parameters }: Question,
): string | undefined {
  const [name = '', unitName, side, count = ''] = value.split('@')
  const other = walk.find(name)
  const unit = unitOf(unitName)
  if (!other || !unit || !/^\d{1,6}$/.test(count) || other.column.type !== 'date_time' || place.column.type !== 'date_time')
    return undefined
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
function relative(place: Place, operator: Operator, value: string, question: Question): string | undefined {
  const [, unitName, side, count = ''] = value.split('@')
  const unit = unitOf(unitName)
  if (!unit || !/^\d{1,5}$/.test(count) || (side !== 'ago' && side !== 'ahead') || place.column.type !== 'date_time') return undefined
  const { zone } = question.caller
  const clock = moved(wallClock(question.now, zone), unit, side === 'ago' ? -Number(count) : Number(count))
  const bound = question.parameters.add(utcText(instantOf(clock, zone)), 'timestamp')
  if (operator === 'relative on') return `date_trunc('${unit}', ${place.sql}) = date_trunc('${unit}', ${bound})`
  const sign = { 'relative above': '>', 'relative at least': '>=', 'relative below': '<', 'relative at most': '<=' }[operator as string]
  return sign && `${place.sql} ${sign} ${bound}`
}

const WEEKDAYS = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday']
const PARTS: Readonly<Record<string, string>> = {
  dayofweek: 'isodow',
  month: 'month',
  quarter: 'quarter',
  year: 'year',
  week: 'week',
  hour: 'hour',
}
const SIGNS: Readonly<Record<string, string>> = { EE: '=', GE: '>=', LE: '<=', GT: '>', LT: '<' }

/** `DATEPARTMonday@javascript:gs.datePart('dayofweek','monday','EE')`, in the caller's zone. */
function datePart(place: Place, value: string, { caller, parameters }: Question): string | undefined {
  const found = /gs\.datePart\(\s*'(\w+)'\s*,\s*'(\w+)'\s*,\s*'(\w\w)'\s*\)/.exec(value)
  if (!found || place.column.type !== 'date_time') return undefined
  const [, unit = '', sent = '', operator = ''] = found
  const part = Object.hasOwn(PARTS, unit) ? PARTS[unit] : undefined
  const sign = Object.hasOwn(SIGNS, operator) ? SIGNS[operator] : undefined
  const number = unit === 'dayofweek' ? WEEKDAYS.indexOf(sent.toLowerCase()) + 1 : Number(sent)
  if (!part || !sign || !Number.isInteger(number) || (unit === 'dayofweek' && number === 0) || Math.abs(number) > 1_000_000)
    return undefined
  return `extract(${part} from ${place.sql} at time zone 'UTC' at time zone ${parameters.add(caller.zone, 'text')}) ${sign} ${parameters.add(String(number), 'integer')}`
}
