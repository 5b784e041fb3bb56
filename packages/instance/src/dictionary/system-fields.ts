import { type ColumnDefinition, moment, refers, text, whole } from './definition.ts'

/** The fields of every table (contract servicenow-core.md 11.1). */
export const SYSTEM_FIELDS: readonly ColumnDefinition[] = [
  { name: 'sys_id', label: 'Sys ID', type: 'guid', readOnly: true },
  moment('sys_created_on', 'Created', { readOnly: true }),
  text('sys_created_by', 'Created by', { readOnly: true }),
  moment('sys_updated_on', 'Updated', { readOnly: true }),
  text('sys_updated_by', 'Updated by', { readOnly: true }),
  whole('sys_mod_count', 'Updates', { readOnly: true, default: '0' }),
  text('sys_tags', 'Tags', { readOnly: true }),
]

export const CLASS_FIELD: ColumnDefinition = text('sys_class_name', 'Class', { readOnly: true })

export const DOMAIN_FIELDS: readonly ColumnDefinition[] = [
  refers('sys_domain', 'Domain', 'sys_user_group', { readOnly: true, default: 'global' }),
  text('sys_domain_path', 'Domain Path', { readOnly: true, default: '/' }),
]

/** Fields that a save writes by itself, whatever it changes. */
export const OWN_FIELDS: ReadonlySet<string> = new Set([...SYSTEM_FIELDS, CLASS_FIELD, ...DOMAIN_FIELDS].map(({ name }) => name))
