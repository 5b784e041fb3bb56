import { type ColumnDefinition, NOTHING, refers, type ShippedTable, text } from './definition.ts'

/** Tags that people hang on records (contract servicenow-core.md 10.2, `sys_tags`). */
export const label: ShippedTable = {
  name: 'label',
  label: 'Tag',
  source: 'Tags (servicenow-core 10.2)',
  leftOut: 'who else sees a tag',
  readers: 'the desk',
  writers: 'administrators',
  display: 'name',
  lookups: ['name'],
  columns: [text('name', 'Name', { maxLength: 100 }), refers('owner', 'Owner', 'sys_user')],
}

const recordKey: ColumnDefinition = { name: 'table_key', label: 'Table key', type: 'guid' }

export const labelEntry: ShippedTable = {
  name: 'label_entry',
  label: 'Tag Entry',
  source: 'Tags (servicenow-core 10.2)',
  leftOut: NOTHING,
  readers: 'the desk',
  writers: 'administrators',
  display: 'title',
  indexes: ['table_key', 'label'],
  columns: [text('title', 'Title'), refers('label', 'Tag', 'label'), text('table', 'Table'), recordKey],
}
