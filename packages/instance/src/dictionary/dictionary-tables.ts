import { type ColumnDefinition, refers, type ShippedTable, text, whole, yesNo } from './definition.ts'

/** Tables and types are referred to by their names, not by sys_id (measured: `…/sys_glide_object?name=integer`). */
const byName = (name: string, label: string, reference: string): ColumnDefinition => refers(name, label, reference, { key: 'name' })

/** The tables that tell what tables, fields and choices there are. Their rows are written by `described.ts`. */
export const sysDbObject: ShippedTable = {
  name: 'sys_db_object',
  label: 'Table',
  source: 'The dictionary (servicenow-platform 7)',
  leftOut:
    'the fields of `sys_metadata`, which it extends; `create_access_controls`, `user_role`, `number_ref`, codes and paths of classes; making a table by a row',
  readers: 'the desk',
  writers: 'nobody',
  display: 'label',
  lookups: ['name'],
  columns: [
    text('name', 'Name', { maxLength: 80 }),
    text('label', 'Label', { maxLength: 80 }),
    refers('super_class', 'Extends table', 'sys_db_object'),
    yesNo('is_extendable', 'Extensible'),
    text('access', 'Accessible from', { default: 'public' }),
    yesNo('ws_access', 'Allow access to this table via web services', 'true'),
    yesNo('read_access', 'Can read', 'true'),
    yesNo('create_access', 'Can create'),
    yesNo('update_access', 'Can update'),
    yesNo('delete_access', 'Can delete'),
  ],
}

export const sysGlideObject: ShippedTable = {
  name: 'sys_glide_object',
  label: 'Field class',
  source: 'The dictionary (servicenow-platform 1, 7)',
  leftOut: 'the fields of `sys_metadata`, which it extends; types that no field here has',
  readers: 'everybody',
  writers: 'nobody',
  display: 'label',
  lookups: ['name'],
  columns: [
    text('name', 'Name', { maxLength: 80 }),
    text('label', 'Label', { maxLength: 80 }),
    text('scalar_type', 'Extends'),
    whole('scalar_length', 'Length'),
    yesNo('visible', 'Visible', 'true'),
  ],
}

export const sysDictionary: ShippedTable = {
  name: 'sys_dictionary',
  label: 'Dictionary Entry',
  source: 'The dictionary (servicenow-platform 7)',
  leftOut:
    'the fields of `sys_metadata`, which it extends; `dependent_on_field`, `calculation`, qualifiers of references; making a field by a row',
  readers: 'the desk',
  writers: 'nobody',
  display: 'element',
  indexes: ['element'],
  lookups: ['name'],
  columns: [
    text('name', 'Table', { maxLength: 80 }),
    text('element', 'Column name', { maxLength: 80 }),
    text('column_label', 'Column label', { maxLength: 80 }),
    byName('internal_type', 'Type', 'sys_glide_object'),
    byName('reference', 'Reference', 'sys_db_object'),
    text('reference_key', 'Reference key', { maxLength: 80 }),
    whole('max_length', 'Max length'),
    text('default_value', 'Default value', { maxLength: 512 }),
    {
      ...whole('choice', 'Choice'),
      choices: [
        ['0', '-- None --'],
        ['1', 'Dropdown with -- None --'],
        ['3', 'Dropdown without -- None --'],
      ],
    },
    text('choice_table', 'Choice table', { maxLength: 80 }),
    text('choice_field', 'Choice field', { maxLength: 80 }),
    text('dependent', 'Dependent', { maxLength: 80 }),
    text('attributes', 'Attributes', { maxLength: 1000 }),
    text('comments', 'Comments', { maxLength: 1000 }),
    yesNo('active', 'Active', 'true'),
    yesNo('array', 'Array'),
    yesNo('audit', 'Audit'),
    yesNo('display', 'Display'),
    yesNo('mandatory', 'Mandatory'),
    yesNo('primary', 'Primary'),
    yesNo('read_only', 'Read only'),
    yesNo('text_index', 'Text index'),
    yesNo('unique', 'Unique'),
    yesNo('virtual', 'Calculated'),
  ],
}

/** What a table changes about a field that it inherits. */
export const sysDictionaryOverride: ShippedTable = {
  name: 'sys_dictionary_override',
  label: 'Dictionary Entry Override',
  source: 'The dictionary (servicenow-platform 7)',
  leftOut: 'the fields of `sys_metadata`, which it extends; overrides of anything but default and read only, labels among them',
  readers: 'the desk',
  writers: 'nobody',
  display: 'element',
  lookups: ['name'],
  columns: [
    text('name', 'Table', { maxLength: 80 }),
    text('base_table', 'Base table', { maxLength: 80 }),
    text('element', 'Column name', { maxLength: 80 }),
    yesNo('default_value_override', 'Override default value'),
    text('default_value', 'Default value', { maxLength: 512 }),
    yesNo('read_only_override', 'Override read only'),
    yesNo('read_only', 'Read only'),
  ],
}

export const sysChoice: ShippedTable = {
  name: 'sys_choice',
  label: 'Choice',
  source: 'Choice lists (servicenow-platform 7)',
  leftOut: '`synonyms`, domains; adding a choice by a row',
  readers: 'everybody',
  writers: 'nobody',
  display: 'label',
  lookups: ['name'],
  columns: [
    text('name', 'Table', { maxLength: 80 }),
    text('element', 'Element', { maxLength: 80 }),
    text('value', 'Value', { maxLength: 100 }),
    text('label', 'Label', { maxLength: 100 }),
    text('language', 'Language', { maxLength: 3, default: 'en' }),
    whole('sequence', 'Sequence'),
    yesNo('inactive', 'Inactive'),
    text('dependent_value', 'Dependent value', { maxLength: 100 }),
    text('hint', 'Hint', { maxLength: 255 }),
  ],
}
