import { compared, comparisonOf, oneOf } from './comparison.ts'
import { computed, ends } from './computed-value.ts'
import { dateCondition } from './date-condition.ts'
import type { QueryOperator } from './operators.ts'
import type { Question } from './question.ts'
import { referenceCondition } from './reference-condition.ts'
import { tagged } from './tags.ts'
import { type FieldPlace, literal } from './walk.ts'

const SYS_ID = /^[0-9a-f]{32}$/

/** One term as SQL, or undefined when it is invalid, which drops it (contract servicenow-core.md 10.5). */
export function condition(path: string, operator: QueryOperator, sent: string, question: Question): string | undefined {
  if (path.startsWith('sys_tags.')) return tagged(path, operator, sent, question)
  const place = question.walk.find(path)
  if (!place) return undefined
  const value = evaluated(place, operator, sent, question)
  if (value === undefined) return undefined
  return (
    plainCondition(place, operator, value, question) ??
    dateCondition(place, operator, value, question) ??
    referenceCondition(place, operator, value, question)
  )
}

function evaluated(place: FieldPlace, operator: QueryOperator, sent: string, question: Question): string | undefined {
  if (!sent.startsWith('javascript:') || operator === 'date part' || operator === 'between') return sent
  return computed(place, sent, question)
}

function plainCondition(place: FieldPlace, operator: QueryOperator, value: string, question: Question): string | undefined {
  const { sql, column } = place
  const by = comparisonOf(column)
  const { parameters, walk, dictionary } = question
  switch (operator) {
    case 'is':
      return value === '' ? `${sql} is null` : equals(place, value, question)
    case 'is not':
      return value === '' ? `${sql} is not null` : `(${equals(place, value, question)}) is not true`
    case 'below':
      return compared({ sql, by }, '<', value, parameters)
    case 'at most':
      return compared({ sql, by }, '<=', value, parameters)
    case 'above':
      return compared({ sql, by }, '>', value, parameters)
    case 'at least':
      return compared({ sql, by }, '>=', value, parameters)
    case 'one of':
      return oneOf(sql, by, listed(place, value, question), parameters)
    case 'none of':
      return `(${oneOf(sql, by, listed(place, value, question), parameters)}) is not true`
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
      const [from = '', to] = ends(place, value, question)
      if (to === undefined) return undefined
      return `(${compared({ sql, by }, '>=', from, parameters)} and ${compared({ sql, by }, '<=', to, parameters)})`
    }
    case 'instance of': {
      const classes = dictionary.table(value)?.classes
      if (column.name !== 'sys_class_name') return undefined
      return classes ? `${sql} in (${classes.map(literal).join(', ')})` : 'false'
    }
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
function equals(place: FieldPlace, value: string, { parameters, walk }: Question): string {
  const by = comparisonOf(place.column)
  const byKey = compared({ sql: place.sql, by }, '=', value, parameters)
  if (place.column.type !== 'reference' || SYS_ID.test(value)) return byKey
  return `(${byKey} or lower(${walk.display(place)}) = lower(${parameters.add(value, 'text')}))`
}

/** What contains, starts and ends look at: the text, or for a reference what it shows. */
function like(place: FieldPlace, pattern: string, { parameters, walk }: Question): string {
  const shown = place.column.type === 'reference' ? walk.display(place) : `(${place.sql})::text`
  return `${shown} ilike ${parameters.add(pattern, 'text')}`
}

function escaped(value: string): string {
  return value.replace(/[\\%_]/g, '\\$&')
}

function listed(place: FieldPlace, value: string, question: Question): string[] {
  return value.split(',').map(one => (one.startsWith('javascript:') ? (computed(place, one, question) ?? one) : one))
}
