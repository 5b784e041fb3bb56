import type { Dictionary, Table } from '../dictionary/dictionary.ts'
import { Parameters } from '../query-language/parameters.ts'
import { type Asked, classes, filter } from '../query-language/statement.ts'
import { visible } from '../rights/records.ts'
import type { Caller } from '../sign-in/caller.ts'
import type { Cells, Database, Runs } from '../storage/database.ts'
import { asSysId } from '../sys-id.ts'
import type { Projection } from './projection.ts'

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

export interface ListAnswer {
  /** The page's rows that the caller may see; each begins with one cell that is not a field. */
  readonly rows: readonly Cells[]
  /** Rows of the page including hidden ones. */
  readonly pageLength: number
  /** Rows of the whole query including hidden ones, when they were counted. */
  readonly total: number | undefined
}

/** One page of a query, and how many rows the whole of it has: one statement, and a second one only where the page does not tell. */
export async function readList(database: Database, dictionary: Dictionary, question: ListQuestion): Promise<ListAnswer> {
  const { table, caller, projection, limit, offset, counted } = question
  const mine: Asked['visible'] = (related, parameters) => visible(database, related, caller, parameters)
  const asked = filter({ database, dictionary, table, caller, visible: mine, query: question.query, pairs: question.pairs })
  if (asked.dropped && (await invalidQueriesReturnNothing(database))) return { rows: [], pageLength: 0, total: counted ? 0 : undefined }
  const from = ` from ${database.name(table.root)} t${asked.joins}`
  const counting = { text: `select count(*)${from}${asked.where}`, values: [...asked.parameters.values] }
  const seen = visible(database, table, caller, asked.parameters) ?? 'true'
  const skip = offset > 0 ? ` offset ${asked.parameters.add(String(offset), 'bigint')}` : ''
  const page =
    limit === 0
      ? []
      : await database.run(
          `select ${seen}, ${projection.select}${from}${projection.joins}${asked.where}${asked.order} limit ${limit}${skip}`,
          asked.parameters.values,
        )
  const told = page.length < limit && (page.length > 0 || offset === 0)
  const total = !counted
    ? undefined
    : told
      ? offset + page.length
      : Number((await database.run(counting.text, counting.values))[0]?.[0] ?? 0)
  return { rows: page.filter(([shown]) => shown === 't'), pageLength: page.length, total }
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

/** System property `glide.invalid_query.returns_no_rows`; asked for only when a query had something invalid. */
export async function invalidQueriesReturnNothing(database: Database): Promise<boolean> {
  const [row] = await database.run(
    `select value from ${database.name('sys_properties')} where lower(name) = 'glide.invalid_query.returns_no_rows'`,
  )
  return row?.[0] === 'true'
}
