import type { Dictionary } from '../dictionary/dictionary.ts'
import type { Caller } from '../sign-in/caller.ts'
import { compared, comparisonOf, oneOf } from './comparison.ts'
import { dateCondition } from './date-condition.ts'
import type { Operator } from './operators.ts'
import type { Parameters } from './parameters.ts'
import { serverValue } from './server-values.ts'
import { literal, type Place, type Walk } from './walk.ts'

export interface Question {
  readonly caller: Caller
  readonly now: number
  readonly dictionary: Dictionary
  readonly walk: Walk
  readonly parameters: Parameters
}

/** The documented dynamic filter options, both described as *Me* (contract servicenow-core.md 10.2). */
const ME = new Set(['54635e965f510100a9ad2572f2b4774c', '90d1921e5f510100a9ad2572f2b477fe'])

const SYS_ID = /^[0-9a-f]{32}$/

/** One term as SQL, or undefined when it is invalid, which drops it (contract servicenow-core.md 10.5). */
export function condition(path: string, operator: Operator, sent: string, question: Question): string | undefined {
  const place = question.walk.find(path)
  if (!place) return undefined
  const value = evaluated(operator, sent, question)
  if (value === undefined) return undefined
  return plainCondition(place, operator, value, question) ?? dateCondition(place, operator, value, question)
}

function evaluated(operator: Operator, sent: string, question: Question): string | undefined {
  if (!sent.startsWith('javascript:') || operator === 'date part') return sent
  if (operator === 'between') return sent
  return serverValue(sent, question.caller, question.now)
}

function plainCondition(place: Place, operator: Operator, value: string, question: Question): string | undefined {
  const { sql, column } = place
  const by = comparisonOf(column)
  const { parameters, walk, dictionary } = question
  switch (operator) {
    case 'is':
      return value === '' ? `${sql} is null` : equals(place, value, question)
    case 'is not':
      return value === '' ? `${sql} is not null` : `(${equals(place, value, question)}) is not true`
    case 'below':
      return compared(sql, by, '<', value, parameters)
    case 'at most':
      return compared(sql, by, '<=', value, parameters)
    case 'above':
      return compared(sql, by, '>', value, parameters)
    case 'at least':
      return compared(sql, by, '>=', value, parameters)
    case 'one of':
      return oneOf(sql, by, listed(value, question), parameters)
    case 'none of':
      return `(${oneOf(sql, by, listed(value, question), parameters)}) is not true`
    case 'contains':
      return like(place, `%${escaped(value)}%`, question)
    case 'does not contain':
      return `(${like(place, `%${escaped(value)}%`, question)}) is not true`
    case 'starts with':
      return like(place, `${escaped(value)}%`, question)
    case 'ends with':
      return like(place, `%${escaped(value)}`, question)
    case 'is empty':
      return `${sql} is null`
    case 'is not empty':
      return `${sql} is not null`
    case 'anything':
      return 'true'
    case 'between': {
      const [from = '', to] = ends(value, question)
      if (to === undefined) return undefined
      return `(${compared(sql, by, '>=', from, parameters)} and ${compared(sql, by, '<=', to, parameters)})`
    }
    case 'instance of': {
      const classes = dictionary.table(value)?.classes
      if (column.name !== 'sys_class_name') return undefined
      return classes ? `${sql} in (${classes.map(literal).join(', ')})` : 'false'
    }
    case 'dynamic':
      return ME.has(value) ? `${sql} = ${parameters.add(question.caller.sysId, 'text')}` : undefined
    case 'above field':
    case 'below field':
    case 'at least field':
    case 'at most field': {
      const other = walk.find(value)
      const sign = { 'above field': '>', 'below field': '<', 'at least field': '>=', 'at most field': '<=' }[operator]
      return other && other.column.type === column.type ? `${sql} ${sign} ${other.sql}` : undefined
    }
    default:
      return undefined
  }
}

/** A reference is compared by sys_id; by what it shows only where the value cannot be a sys_id (contract servicenow-core.md 10.2, row `=`). */
function equals(place: Place, value: string, { parameters, walk }: Question): string {
  const by = comparisonOf(place.column)
  const byKey = compared(place.sql, by, '=', value, parameters)
  if (place.column.type !== 'reference' || SYS_ID.test(value)) return byKey
  return `(${byKey} or lower(${walk.display(place)}) = lower(${parameters.add(value, 'text')}))`
}

/** What contains, starts and ends look at: the text, or for a reference what it shows. */
function like(place: Place, pattern: string, { parameters, walk }: Question): string {
  const shown = place.column.type === 'reference' ? walk.display(place) : `(${place.sql})::text`
  return `${shown} ilike ${parameters.add(pattern, 'text')}`
}

function escaped(value: string): string {
  return value.replace(/[\\%_]/g, '\\$&')
}

function listed(value: string, question: Question): string[] {
  return value.split(',').map(one => (one.startsWith('javascript:') ? (serverValue(one, question.caller, question.now) ?? one) : one))
}

/** The two ends of a range, each of which may be computed. */
export function ends(value: string, question: Question): string[] {
  return value.split('@').map(one => (one.startsWith('javascript:') ? (serverValue(one, question.caller, question.now) ?? '') : one))
}
