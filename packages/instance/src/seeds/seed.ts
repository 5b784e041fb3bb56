import { z } from 'zod'
import type { TableDefinition } from '../dictionary/definition.ts'
import { Dictionary } from '../dictionary/dictionary.ts'
import { nearestNames } from '../nearest-names.ts'

/**
 * What somebody brings along: tables and columns of one's own, and records. A file of it is what `--seed` takes.
 *
 * Records are given by table, in the order in which they are to be made. Fields are written as the Table API takes them with
 * `sysparm_input_display_value=true`: references by sys_id or by what they show (a user by user name or e-mail too), choices by value
 * or label. `sys_id`, and the `sys_` fields of who and when, may be given too; a time may be `javascript:gs.daysAgo(3)` or another of
 * those functions. What a seed says stands, whatever a rule would make of it; what a record cannot have as it was said is refused, and
 * then nothing of the seed is loaded.
 */
export type Seed = z.input<typeof SEED>

/** A seed that cannot be used; the message says in sentences what is wrong where. */
export class SeedProblem extends Error {}

const NAME = z.string().regex(/^[a-z][a-z0-9_]{0,58}$/, 'a name is of small letters, digits and _')

const COLUMN = z
  .strictObject({
    name: NAME.refine(name => !name.startsWith('sys_'), 'names with sys_ are the instance’s own'),
    label: z.string().min(1).max(80).optional(),
    type: z
      .enum(['string', 'integer', 'decimal', 'boolean', 'date_time', 'date', 'duration', 'reference', 'list', 'journal'])
      .default('string'),
    reference: NAME.optional(),
    choices: z.array(z.tuple([z.string(), z.string()])).optional(),
    default: z.string().optional(),
    mandatory: z.boolean().optional(),
    maxLength: z.int().min(1).max(1_000_000).optional(),
  })
  .refine(({ type, reference }) => (type === 'reference' || type === 'list') === (reference !== undefined), {
    message: 'a reference or list names its table in "reference", and nothing else does',
  })
  .transform(({ label, ...column }) => ({ ...column, label: label ?? labelOf(column.name) }))

const TABLE = z
  .strictObject({
    name: NAME,
    label: z.string().min(1).max(80).optional(),
    parent: NAME.optional(),
    /** Whether other tables may extend it. */
    extendable: z.boolean().optional(),
    display: NAME.optional(),
    audited: z.boolean().optional(),
    number: z.strictObject({ prefix: z.string().regex(/^[A-Z]{1,10}$/), first: z.int().min(1).max(2_000_000_000) }).optional(),
    columns: z.array(COLUMN).default([]),
  })
  .transform(({ label, display, ...table }) => ({
    ...table,
    label: label ?? labelOf(table.name),
    display: display ?? (table.parent ? '' : (table.columns[0]?.name ?? 'sys_id')),
  }))

const PLAIN = z.union([z.string(), z.number(), z.boolean(), z.null()])
/** A value of a record: plain, several of a list, or a reference in the shape in which the Table API shows it. */
const VALUE = z.union(
  [PLAIN, z.array(z.string()), z.strictObject({ value: z.string(), display_value: z.string().optional(), link: z.string().optional() })],
  'a value is a text, a number, true, false, null, a list of texts or {"value": …}',
)

const SEED = z.strictObject({
  tables: z.array(TABLE).default([]),
  /** Columns that tables of the instance get besides their own, by table. */
  columns: z.record(NAME, z.array(COLUMN)).default({}),
  records: z.record(NAME, z.array(z.record(z.string(), VALUE))).default({}),
})

/** A seed that was read: labels and defaults are filled in. */
export type ReadSeed = z.output<typeof SEED>
/** The part of a seed that the dictionary is made of. */
export type OwnTables = Pick<ReadSeed, 'tables' | 'columns'>

/** @throws SeedProblem with sentences that say what is wrong where. */
export function readSeed(seed: unknown): ReadSeed {
  const read = SEED.safeParse(seed)
  if (!read.success) throw new SeedProblem(`The seed cannot be used:\n${z.prettifyError(read.error)}`)
  return read.data
}

function labelOf(name: string): string {
  const words =
    name
      .replace(/^[ux]_/, '')
      .replaceAll('_', ' ')
      .trim() || name
  return words[0]!.toUpperCase() + words.slice(1)
}

/** The tables of the instance with somebody's own columns and tables. */
export function definitionsWith(own: OwnTables, shipped: readonly TableDefinition[]): TableDefinition[] {
  const names = new Set(shipped.map(({ name }) => name))
  for (const name of Object.keys(own.columns))
    if (!names.has(name))
      throw new SeedProblem(`The seed has columns for the table ${name}, which is not there${nearestNames(name, names)}`)
  for (const { name } of own.tables)
    if (names.has(name)) throw new SeedProblem(`The seed has a table ${name}, which the instance has already`)
  const definitions: TableDefinition[] = shipped.map(table => {
    const further = own.columns[table.name] ?? []
    const taken = further.find(({ name }) => table.columns.some(column => column.name === name))
    if (taken) throw new SeedProblem(`The seed has a column ${table.name}.${taken.name}, which the instance has already`)
    return further.length === 0 ? table : { ...table, columns: [...table.columns, ...(further as TableDefinition['columns'])] }
  })
  for (const table of parentsFirst(own.tables)) {
    const parent = definitions.find(({ name }) => name === table.parent)
    if (table.parent !== undefined && !parent)
      throw new SeedProblem(`The seed's table ${table.name} extends ${table.parent}, which is not there`)
    definitions.push({ ...table, display: table.display || (parent?.display ?? 'sys_id') } as TableDefinition)
  }
  if (own.tables.length > 0 || Object.keys(own.columns).length > 0) fitTogether(definitions)
  return definitions
}

/** A hierarchy is one table underneath, so a name means one type in all of it. */
function fitTogether(definitions: readonly TableDefinition[]): void {
  try {
    const dictionary = new Dictionary(definitions)
    for (const { name, root } of dictionary.tables.values()) if (name === root) dictionary.physical(name)
  } catch (error) {
    throw new SeedProblem(`The seed's tables do not fit: ${(error as Error).message}`)
  }
}

function parentsFirst(tables: ReadSeed['tables']): ReadSeed['tables'] {
  const waiting = [...tables]
  const ordered: ReadSeed['tables'] = []
  while (waiting.length > 0) {
    const at = waiting.findIndex(({ parent }) => !waiting.some(({ name }) => name === parent))
    if (at < 0) throw new SeedProblem('The seed has tables that extend each other in a circle')
    ordered.push(...waiting.splice(at, 1))
  }
  return ordered
}

/** What was brought along before, with what is brought along now; of two of one name the later counts. */
export function together(before: OwnTables, now: OwnTables): OwnTables {
  const newer = new Set(now.tables.map(({ name }) => name))
  const columns: OwnTables['columns'] = { ...before.columns }
  for (const [table, list] of Object.entries(now.columns)) {
    const names = new Set(list.map(({ name }) => name))
    columns[table] = [...(before.columns[table] ?? []).filter(({ name }) => !names.has(name)), ...list]
  }
  return { tables: [...before.tables.filter(({ name }) => !newer.has(name)), ...now.tables], columns }
}
