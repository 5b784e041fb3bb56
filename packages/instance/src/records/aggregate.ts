import type { Caller } from '../caller/caller.ts'
import type { Dictionary, Table } from '../dictionary/dictionary.ts'
import { comparisonOf } from '../query-language/comparison.ts'
import type { Parameters } from '../query-language/parameters.ts'
import { filter } from '../query-language/statement.ts'
import { type FieldPlace, Walk } from '../query-language/walk.ts'
import { unreadableFields } from '../refusals/table.ts'
import { visible } from '../rights/visible.ts'
import type { Cells, Database } from '../storage/database.ts'
import type { Field, Projection } from './projection.ts'
import { readWhetherInvalidQueryFindsNothing } from './read.ts'

/** The figures that can be asked for, besides the count. */
export const FUNCTIONS = ['avg', 'sum', 'min', 'max'] as const
/** One of them. */
export type AggregateFunction = (typeof FUNCTIONS)[number]

/** What is counted and computed, of which rows, by which groups. */
export interface AggregateQuestion {
  readonly table: Table
  readonly caller: Caller
  readonly query: string
  readonly pairs: readonly (readonly [string, string])[]
  readonly counted: boolean
  readonly fields: Readonly<Record<AggregateFunction, readonly string[]>>
  readonly groupBy: readonly string[]
  readonly having: string
  readonly orderBy: string
}

/** One figure that was asked for, and its place in a row. */
interface Figure {
  readonly name: AggregateFunction | 'count'
  readonly field: string
  readonly at: number
}

/** The figures. */
export interface AggregateAnswer {
  /** One row, or one for each group; figures and groups know their places in it. */
  readonly rows: readonly Cells[]
  readonly figures: readonly Figure[]
  /** The fields that rows are grouped by, in the form that a row of a table is shown from. */
  readonly groups: Projection
}

/** More groups than this are cut off: a group for each record is a list, and lists have an API of their own. */
const MOST_GROUPS = 10_000

/** Counts and figures of a query, by groups if wanted: one statement. Rights on rows do not apply (contract servicenow-core.md 5, Row ACLs). */
export async function readAggregate(database: Database, dictionary: Dictionary, question: AggregateQuestion): Promise<AggregateAnswer> {
  const { table, caller, query, pairs } = question
  const mine = (related: Table, parameters: Parameters) => visible(database, related, caller, parameters)
  const asked = filter({ database, dictionary, table, caller, visible: mine, query, pairs })
  const statement = new Statement(new Walk({ database, dictionary }, table, 'a', caller.rights), asked.parameters)
  const fields = grouped(statement, question.groupBy)
  const figures = figuresOf(statement, question)
  const having = question.having
    .replaceAll('\0', '')
    .split(',')
    .flatMap(term => statement.having(term) ?? [])
  const order = [...question.orderBy.split(',').flatMap(term => statement.order(term, fields) ?? []), ...fields.map((_, at) => `g.c${at}`)]
  if (statement.walk.refused) throw unreadableFields()
  const groups: Projection = { select: '', packed: false, joins: '', fields, classAt: undefined, looksUp: false, showsJournal: false }
  if (asked.dropped && (await readWhetherInvalidQueryFindsNothing(database))) return { rows: [], figures, groups }
  const by = fields.map((_, at) => at + 1).join(', ')
  const inner =
    `select ${statement.inner.map((sql, at) => `${sql} as c${at}`).join(', ')} from ${database.name(table.root)} t${asked.joins}${statement.walk.joins}${asked.where}` +
    `${by === '' ? '' : ` group by ${by}`}${having.length === 0 ? '' : ` having ${having.join(' and ')}`}`
  const sorted = order.length === 0 ? '' : ` order by ${order.join(', ')}`
  const rows = await database.run(
    `select true, ${statement.outer.join(', ')} from (${inner}) g${sorted} limit ${MOST_GROUPS}`,
    asked.parameters.values,
  )
  return { rows, figures, groups }
}

function grouped(statement: Statement, names: readonly string[]): Field[] {
  return names.flatMap((key): Field[] => {
    const place = statement.walk.find(key)
    return !place || place.column.type === 'journal' ? [] : [statement.group(key, place)]
  })
}

