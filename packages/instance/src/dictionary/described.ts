import { fixedSysId } from '../sys-id.ts'
import type { ColumnDefinition, ColumnType, TableDefinition } from './definition.ts'
import { CLASS_FIELD, DOMAIN_FIELDS, SYSTEM_FIELDS } from './system-fields.ts'

export type DescribedRow = Readonly<Record<string, string>>

/** ServiceNow's name of a type, what it is made of, and how long its values are where a field does not say. */
const TYPES: Readonly<Record<ColumnType, readonly [name: string, label: string, scalar: string, length: string]>> = {
  guid: ['GUID', 'Sys ID (GUID)', 'string', '32'],
  string: ['string', 'String', 'string', '4000'],
  integer: ['integer', 'Integer', 'integer', '40'],
  decimal: ['decimal', 'Decimal', 'decimal', '15'],
  boolean: ['boolean', 'True/False', 'boolean', '40'],
  date_time: ['glide_date_time', 'Date/Time', 'datetime', '40'],
  date: ['glide_date', 'Date', 'date', '40'],
  duration: ['glide_duration', 'Duration', 'datetime', '40'],
  reference: ['reference', 'Reference', 'GUID', '32'],
  list: ['glide_list', 'List', 'string', '4000'],
  journal: ['journal_input', 'Journal Input', 'string', '4000'],
  password: ['password', 'Password (1 Way Encrypted)', 'string', '255'],
}

/** Fields whose type on an instance is more exact than how they are stored. */
const OF_THEIR_OWN: Readonly<Record<string, string>> = {
  sys_class_name: 'sys_class_name',
  sys_domain: 'domain_id',
  sys_domain_path: 'domain_path',
  comments_and_work_notes: 'journal_list',
  approval_history: 'journal',
}

const FURTHER_TYPES = ['collection', ...new Set(Object.values(OF_THEIR_OWN))]

/**
 * The rows of the tables that describe tables, by table. A row belongs to the table that declares a field; a table that
 * declares an inherited field anew has an override, and choices of its own.
 */
export function described(definitions: readonly TableDefinition[]): Readonly<Record<string, readonly DescribedRow[]>> {
  const byName = new Map(definitions.map(definition => [definition.name, definition]))
  const fields = definitions.flatMap(definition => ownColumns(definition).map(column => ({ definition, column })))
  const declared = fields.map(field => ({ ...field, base: declaredAbove(field.definition, field.column.name, byName) }))
  return {
    sys_glide_object: [
      ...Object.values(TYPES).map(([name, label, scalar_type, scalar_length]) => ({
        name,
        label,
        scalar_type,
        scalar_length,
        visible: 'true',
      })),
      ...FURTHER_TYPES.map(name => ({ name, label: name, scalar_type: 'string', scalar_length: '80', visible: 'false' })),
    ].map(row => ({ sys_id: fixedSysId(`sys_glide_object ${row.name}`), ...row })),
    sys_db_object: definitions.map(tableRow),
    sys_dictionary: [
      ...definitions.map(collectionRow),
      ...declared.filter(({ base }) => !base).map(({ definition, column }) => fieldRow(definition, column)),
    ],
    sys_dictionary_override: declared.flatMap(({ definition, column, base }) => (base ? [overrideRow(definition, column, base)] : [])),
    sys_choice: fields.flatMap(({ definition, column }) => choiceRows(definition, column)),
  }
}

function ownColumns({ parent, extendable, domain, columns }: TableDefinition): readonly ColumnDefinition[] {
  if (parent !== undefined) return columns
  return [...SYSTEM_FIELDS, ...(extendable ? [CLASS_FIELD] : []), ...(domain ? DOMAIN_FIELDS : []), ...columns]
}

/** The table and field that a field of this name is inherited from. */
function declaredAbove(definition: TableDefinition, name: string, byName: ReadonlyMap<string, TableDefinition>) {
  let found: { table: string; column: ColumnDefinition } | undefined
  for (let above = byName.get(definition.parent ?? ''); above; above = byName.get(above.parent ?? '')) {
    const column = ownColumns(above).find(one => one.name === name)
    if (column) found = { table: above.name, column }
  }
  return found
}

const yesOrNo = (value: boolean) => String(value)

const tableKey = (name: string) => fixedSysId(`sys_db_object ${name}`)

function tableRow({ name, label, parent, extendable }: TableDefinition): DescribedRow {
  return {
    sys_id: tableKey(name),
    name,
    label,
    super_class: parent === undefined ? '' : tableKey(parent),
    is_extendable: yesOrNo(extendable ?? parent !== undefined),
    access: 'public',
    ws_access: 'true',
    read_access: 'true',
    create_access: 'false',
    update_access: 'false',
    delete_access: 'false',
  }
}

/** Every table has an entry without a field, for itself. */
function collectionRow({ name, label, audited, textIndex }: TableDefinition): DescribedRow {
  const own = {
    column_label: label,
    internal_type: 'collection',
    audit: yesOrNo(audited ?? false),
    text_index: yesOrNo(textIndex !== undefined),
  }
  return { ...EMPTY_ENTRY, sys_id: fixedSysId(`sys_dictionary ${name}`), name, ...own }
}

const EMPTY_ENTRY: DescribedRow = {
  choice: '0',
  active: 'true',
  array: 'false',
  audit: 'false',
  display: 'false',
  mandatory: 'false',
  primary: 'false',
  read_only: 'false',
  text_index: 'false',
  unique: 'false',
  virtual: 'false',
}

/** The entry of a field, for the table that declares it. */
export function fieldRow({ name, display }: Pick<TableDefinition, 'name' | 'display'>, column: ColumnDefinition): DescribedRow {
  const [type, , , length] = TYPES[column.type]
  return {
    ...EMPTY_ENTRY,
    sys_id: fixedSysId(`sys_dictionary ${name} ${column.name}`),
    name,
    element: column.name,
    column_label: column.label,
    internal_type: OF_THEIR_OWN[column.name] ?? type,
    reference: column.reference ?? '',
    reference_key: column.key ?? '',
    max_length: String(column.maxLength ?? length),
    default_value: column.default ?? '',
    choice: column.choices === undefined ? '0' : column.default === undefined ? '1' : '3',
    display: yesOrNo(column.name === display),
    primary: yesOrNo(column.name === 'sys_id'),
    unique: yesOrNo(column.name === 'sys_id'),
    read_only: yesOrNo(column.readOnly ?? false),
    mandatory: yesOrNo(column.mandatory ?? false),
  }
}

function overrideRow({ name }: TableDefinition, column: ColumnDefinition, base: { table: string; column: ColumnDefinition }): DescribedRow {
  const readOnly = column.readOnly ?? false
  return {
    sys_id: fixedSysId(`sys_dictionary_override ${name} ${column.name}`),
    name,
    base_table: base.table,
    element: column.name,
    default_value_override: yesOrNo(column.default !== base.column.default),
    default_value: column.default ?? '',
    read_only_override: yesOrNo(readOnly !== (base.column.readOnly ?? false)),
    read_only: yesOrNo(readOnly),
  }
}

function choiceRows({ name }: TableDefinition, { name: element, choices = [] }: ColumnDefinition): DescribedRow[] {
  return choices.map(([value, label], at) => ({
    sys_id: fixedSysId(`sys_choice ${name} ${element} ${value}`),
    name,
    element,
    value,
    label,
    language: 'en',
    sequence: String(at + 1),
    inactive: 'false',
  }))
}
