import type { Caller } from '../caller/caller.ts'
import type { Dictionary, Table } from '../dictionary/dictionary.ts'
import { Parameters } from '../query-language/parameters.ts'
import { type Asked, classes, type Filter, filter } from '../query-language/statement.ts'
import { visible } from '../rights/visible.ts'
import type { Cells, Database, Runs } from '../storage/database.ts'
import { asSysId } from '../sys-id.ts'
import type { Projection } from './projection.ts'

/** Which rows of a table, in which form, and how many of them. */
export interface ListQuestion {
  readonly table: Table
  readonly caller: Caller
  readonly query: string
  readonly pairs: readonly (readonly [string, string])[]
  readonly projection: Projection
  readonly limit: number
  readonly offset: number
  readonly counted: boolean
}

/** One page. */
export interface ListAnswer {
  /** The page's rows that the caller may see; each begins with one cell that is not a field. */
  readonly rows: readonly Cells[]
  /** Rows of the whole query including hidden ones, when they were counted. */
  readonly total: number | undefined
}

/** One page of a query, and how many rows the whole of it has, which is counted only where the page does not tell. */
export async function readList(database: Database, dictionary: Dictionary, question: ListQuestion): Promise<ListAnswer> {
  const { table, caller, query, pairs, projection, limit, offset, counted } = question
  const madeBy = caller.hidden?.madeLater?.[table.name]
  const emptied = caller.hidden?.lists?.[table.name]
  const mine: Asked['visible'] = (related, parameters) => visible(database, related, caller, parameters)
  const asked = filter({ database, dictionary, table, caller, visible: mine, query, pairs, madeBy })
  if (asked.dropped && (await readWhetherInvalidQueryFindsNothing(database))) return { rows: [], total: counted ? 0 : undefined }
  const from = ` from ${database.name(table.root)} t${asked.joins}`
  const counting = { text: `select count(*)${from}${asked.where}`, values: [...asked.parameters.values] }
  const seen = visible(database, table, caller, asked.parameters) ?? 'true'
  const wanted = { asked, from, seen, projection, limit, offset }
  const whole = limit === 0 ? undefined : await readWhole(database, wanted)
  const page = whole ?? (limit === 0 ? [] : await readPage(database, wanted))
  const told = whole !== undefined || (page.length < limit && (page.length > 0 || offset === 0))
  const total = !counted
    ? undefined
    : told
      ? offset + page.length
      : Number((await database.run(counting.text, counting.values))[0]?.[0] ?? 0)
  if (emptied) return { rows: [], total: emptied === 'counted' || !counted ? total : 0 }
  return { rows: page.filter(([shown]) => shown === 't'), total }
}

interface PageQuestion {
  readonly asked: Filter
  /** Table and joins. */
  readonly from: string
  /** Whether the caller may see a row. */
  readonly seen: string
  readonly projection: Projection
  readonly limit: number
  readonly offset: number
}

/**
 * A short first page in the order of the key may have all rows: then they are found by their conditions, and sorted afterwards. PostgreSQL
 * expects too many rows of some conditions (1 in 200 for `lower(number) = …`) and walks the whole table by its key to be soon at
 * the first: of 200,000 incidents that took 170 to 200 ms, where the index needs 0.1. For a longer page the key only seems the shorter
 * way to what is expected to be many rows, and is wrong by less: up to 3 times as slow was seen.
 */
const FEW_ROWS = 100

/** All rows of a query when they fit on its first page, in order; undefined when they may not. */
async function readWhole(database: Database, { asked, from, seen, projection, limit, offset }: PageQuestion): Promise<Cells[] | undefined> {
  if (offset > 0 || asked.orderAsked || !asked.narrowed || limit > FEW_ROWS) return undefined
  const rows = await database.run(
    `select ${seen}, ${projection.select} from (select t.*${from}${asked.where} limit ${limit + 1}) t${projection.joins}${asked.order}`,
    asked.parameters.values,
  )
  return rows.length > limit ? undefined : rows
}

/** The rows of a page. */
async function readPage(database: Database, { asked, from, seen, projection, limit, offset }: PageQuestion): Promise<Cells[]> {
  const { where, order, parameters, narrowed, orderAsked } = asked
  const page = `${order} limit ${limit}${offset > 0 ? ` offset ${parameters.add(String(offset), 'bigint')}` : ''}`
  const text =
    offset > 0 && projection.looksUp
      ? chosenFirst(`select t.*${from}${where}${page}`, seen, projection)
      : `select ${seen}, ${projection.select}${from}${projection.joins}${where}${page}`
  // In the order of the key there are two ways, of which one is right for each value: `sys_updated_on>=…` with 614 of 200,000 incidents
  // took 92 ms by a plan for any value, and 0.8 by its own.
  return narrowed && !orderAsked ? database.runPlanned(text, parameters.values) : database.run(text, parameters.values)
}

/**
 * A page is chosen before its references are looked up, so that none is for a row that is skipped: 500 incidents behind 9,500 others took
 * 50 ms, and take 14. Where there is nothing to look up it would cost: the planner takes such rows to be wide, and sorting them dear.
 */
function chosenFirst(chosen: string, seen: string, projection: Projection): string {
  const shown = `select ${seen}, ${projection.select}`
  if (projection.joins === '') return `${shown} from (${chosen}) t`
  // A join may read its rows in another order.
  return `${shown} from (select t.*, row_number() over () as "place in the page" from (${chosen}) t) t${projection.joins}
    order by t."place in the page"`
}

/** One record by sys_id, through its own table or one that it extends; begins with one cell that is not a field. */
export async function readOne(
  runs: Runs,
  database: Database,
  question: { table: Table; caller: Caller; sysId: string; projection: Projection },
): Promise<Cells | undefined> {
  const { table, caller, sysId, projection } = question
  const parameters = new Parameters()
  const conditions = [`t.sys_id = ${parameters.add(asSysId(sysId).replaceAll('\0', ''), 'text')}`, ...classes(table)]
  const seen = visible(database, table, caller, parameters)
  if (seen !== undefined) conditions.push(seen)
  const [row] = await runs.run(
    `select true, ${projection.select} from ${database.name(table.root)} t${projection.joins} where ${conditions.join(' and ')}`,
    parameters.values,
  )
  return row
}

/** Whether a query with something invalid finds nothing: system property `glide.invalid_query.returns_no_rows`; asked for only when a query had something invalid. */
export async function readWhetherInvalidQueryFindsNothing(database: Database): Promise<boolean> {
  const [row] = await database.run(
    `select value from ${database.name('sys_properties')} where lower(name) = 'glide.invalid_query.returns_no_rows'`,
  )
  return row?.[0] === 'true'
}
