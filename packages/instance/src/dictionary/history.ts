import { type ColumnDefinition, type ShippedTable, text, whole } from './definition.ts'

/** The sys_id of a row in a table that another field names. */
const recordKey = (name: string, label: string): ColumnDefinition => ({ name, label, type: 'guid' })

/** Contract servicenow-core.md 8.1. */
export const sysJournalField: ShippedTable = {
  name: 'sys_journal_field',
  label: 'Journal Entry',
  source: 'Journal fields (servicenow-core 8.1)',
  leftOut: 'writing a row of it, which administrators can',
  readers: 'the desk',
  writers: 'nobody',
  display: 'element',
  inOrder: true,
  indexes: ['element_id', 'sys_created_on'],
  columns: [text('name', 'Name'), text('element', 'Element'), recordKey('element_id', 'Element ID'), text('value', 'Value')],
}

/** Contract servicenow-core.md 12.3. */
export const sysAudit: ShippedTable = {
  name: 'sys_audit',
  label: 'Audit',
  source: 'History sources (servicenow-core 12.3)',
  leftOut: 'rows of inserts; writing a row of it, which administrators can',
  readers: 'the desk',
  writers: 'nobody',
  display: 'documentkey',
  inOrder: true,
  indexes: ['documentkey', 'sys_created_on'],
  columns: [
    text('tablename', 'Table name'),
    text('fieldname', 'Field name'),
    recordKey('documentkey', 'Document key'),
    text('oldvalue', 'Old value'),
    text('newvalue', 'New value'),
    text('user', 'User'),
    text('record_checkpoint', 'Update count'),
    text('reason', 'Reason'),
  ],
}

/** What was deleted, with its last state (contract servicenow-core.md 12.2). */
export const sysAuditDelete: ShippedTable = {
  name: 'sys_audit_delete',
  label: 'Deleted Record',
  source: 'What a cursor does not see (servicenow-core 12.2)',
  leftOut: 'bringing a record back',
  readers: 'the desk',
  writers: 'nobody',
  display: 'display_value',
  inOrder: true,
  indexes: ['documentkey', 'sys_created_on'],
  columns: [
    text('tablename', 'Table name', { maxLength: 80 }),
    recordKey('documentkey', 'Document key'),
    text('display_value', 'Display value', { maxLength: 255 }),
    text('payload', 'Payload'),
  ],
}

/** Contract servicenow-core.md 4; the bytes are in `sys_attachment_doc`. */
export const sysAttachment: ShippedTable = {
  name: 'sys_attachment',
  label: 'Attachment',
  source: 'Attachment API (servicenow-core 4)',
  leftOut: '`created_by_name`, `updated_by_name`, `encryption_context`; nothing is compressed, and sizes of images stay empty',
  readers: 'the desk',
  writers: 'nobody',
  alsoFor: [
    {
      who: 'whoever reads the record that it belongs to',
      operations: ['read'],
      script: 'answer = recordIsReadable(current.table_name, current.table_sys_id);',
    },
  ],
  display: 'file_name',
  inOrder: true,
  indexes: ['table_sys_id,sys_created_on', 'sys_created_on'],
  columns: [
    text('file_name', 'File name'),
    text('content_type', 'Content type'),
    text('table_name', 'Table name'),
    recordKey('table_sys_id', 'Table sys ID'),
    whole('size_bytes', 'Size bytes'),
    whole('size_compressed', 'Size compressed'),
    { name: 'compressed', label: 'Compressed', type: 'boolean', default: 'false' },
    whole('chunk_size_bytes', 'Chunk size bytes'),
    text('hash', 'Hash'),
    text('state', 'State'),
    text('average_image_color', 'Average image color'),
    whole('image_height', 'Image height'),
    whole('image_width', 'Image width'),
  ],
}

export const sysProperties: ShippedTable = {
  name: 'sys_properties',
  label: 'System Property',
  source: 'System properties (servicenow-core 2.6, 10.5)',
  leftOut:
    'the fields of `sys_metadata`, which it extends; `type`, `choices`, roles that read or write one; nearly all that ServiceNow ships',
  readers: 'the desk',
  writers: 'administrators',
  display: 'name',
  lookups: ['name'],
  columns: [
    text('name', 'Name', { maxLength: 100 }),
    text('value', 'Value', { maxLength: 4000 }),
    text('description', 'Description', { maxLength: 4000 }),
  ],
}
