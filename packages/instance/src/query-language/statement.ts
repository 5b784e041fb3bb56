import type { Caller } from '../caller/caller.ts'
import type { Dictionary, Table } from '../dictionary/dictionary.ts'
import { unreadableFields } from '../refusals/table.ts'
import type { Database } from '../storage/database.ts'
import { readMoment } from '../time/time-zone.ts'
import { comparisonOf } from './comparison.ts'
import { condition } from './condition.ts'
import { type Clause, parse, type Query, type Term } from './grammar.ts'
import { Parameters } from './parameters.ts'
import type { Question } from './question.ts'
import { related } from './related.ts'
import { bestMatchFirst, textMatch } from './text-search.ts'
import { type FieldPlace, literal, Walk } from './walk.ts'

/** The parts of one SQL statement that answers a query on `table t`. */
export interface Filter {
  readonly joins: string
  readonly where: string
  /** It ends in a key, so that the same rows are always in the same order: pages of it miss nothing and repeat nothing. */
  readonly order: string
  /** The query names an order, or its words do; without one the rows are in the order of their key. */
  readonly orderAsked: boolean
  /** Something is asked of the rows beyond their class. */
  readonly narrowed: boolean
  readonly parameters: Parameters
  /** A term named no field or no operator and was dropped, which widens the result (contract servicenow-core.md 10.5). */
  readonly dropped: boolean
}

/** A query, who asks it, and of which table. */
export interface Asked {
  readonly database: Database
  readonly dictionary: Dictionary
  readonly table: Table
  readonly caller: Caller
  /** The rows of a table that the caller may see, as an SQL condition on `t`, or undefined when that is all of them. */
  readonly visible: Question['visible']
  readonly query: string
  /** `field=value` pairs of the URL, which also match what a choice or reference shows (contract servicenow-core.md 3.2). */
  readonly pairs?: readonly (readonly [field: string, value: string])[]
  /** Rows that were made later do not count, by the instance's clock, in UTC. */
  readonly madeBy?: string | undefined
  readonly now?: number
}

/** Turns an encoded query into one parametrised statement; nothing is filtered afterwards. */
export function filter({
  database,
  dictionary,
  table,
  caller,
  visible,
  query,
  pairs = [],
  madeBy,
  now = database.clock.now(),
}: Asked): Filter {
  const parameters = new Parameters()
  const walk = new Walk({ database, dictionary }, table, 'q', caller.rights)
  let dropped = false
  const drop = () => {
    dropped = true
  }
  const question: Question = { caller, now, database, dictionary, table, walk, parameters, wanted: [], visible, drop }
  const parsed = parse(query.replaceAll('\0', ''))
  const where = [...conditions(parsed, question), ...pairs.flatMap(([field, value]) => pair(field, value.replaceAll('\0', ''), question))]
  if (madeBy !== undefined) where.push(`t.sys_created_on <= ${parameters.add(madeBy, 'timestamp')}`)
  const order = orderAsked(parsed, question)
  if (walk.refused) throw unreadableFields()
  return {
    order: order || inOrderOfKey(table),
    orderAsked: order !== '',
    narrowed: where.length > classes(table).length,
    joins: walk.joins,
    where: where.length === 0 ? '' : ` where ${where.join(' and ')}`,
    parameters,
    dropped,
  }
}

/** What the rows of a query's table must fulfil. */
export function conditions(parsed: Query, question: Question): string[] {
  const groups = parsed.groups.map(clauses => {
    const all = clauses.flatMap(clause => {
      const any = clause.flatMap(term => kept(term, question))
      return any.length > 1 ? `(${any.join(' or ')})` : any
    })
    return all.length === 0 ? 'true' : all.join(' and ')
  })
  return [
    ...classes(question.table),
    ...lowest(parsed, question),
    ...parsed.lists.flatMap(term => kept(term, question)),
    ...(groups.length === 1 ? groups.filter(one => one !== 'true') : [`(${groups.map(one => `(${one})`).join(' or ')})`]),
  ]
}

