import { z } from 'zod'
import type { InstanceCall } from '../connection/call.ts'
import { query } from '../encoded-query/query.ts'
import type { Sender } from '../performing/sender.ts'
import { listCall } from '../table-api/record-calls.ts'
import type { Row } from '../table-api/row.ts'
import { firstPage, readEveryRow } from './every-row.ts'
import { columnsFrom, rowsFrom } from './reading.ts'

/** How the instance's own dictionary is read: which tables a table extends, and what columns they declare. */

/** Longer chains of tables have not been seen; one that goes round in a circle ends here. */
const MOST_PARENTS = 12

const column = z.object({
  name: z.string(),
  label: z.string(),
  type: z.string().describe('The type of the dictionary: string, integer, boolean, reference, glide_date_time, journal_input, …'),
  reference: z.string().describe('The table that a reference leads to; empty for other types.'),
  maxLength: z.int().describe('Characters; 0 where the dictionary says nothing.'),
  mandatory: z.boolean(),
  readOnly: z.boolean(),
  defaultValue: z.string(),
  declaredBy: z.string().describe('The table that declares it: the table itself, or one that it extends.'),
  choices: z
    .array(z.object({ value: z.string(), label: z.string() }))
    .describe('Active choices in English, in their order; empty without any.'),
})

export const tableDescription = z.object({
  name: z.string(),
  label: z.string(),
  extends: z.array(z.string()).describe('The tables that it extends, its parent first.'),
  columns: z.array(column),
})

type Column = z.output<typeof column>

const ENTRY = ['sys_id', 'sys_created_on', 'name', 'element'] as const
const DICTIONARY = ['column_label', 'internal_type', 'reference', 'max_length', 'mandatory', 'read_only', 'default_value'] as const
const OVERRIDE = ['default_value_override', 'default_value', 'read_only_override', 'read_only', 'mandatory_override', 'mandatory'] as const
const CHOICE = ['value', 'label', 'sequence'] as const

/** Asks for the table; `first` is the call for it. @throws ServiceNowError kind `unreadable` when the dictionary is hidden. */
export async function readDescription(sender: Sender, first: InstanceCall, table: string): Promise<z.output<typeof tableDescription>> {
  const chain = await readChain(sender, first, table)
  const names = chain.map(({ name }) => name)
  const entries = await readRowsOf(
    sender,
    'sys_dictionary',
    DICTIONARY,
    `${query().in('name', names).text()}^elementISNOTEMPTY^active=true`,
  )
  if (entries.length === 0) throw sender.failure('unreadable', 'the user sees no row of sys_dictionary')
  const overrides = await readRowsOf(sender, 'sys_dictionary_override', OVERRIDE, query().in('name', names).text())
  const choices = await readRowsOf(sender, 'sys_choice', CHOICE, `${query().in('name', names).text()}^inactive=false^language=en`)
  return {
    name: table,
    label: chain[0]!.label,
    extends: names.slice(1),
    columns: columnsOf(names, entries, overrides, choices),
  }
}

/** Asks for a table by its name, with the name of the one that it extends. */
export function tableCall(name: string): InstanceCall {
  return listCall('sys_db_object', {
    query: query().where('name', '=', name).text(),
    fields: ['name', 'label', 'super_class.name'],
    limit: 2,
  })
}

/** The table and those that it extends, itself first. */
async function readChain(sender: Sender, first: InstanceCall, table: string): Promise<{ name: string; label: string }[]> {
  const chain: { name: string; label: string }[] = []
  for (let wanted = table; wanted !== '' && chain.length < MOST_PARENTS; ) {
    const answer = await sender.send(chain.length === 0 ? first : tableCall(wanted))
    const [found] = rowsFrom(sender, answer, 'false') as Row[]
    if (!found && (answer.total ?? 0) > 0) throw sender.failure('unreadable', 'the user may not read sys_db_object')
    if (!found) throw sender.failure('not-found', `there is no table ${wanted}, or the user may not see it in sys_db_object`)
    const { name, label } = columnsFrom(sender, found, { required: ['name'], optional: ['label'] })
    if (name !== wanted) throw sender.failure('broken-answer', `asked for the table ${wanted}, got ${name}`)
    chain.push({ name, label })
    wanted = found['super_class.name'] ?? ''
  }
  return chain
}

type Entry<C extends string> = Record<(typeof ENTRY)[number] | C, string>

/** Every row of a dictionary table that tells of these tables; those that are hidden are an error, not an absence. */
function readRowsOf<const C extends string>(sender: Sender, table: string, columns: readonly C[], filter: string): Promise<Entry<C>[]> {
  const parameters = { ...firstPage(filter), sysparm_fields: [...ENTRY, ...columns].join(','), sysparm_exclude_reference_link: true }
  return readEveryRow<Entry<C>>(
    sender,
    { method: 'GET', path: `/api/now/table/${table}`, parameters },
    {
      filter,
      table,
      read: record => {
        const required = columnsFrom(sender, record, { required: ['sys_id', 'name', 'element'], optional: ['sys_created_on'] })
        return { ...columnsFrom(sender, record, { required: [], optional: columns }), ...required }
      },
      belongs: row => row.name !== '',
    },
  )
}

/** The nearest table has the last word: on a column that it declares anew, on an override, and on choices. */
function columnsOf(
  names: readonly string[],
  entries: readonly Entry<(typeof DICTIONARY)[number]>[],
  overrides: readonly Entry<(typeof OVERRIDE)[number]>[],
  choices: readonly Entry<(typeof CHOICE)[number]>[],
): Column[] {
  const nearest = <T extends { name: string }>(rows: readonly T[]) =>
    [...rows].sort((a, b) => names.indexOf(a.name) - names.indexOf(b.name))
  const declared = new Map<string, Column>()
  for (const entry of nearest(entries).reverse()) {
    const known = declared.get(entry.element)
    declared.set(entry.element, {
      name: entry.element,
      label: entry.column_label,
      type: entry.internal_type,
      reference: entry.reference,
      maxLength: Number(entry.max_length) || 0,
      mandatory: entry.mandatory === 'true',
      readOnly: entry.read_only === 'true',
      defaultValue: entry.default_value,
      declaredBy: known?.declaredBy ?? entry.name,
      choices: choicesOf(nearest(choices.filter(({ element }) => element === entry.element))),
    })
  }
  for (const override of nearest(overrides).reverse()) {
    const its = declared.get(override.element)
    if (!its) continue
    if (override.default_value_override === 'true') its.defaultValue = override.default_value
    if (override.read_only_override === 'true') its.readOnly = override.read_only === 'true'
    if (override.mandatory_override === 'true') its.mandatory = override.mandatory === 'true'
  }
  return [...declared.values()].sort((a, b) => (a.name < b.name ? -1 : 1))
}

function choicesOf(rows: readonly Entry<(typeof CHOICE)[number]>[]): Column['choices'] {
  return rows
    .filter(({ name }) => name === rows[0]?.name)
    .sort((a, b) => Number(a.sequence) - Number(b.sequence))
    .map(({ value, label }) => ({ value, label }))
}