function figuresOf(statement: Statement, { counted, fields }: AggregateQuestion): Figure[] {
  const figures: Figure[] = counted ? [{ name: 'count', field: '', at: statement.show('count(*)') }] : []
  for (const name of FUNCTIONS)
    for (const field of fields[name]) {
      const sql = statement.figure(name, field)
      if (sql !== undefined) figures.push({ name, field, at: statement.show(sql) })
    }
  // A statement needs something to select.
  if (statement.outer.length === 0) statement.show('null')
  return figures
}

const SIGNS: Readonly<Record<string, string>> = { '=': '=', '!=': '<>', '>': '>', '>=': '>=', '<': '<', '<=': '<=' }

/** The statement as it grows: an inner select that groups, and an outer one that shows the groups and sorts them. */
class Statement {
  readonly inner: string[] = []
  readonly outer: string[] = []
  readonly walk: Walk
  readonly #parameters: Parameters

  constructor(walk: Walk, parameters: Parameters) {
    this.walk = walk
    this.#parameters = parameters
  }

  /** Adds a column of the inner select to what is shown, and returns its place there. */
  show(sql: string): number {
    return this.outer.push(`g.c${this.inner.push(sql) - 1}`) - 1
  }

  /** Groups come first in the inner select; in the outer one each is followed by what it shows. */
  group(key: string, place: FieldPlace): Field {
    const at = this.inner.push(place.sql) - 1
    const sql = `g.c${at}`
    const shown = place.column.type === 'reference' ? this.walk.display({ ...place, sql }) : undefined
    const cell = this.outer.push(sql) - 1
    const shownAt = shown === undefined ? undefined : this.outer.push(shown) - 1
    return { key, column: place.column, table: place.table, walked: place.walked, at: cell, shownAt }
  }

  /** A figure as SQL, or undefined where the field is none or has no such figure. */
  figure(name: AggregateFunction, path: string): string | undefined {
    const place = this.walk.find(path)
    if (!place) return undefined
    const { sql, column } = place
    const ordered = name === 'min' || name === 'max'
    switch (column.type) {
      case 'integer':
      case 'decimal':
        return name === 'avg' ? `round(avg(${sql}), 4)` : `${name}(${sql})`
      case 'duration':
        return ordered ? `${name}(${sql})` : `(timestamp 'epoch' + ${name}(${sql} - timestamp 'epoch'))::timestamp(0)`
      case 'boolean':
      case 'journal':
        return undefined
      default:
        return ordered ? `${name}(${sql})` : undefined
    }
  }

  /** `avg^priority^>^3`, `count^state^=^1`; what cannot be read is left out. */
  having(term: string): string | undefined {
    const parts = term.split('^')
    const [name = '', field = '', operator = '', value = ''] = parts.length === 3 ? [parts[0], '', parts[1], parts[2]] : parts
    const figure = this.#figure(name, field)
    const sign = Object.hasOwn(SIGNS, operator) ? SIGNS[operator] : undefined
    if (figure === undefined || !sign) return undefined
    if (figure.number)
      return /^[+-]?\d{1,30}(\.\d{1,30})?$/.test(value.trim())
        ? `${figure.sql} ${sign} ${this.#parameters.add(value.trim(), 'numeric')}`
        : undefined
    const by = comparisonOf(this.walk.find(field)!.column)
    const read = by.read(value)
    return read === undefined ? undefined : `${by.column(figure.sql)} ${sign} ${by.value(this.#parameters.add(read, by.type))}`
  }

  /** `AVG^state`, `COUNT`, a field that is grouped by; each with `^DESC` or without. */
  order(term: string, groups: readonly Field[]): string | undefined {
    const parts = term.trim().split('^')
    const descending = parts.at(-1)?.toUpperCase() === 'DESC'
    if (descending) parts.pop()
    const [first = '', field = ''] = parts
    const group = groups.find(({ key }) => key === first)
    const figure = group ? undefined : this.#figure(first, field)
    if (!group && !figure) return undefined
    const sql = group ? this.outer[group.shownAt ?? group.at] : `g.c${this.inner.push(figure!.sql) - 1}`
    return `${sql}${descending ? ' desc nulls last' : ' nulls first'}`
  }

  #figure(name: string, field: string): { sql: string; number: boolean } | undefined {
    const known = name.trim().toLowerCase()
    if (known === 'count') return { sql: 'count(*)', number: true }
    const found = FUNCTIONS.find(one => one === known)
    const sql = found && this.figure(found, field)
    if (sql === undefined) return undefined
    const { type } = this.walk.find(field)!.column
    return { sql, number: type === 'integer' || type === 'decimal' }
  }
}
