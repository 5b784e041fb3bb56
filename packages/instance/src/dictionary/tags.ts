import { type ColumnDefinition, refers, type TableDefinition, text } from './definition.ts'

/** Tags that people hang on records (contract servicenow-core.md 10.2, `sys_tags`). */
export const label: TableDefinition = {
  name: 'label',
  label: 'Tag',
  display: 'name',
  lookups: ['name'],
  columns: [text('name', 'Name', { maxLength: 100 }), refers('owner', 'Owner', 'sys_user')],
}

const recordKey: ColumnDefinition = { name: 'table_key', label: 'Table key', type: 'guid' }

export const labelEntry: TableDefinition = {
  name: 'label_entry',
  label: 'Tag Entry',
  display: 'title',
  indexes: ['table_key', 'label'],
  columns: [text('title', 'Title'), refers('label', 'Tag', 'label'), text('table', 'Table'), recordKey],
}
