import { choice, refers, type ShippedTable, text, whole, yesNo } from './definition.ts'

/** Import sets, staging tables and transform maps (contract servicenow-core.md 6). A staging table extends `sys_import_set_row`. */

export const sysImportSet: ShippedTable = {
  name: 'sys_import_set',
  label: 'Import Set',
  source: 'Import Set API (servicenow-core 6)',
  leftOut: 'data sources, schedules, run times',
  readers: 'the desk',
  writers: 'administrators',
  display: 'number',
  number: { prefix: 'ISET', first: 10_001 },
  columns: [
    text('number', 'Number', { maxLength: 40 }),
    text('table_name', 'Table'),
    text('state', 'State', { default: 'processed' }),
    text('mode', 'Mode', { default: 'synchronous' }),
  ],
}

export const sysImportSetRow: ShippedTable = {
  name: 'sys_import_set_row',
  label: 'Import Set Row',
  source: 'Import Set API (servicenow-core 6)',
  leftOut: 'a row for each error',
  readers: 'the desk',
  writers: 'administrators',
  extendable: true,
  display: 'sys_import_row',
  indexes: ['sys_import_set'],
  columns: [
    refers('sys_import_set', 'Set', 'sys_import_set'),
    whole('sys_import_row', 'Row'),
    choice(
      'sys_import_state',
      'State',
      ['pending', 'inserted', 'updated', 'ignored', 'skipped', 'error'].map(state => [state, state] as const),
      { default: 'pending' },
    ),
    text('sys_import_state_comment', 'Comment', { maxLength: 4000 }),
    text('sys_target_table', 'Target table'),
    text('sys_target_sys_id', 'Target record'),
    refers('sys_transform_map', 'Transform map', 'sys_transform_map'),
  ],
}

const column = (name: string, label: string) => text(name, label, { maxLength: 1000 })

export const impUser: ShippedTable = {
  name: 'imp_user',
  label: 'User import',
  parent: 'sys_import_set_row',
  source: 'Import Set API, its sample (servicenow-core 6)',
  leftOut: 'fields that an administrator’s source would bring',
  readers: 'as its parent',
  writers: 'as its parent',
  display: 'user_name',
  columns: [
    column('user_name', 'User ID'),
    column('first_name', 'First name'),
    column('last_name', 'Last name'),
    column('email', 'Email'),
    column('phone', 'Phone'),
    column('title', 'Title'),
    column('company', 'Company'),
    column('department', 'Department'),
    column('active', 'Active'),
  ],
}

export const sysTransformMap: ShippedTable = {
  name: 'sys_transform_map',
  label: 'Table Transform Map',
  source: 'Import Set API (servicenow-core 6)',
  leftOut: 'the fields of `sys_metadata`, which it extends; scripts, events, conditions',
  readers: 'the desk',
  writers: 'administrators',
  display: 'name',
  indexes: ['source_table'],
  columns: [
    text('name', 'Name', { maxLength: 100 }),
    text('source_table', 'Source table'),
    text('target_table', 'Target table'),
    yesNo('active', 'Active', 'true'),
    whole('order', 'Order', { default: '100' }),
  ],
}

export const sysTransformEntry: ShippedTable = {
  name: 'sys_transform_entry',
  label: 'Field Map',
  source: 'Import Set API (servicenow-core 6)',
  leftOut: 'the fields of `sys_metadata`, which it extends; scripts, date formats, what is done about an unknown choice or reference',
  readers: 'the desk',
  writers: 'administrators',
  display: 'source_field',
  indexes: ['map'],
  columns: [
    refers('map', 'Map', 'sys_transform_map'),
    text('source_field', 'Source field'),
    text('target_field', 'Target field'),
    yesNo('coalesce', 'Coalesce'),
  ],
}