/** The term as SQL, or nothing when it is invalid. */
function kept(term: Term, question: Question): string[] {
  const sql = question.parameters.attempt(() => {
    switch (term.kind) {
      case 'field':
        return condition(term.field, term.operator, term.value, question)
      case 'related':
        return related(term, question, conditions)
      case 'words':
        return textMatch(term.words, question)
      case 'invalid':
        return undefined
    }
  })
  if (sql !== undefined) return [sql]
  question.drop()
  return []
}

/** Rows of a class and of all that extend it; every row of a root belongs to it. */
export function classes(table: Table): string[] {
  if (!table.parent) return []
  const [first, ...others] = table.classes
  return [others.length === 0 ? `t.sys_class_name = ${literal(first!)}` : `t.sys_class_name in (${table.classes.map(literal).join(', ')})`]
}

function pair(path: string, value: string, question: Question): string[] {
  const choice = question.walk.find(path)?.column.choices?.find(([, label]) => label.toLowerCase() === value.toLowerCase())
  const either = [value, ...(choice ? [choice[0]] : [])].flatMap(one =>
    kept({ kind: 'field', field: path, operator: 'is', value: one }, question),
  )
  return either.length > 1 ? [`(${either.join(' or ')})`] : either
}

function orderAsked({ order }: Query, question: Question): string {
  const { table, walk } = question
  const places = order.flatMap(({ field, descending }) => {
    const place = walk.find(field)
    return place ? [{ place, descending }] : []
  })
  if (places.length === 0) return bestMatchFirst(question)
  const terms = places.map(({ place, descending }) => `${sortable(place, walk)}${descending ? ' desc' : ''}${nulls(place, descending)}`)
  if (table.inOrder) terms.push(places[0]?.descending ? 't.insertion_order desc' : 't.insertion_order')
  else if (!places.some(({ place }) => place.column.name === 'sys_id' && !place.walked)) terms.push('t.sys_id')
  return ` order by ${terms.join(', ')}`
}

/** In which an index serves the first page. Entries are in the order in which they came, so that new ones move none to another page. */
function inOrderOfKey({ inOrder }: Table): string {
  return inOrder ? ' order by t.sys_created_on, t.insertion_order' : ' order by t.sys_id'
}

function sortable(place: FieldPlace, walk: Walk): string {
  if (place.column.type === 'reference') return `lower(${walk.display(place)})`
  return place.column.name.startsWith('sys_') ? place.sql : comparisonOf(place.column).column(place.sql)
}

/** ServiceNow's database puts empty values first; columns that are never empty are left alone, so that an index can serve the order. */
function nulls(place: FieldPlace, descending: boolean): string {
  if (!place.walked && NEVER_EMPTY.has(place.column.name)) return ''
  return descending ? ' nulls last' : ' nulls first'
}

const NEVER_EMPTY = new Set([
  'sys_id',
  'sys_created_on',
  'sys_updated_on',
  'sys_mod_count',
  'sys_class_name',
  'sys_created_by',
  'sys_updated_by',
])

/**
 * Keyset paging asks `sys_updated_on>t^…^NQsys_updated_on=t^sys_id>id^…` (contract servicenow-core.md 12.1). An index cannot serve an OR;
 * but every part says that the time is at least something, and the least of those is a bound that it can.
 */
function lowest({ groups }: Query, { walk, parameters }: Question): string[] {
  if (groups.length < 2) return []
  for (const field of ['sys_updated_on', 'sys_created_on']) {
    const bounds = groups.map(clauses => clauses.map(clause => lowerBound(clause, field)).find(bound => bound !== undefined))
    const place = walk.find(field)
    if (!place || bounds.includes(undefined)) continue
    const least = (bounds as string[]).sort()[0]!
    return [`${place.sql} >= ${parameters.add(least, 'timestamp')}`]
  }
  return []
}

function lowerBound(clause: Clause, field: string): string | undefined {
  const [term, ...others] = clause
  if (!term || others.length > 0 || term.kind !== 'field' || term.field !== field) return undefined
  const below = term.operator === 'is' || term.operator === 'above' || term.operator === 'at least'
  return below && readMoment(term.value) ? term.value : undefined
}
