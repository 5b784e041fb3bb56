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

export const list = (name: string, label: string, reference: string): ColumnDefinition => ({ name, label, type: 'list', reference })

export const refers = (name: string, label: string, reference: string, extra: Extra = {}): ColumnDefinition => ({
  name,
  label,
  type: 'reference',
  reference,
  ...extra,
})

/** A choice whose values are text. */
export const choice = (name: string, label: string, choices: readonly Choice[], extra: Extra = {}): ColumnDefinition => ({
  name,
  label,
  type: 'string',
  choices,
  ...extra,
})

/** A choice whose values are numbers. */
export const level = (name: string, label: string, choices: readonly Choice[], extra: Extra = {}): ColumnDefinition => ({
  name,
  label,
  type: 'integer',
  choices,
  ...extra,
})
