import type { Caller } from '../caller/caller.ts'
import type { Column, Table } from '../dictionary/dictionary.ts'
import type { Save, Value } from '../house-rules/save.ts'
import { Parameters } from '../query-language/parameters.ts'
import { type Cells, type Database, quote, type Runs } from '../storage/database.ts'
import { sequence } from '../storage/schema.ts'
import { journalRows } from './history-rows.ts'
import type { Input } from './input.ts'
import type { Projection } from './projection.ts'

/** A save that makes a record: the table's defaults, and over them what was sent. */
export function newSave(table: Table, caller: Caller, input: Input): Save {
  return { table, caller, before: undefined, after: { ...defaultsOf(table), ...input.values }, journals: { ...input.journals } }
}

/** How the numbers of records are written. */
export interface Numberings {
  /** Undefined where no row says so: then it is seven digits behind the prefix of the table. */
  numbering(table: string): { readonly prefix: string; readonly digits: number } | undefined
}

/** What writing a new record needs. */
export interface Inserting {
  readonly database: Database
  readonly standing: Numberings
}

/** A new record, as the rules before it left it. */
export interface NewRecord {
  readonly save: Save
  readonly sysId: string
  /** Of the row that is given back. */
  readonly projection: Projection
  /** `sys_` fields of who and when, where they are not this caller and now. */
  readonly given?: Readonly<Record<string, string>>
}

/** Writes a new record with its number and journal entries in one statement. The answer is a row of the projection. */
export async function writeNew(inserting: Inserting, runs: Runs, record: NewRecord): Promise<Cells> {
  const { text, parameters } = statement(inserting, record)
  const [row] = await runs.run(text, parameters.values)
  return row!
}

const defaults = new WeakMap<Table, Readonly<Record<string, Value>>>()

function defaultsOf(table: Table): Readonly<Record<string, Value>> {
  const known = defaults.get(table)
  if (known) return known
  const made: Record<string, Value> = {}
  for (const column of table.columns.values()) if (column.default !== undefined) made[column.name] = column.default
  if (table.extendable) made.sys_class_name = table.name
  defaults.set(table, made)
  return made
}

/** The clock of the database, in UTC and whole seconds. `timestamp(0)` would round up into the future. */
export const DATABASE_NOW = "date_trunc('second', statement_timestamp() at time zone 'UTC') as now"

function statement(
  { database, standing }: Inserting,
  { save, sysId, projection, given = {} }: NewRecord,
): { text: string; parameters: Parameters } {
  const { table, caller } = save
  const parameters = new Parameters()
  const named = (name: string) => database.name(name)
  const by = parameters.add(caller.userName, 'text')
  const cells = new Map<string, string>([
    ['sys_id', parameters.add(sysId, 'text')],
    ['sys_created_on', 'made.now'],
    ['sys_created_by', by],
    ['sys_updated_on', 'made.now'],
    ['sys_updated_by', by],
  ])
  for (const [name, value] of Object.entries(given)) cells.set(name, parameters.add(value, sqlType(table.columns.get(name)!)))
  for (const [name, value] of Object.entries(save.after)) {
    const column = table.columns.get(name)
    if (!column || value === '' || cells.has(name)) continue
    cells.set(name, typeof value === 'string' ? parameters.add(value, sqlType(column)) : value.sql(named))
  }
  const made = [DATABASE_NOW]
  if (table.number) {
    // Only a number that the instance made itself is taken from the sequence; gaps do not matter, repeats would.
    if (!cells.has('number')) {
      const { prefix, digits } = standing.numbering(table.name) ?? { prefix: table.number.prefix, digits: 7 }
      made.push(
        numberSql(sequence(database, table.number.prefix), parameters.add(prefix, 'text'), parameters.add(String(digits), 'integer')),
      )
      cells.set('number', 'made.number')
    }
    if (table.columns.has('task_effective_number')) cells.set('task_effective_number', cells.get('number')!)
  }
  const journals = journalRows({ database }, save, parameters, by)
  const text = `with made as (select ${made.join(', ')}),
t as (insert into ${named(table.root)} (${[...cells.keys()].map(quote).join(', ')}) select ${[...cells.values()].join(', ')} from made returning *)${journals}
select true, ${projection.select} from t${projection.joins}`
  return { text, parameters }
}

function numberSql(name: string, prefix: string, digits: string): string {
  // One call of nextval: its text is padded, as a rule to seven digits, and may grow (contract servicenow-core.md 11.2).
  return `(select ${prefix} || lpad(n::text, greatest(least(${digits}, 40), length(n::text)), '0') from (select nextval('${name}') as n offset 0) counted) as number`
}

/** The PostgreSQL type that a parameter needs to be told, because nothing else in the statement tells it. */
export function sqlType(column: Column): 'text' | 'integer' | 'numeric' | 'timestamp' | 'date' | 'boolean' {
  switch (column.type) {
    case 'integer':
      return 'integer'
    case 'decimal':
      return 'numeric'
    case 'boolean':
      return 'boolean'
    case 'date_time':
    case 'duration':
      return 'timestamp'
    case 'date':
      return 'date'
    default:
      return 'text'
  }
}
