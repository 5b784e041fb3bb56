/** How a column is stored and shown. Names follow ServiceNow's own types, shortened (contract servicenow-core.md 2.9, 11). */
export type ColumnType =
  | 'guid'
  | 'string'
  | 'integer'
  | 'decimal'
  | 'boolean'
  | 'date_time'
  | 'date'
  | 'duration'
  | 'reference'
  | 'list'
  | 'journal'
  | 'password'

export type Choice = readonly [value: string, label: string]

export interface ColumnDefinition {
  readonly name: string
  readonly label: string
  readonly type: ColumnType
  /** The table that a reference points to. */
  readonly reference?: string
  /** The field of the other table that a reference holds, where that is not its sys_id. */
  readonly key?: string
  readonly choices?: readonly Choice[]
  /** A choice list that an administrator would extend: values outside it are kept. */
  readonly open?: boolean
  readonly default?: string
  readonly maxLength?: number
  /** A save may not leave it empty. */
  readonly mandatory?: boolean
  /** Set by the instance only; ignored when a caller writes it. */
  readonly readOnly?: boolean
}

export interface TableDefinition {
  readonly name: string
  readonly label: string
  /** The table this one extends. Parent and children share one PostgreSQL table, as in ServiceNow's table-per-hierarchy. */
  readonly parent?: string
  /** The root of a hierarchy has `sys_class_name`. */
  readonly extendable?: boolean
  readonly display: string
  readonly number?: NumberRule
  /** One `sys_audit` row for each changed field of a save. */
  readonly audited?: boolean
  /** Rows also carry a hidden number in order of insertion, which orders entries of the same second. */
  readonly inOrder?: boolean
  /** Rows carry `sys_domain` and `sys_domain_path`. */
  readonly domain?: boolean
  readonly columns: readonly ColumnDefinition[]
  readonly indexes?: readonly string[]
  /** Lists of fields that no two rows have alike. */
  readonly unique?: readonly string[]
  /** The fields that are searched by words, the weightiest first. Only the root of a hierarchy has them, for all its classes. */
  readonly textIndex?: readonly string[]
  /** Indexes on `lower(column)`, for text that is looked up by equality, which ignores case. */
  readonly lookups?: readonly string[]
}

/** Who reads the records of a table. An administrator reads them all; *the desk* is whoever works on tickets, and the exchange. */
export type Readers = 'everybody' | 'the desk' | 'administrators' | 'as its parent'

/** Who creates, changes and deletes them over the Table API; *nobody*: not even an administrator, another API or a save does. */
export type Writers = 'the desk' | 'administrators' | 'nobody' | 'as its parent'

/** What somebody may do to some records of a table, beside those who may do it to all. */
export interface RightToSome {
  /** In words, for a page. */
  readonly who: string
  readonly operations: readonly ('read' | 'write')[]
  /** An encoded query that holds for those records. */
  readonly condition?: string
  /** One of the few scripts that mean something (rights.ts). */
  readonly script?: string
}

/**
 * A table that comes with the instance. The row says where it is from, what of ServiceNow's is not there, and who may do what: the
 * access rules that an instance begins with, and known-differences.md, are written from it; conformance/every-table.test.ts holds
 * each to it.
 */
export interface ShippedTable extends TableDefinition {
  /** The public page in words, and in brackets the section of the contract; `ours` for a table that ServiceNow has not. */
  readonly source: string
  /** What of ServiceNow's table is not here, or differs; `NOTHING` where we know of none. */
  readonly leftOut: string
  readonly readers: Readers
  readonly writers: Writers
  readonly alsoFor?: readonly RightToSome[]
  /** Fields that only the desk reads, of records that others read too. */
  readonly deskOnly?: readonly string[]
}

export const NOTHING = 'nothing we know of'

export interface NumberRule {
  readonly prefix: string
  readonly first: number
}

type Extra = Omit<ColumnDefinition, 'name' | 'label' | 'type' | 'reference' | 'choices'>

export const text = (name: string, label: string, extra: Extra = {}): ColumnDefinition => ({ name, label, type: 'string', ...extra })

export const whole = (name: string, label: string, extra: Extra = {}): ColumnDefinition => ({ name, label, type: 'integer', ...extra })

export const amount = (name: string, label: string, extra: Extra = {}): ColumnDefinition => ({ name, label, type: 'decimal', ...extra })

export const yesNo = (name: string, label: string, value: 'true' | 'false' = 'false'): ColumnDefinition => ({
  name,
  label,
  type: 'boolean',
  default: value,
})

export const moment = (name: string, label: string, extra: Extra = {}): ColumnDefinition => ({ name, label, type: 'date_time', ...extra })

export const day = (name: string, label: string): ColumnDefinition => ({ name, label, type: 'date' })

export const span = (name: string, label: string): ColumnDefinition => ({ name, label, type: 'duration' })

export const journal = (name: string, label: string): ColumnDefinition => ({ name, label, type: 'journal' })

/**
 * Several references: their sys_ids, with commas between them. Names are looked up as `refers` looks up one; those that nothing shows
 * are left out of the list.
 */
export const list = (name: string, label: string, reference: string): ColumnDefinition => ({ name, label, type: 'list', reference })

/**
 * A reference: the sys_id of a record of another table. What the record shows (a user's name) is looked up only where the write has
 * `sysparm_input_display_value=true`; a name that nothing shows leaves the field as it was. Without the parameter any text is kept as
 * it came, shows nothing and leads nowhere (contract servicenow-core.md 3.4: kept, or empty).
 */
export const refers = (name: string, label: string, reference: string, extra: Extra = {}): ColumnDefinition => ({
  name,
  label,
  type: 'reference',
  reference,
  ...extra,
})

/**
 * A choice whose values are text. A write names a value; its label is taken only with `sysparm_input_display_value=true`. What is
 * neither is dropped without a word and the rest saved, so a new record then has the field's default, or nothing (contract
 * servicenow-core.md 2.1, `glide.rest.choice.allow_non_existing_value`, which is always false here). An `open` list keeps it.
 */
export const choice = (name: string, label: string, choices: readonly Choice[], extra: Extra = {}): ColumnDefinition => ({
  name,
  label,
  type: 'string',
  choices,
  ...extra,
})

/** A choice whose values are numbers; otherwise as `choice`. */
export const level = (name: string, label: string, choices: readonly Choice[], extra: Extra = {}): ColumnDefinition => ({
  name,
  label,
  type: 'integer',
  choices,
  ...extra,
})
