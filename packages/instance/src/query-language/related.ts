import { unreadableFields } from '../refusals/table.ts'
import { comparisonOf } from './comparison.ts'
import type { Query, RelatedTerm } from './grammar.ts'
import type { Question } from './question.ts'
import type { Sign } from './related-grammar.ts'
import { type FieldPlace, Walk } from './walk.ts'

const HOLDS: Record<Sign, (left: number, right: number) => boolean> = {
  '=': (left, right) => left === right,
  '!=': (left, right) => left !== right,
  '<': (left, right) => left < right,
  '<=': (left, right) => left <= right,
  '>': (left, right) => left > right,
  '>=': (left, right) => left >= right,
}

/**
 * Rows of another table that point here, as a semi-join, or as an anti-join where no row at all is enough. Only rows that the
 * caller may see count: otherwise a question about them would be an answer about them.
 * @param conditions what rows must fulfil for a query about them, which again may ask for related ones
 */
export function related(
  term: RelatedTerm,
  question: Question,
  conditions: (query: Query, inside: Question) => string[],
): string | undefined {
  const { database, dictionary, parameters } = question
  const table = dictionary.table(term.table)
  if (!table || (term.from !== undefined && dictionary.table(term.from)?.root !== question.table.root)) return undefined
  const inside: Question = { ...question, table, wanted: [], walk: new Walk({ database, dictionary }, table, 'q', question.caller.rights) }
  const key = inside.walk.find(term.field)
  const own = question.walk.find(term.own)
  if (!key || !own || key.column.type === 'journal' || comparisonOf(key.column).type !== comparisonOf(own.column).type) return undefined
  const holds = (rows: number) => HOLDS[term.sign](rows, term.count)
  const some = [1, 2, term.count - 1, term.count, term.count + 1, Number.MAX_SAFE_INTEGER].filter(rows => rows >= 1).map(holds)
  const none = holds(0)
  if (some.every(one => one === none)) return String(none)
  const where = conditions(term.query, inside)
  if (inside.walk.refused) throw unreadableFields()
  const seen = question.visible(table, parameters)
  const all = [`${key.sql} is not null`, ...where, ...(seen === undefined ? [] : [seen])]
  const rows = `select ${comparable(key, own)} as k from ${database.name(table.root)} t${inside.walk.joins} where ${all.join(' and ')}`
  const whole = !some.includes(none)
  const counted = whole
    ? ''
    : ` group by 1 having ${none ? 'not ' : ''}(count(*) ${term.sign} ${parameters.add(String(term.count), 'bigint')})`
  return `${none ? 'not ' : ''}exists (select from (${rows}${counted}) r where r.k = ${comparable(own, key)})`
}

/** Two columns may be sorted by different languages, about which PostgreSQL would not decide. */
function comparable(place: FieldPlace, other: FieldPlace): string {
  const by = comparisonOf(place.column)
  if (by.type !== 'text') return place.sql
  const both = by === comparisonOf(other.column) ? by.column(place.sql) : place.sql
  return place.column.type === 'guid' || place.column.type === 'reference' ? both : `${both} collate "C"`
}
