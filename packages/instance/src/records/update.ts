import type { Caller } from '../caller/caller.ts'
import type { ColumnDefinition } from '../dictionary/definition.ts'
import type { Dictionary, Table } from '../dictionary/dictionary.ts'
import { OWN_FIELDS } from '../dictionary/system-fields.ts'
import { NOW, type Save, type Value } from '../house-rules/save.ts'
import { Parameters } from '../query-language/parameters.ts'
import { classes, type Filter } from '../query-language/statement.ts'
import { type Cells, quote, type Runs } from '../storage/database.ts'
import { rawText } from './display.ts'
import { auditRows, type FieldChange, journalRows } from './history-rows.ts'
import type { Input } from './input.ts'
import { DATABASE_NOW, sqlType } from './insert.ts'
import { type Projection, packedCells, unpackedCells } from './projection.ts'
import type { Store } from './store.ts'

/** A record as it is, in stored form, with its concrete class. */
export interface Stored {
  readonly table: Table
  readonly sysId: string
  readonly values: Readonly<Record<string, string>>
}

const remembered = new WeakMap<Dictionary, Map<string, { columns: ColumnDefinition[]; select: string }>>()

function allColumns(dictionary: Dictionary, root: string): { columns: ColumnDefinition[]; select: string } {
  const byRoot = remembered.get(dictionary) ?? new Map<string, { columns: ColumnDefinition[]; select: string }>()
  remembered.set(dictionary, byRoot)
  const known = byRoot.get(root)
  if (known) return known
  const columns = [...dictionary.physical(root).values()].filter(({ type }) => type !== 'journal')
  const made = { columns, select: packedCells(columns.map(({ name }) => `t.${quote(name)}`)) }
  byRoot.set(root, made)
  return made
}

/**
 * Reads all fields of a record, whatever class it has; undefined where there is none.
 * @param lock holds the record until the transaction of `runs` ends
 */
export async function readStored(
  { database, dictionary }: Store,
  { table, sysId, lock = false }: { table: Table; sysId: string; lock?: boolean },
  runs: Runs = database,
): Promise<Stored | undefined> {
  const { columns, select } = allColumns(dictionary, table.root)
  const where = ['t.sys_id = $1', ...classes(table)].join(' and ')
  const [row] = await runs.run(`select ${select} from ${database.name(table.root)} t where ${where}${lock ? ' for update' : ''}`, [sysId])
  if (!row) return undefined
  const values = valuesOf(columns, row)
  return { table: dictionary.table(values.sys_class_name ?? table.name) ?? table, sysId, values }
}

function valuesOf(columns: readonly ColumnDefinition[], row: Cells): Record<string, string> {
  const cells = unpackedCells(row[0])
  return Object.fromEntries(columns.map((column, at) => [column.name, rawText(column, cells[at] ?? null)]))
}

/** Reads all fields of the records that a filter finds. */
export async function readStoredRows(
  { database, dictionary }: Store,
  runs: Runs,
  table: Table,
  found: Filter,
): Promise<Stored['values'][]> {
  const { columns, select } = allColumns(dictionary, table.root)
  const text = `select ${select} from ${database.name(table.root)} t${found.joins}${found.where}${found.order}`
  return (await runs.run(text, found.parameters.values)).map(row => valuesOf(columns, row))
}

/** How writing a planned save ended. */
export type Updated =
  | { readonly kind: 'saved'; readonly row: Cells; readonly save: Save }
  | { readonly kind: 'unchanged'; readonly save: Save }
  /** Another save came between reading and writing: the record is read again, and the save planned anew. */
  | { readonly kind: 'overtaken' }

/** A save that changes a record, before any rule looked at it. */
export function changingSave(stored: Stored, caller: Caller, input: Input, byProcess = false): Save {
  const after: Record<string, Value> = {}
  for (const name of stored.table.columns.keys()) after[name] = stored.values[name] ?? ''
  Object.assign(after, input.values)
  return { table: stored.table, caller, before: stored.values, after, journals: { ...input.journals }, byProcess }
}

/**
 * Writes a planned save in one statement: the record, its journal entries and its audit rows. It only writes the record
 * as it was read (optimistic lock by `sys_mod_count`), so no transaction is held open between reading and writing.
 */
export async function writeSave(
  { database }: Pick<Store, 'database'>,
  runs: Runs,
  { stored, save, projection }: { stored: Stored; save: Save; projection: Projection },
): Promise<Updated> {
  const changed = fieldChanges(save)
  if (changed.length === 0 && save.journals.comments === undefined && save.journals.work_notes === undefined)
    return { kind: 'unchanged', save }
  const parameters = new Parameters()
  const key = parameters.add(stored.sysId, 'text')
  const count = parameters.add(stored.values.sys_mod_count ?? '0', 'integer')
  const by = parameters.add(save.caller.userName, 'text')
  const sets = changed.map(({ field, after }) => {
    const column = save.table.columns.get(field)!
    const value = after === undefined ? 'made.now' : after === '' ? 'null' : parameters.add(after, sqlType(column))
    return `${quote(field)} = ${value}`
  })
  sets.push('sys_updated_on = made.now', `sys_updated_by = ${by}`, 'sys_mod_count = t.sys_mod_count + 1')
  const text = `with made as (select ${DATABASE_NOW}),
t as (update ${database.name(save.table.root)} t set ${sets.join(', ')} from made where t.sys_id = ${key} and t.sys_mod_count = ${count} returning t.*)${journalRows(
    { database },
    save,
    parameters,
    by,
  )}${auditRows({ database }, { save, fieldChanges: changed, parameters, by })}
select true, ${projection.select} from t${projection.joins}`
  const [row] = await runs.run(text, parameters.values)
  return row ? { kind: 'saved', row, save } : { kind: 'overtaken' }
}

function fieldChanges(save: Save): FieldChange[] {
  const changed: FieldChange[] = []
  for (const column of save.table.columns.values()) {
    const before = save.before?.[column.name] ?? ''
    const after = save.after[column.name]
    if (after === undefined || after === before || column.type === 'journal' || OWN_FIELDS.has(column.name)) continue
    if (typeof after === 'string') changed.push({ field: column.name, before, after })
    else if (after === NOW) changed.push({ field: column.name, before, after: undefined })
  }
  return changed
}
