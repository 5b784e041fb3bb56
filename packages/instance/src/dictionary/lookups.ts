import { level, type ShippedTable, text, whole, yesNo } from './definition.ts'
import { HIGH_MEDIUM_LOW, PRIORITY_CHOICES } from './task.ts'

/** How the records of a table are numbered (contract servicenow-core.md 11.2). The next number is a sequence's, whatever stands here. */
export const sysNumber: ShippedTable = {
  name: 'sys_number',
  label: 'Number',
  source: 'Auto-numbering (servicenow-core 11.2)',
  leftOut: 'the fields of `sys_metadata`, which it extends; setting the next number, which is a sequence’s',
  readers: 'the desk',
  writers: 'administrators',
  display: 'category',
  lookups: ['category'],
  columns: [
    text('category', 'Table', { maxLength: 80, readOnly: true }),
    text('prefix', 'Prefix', { maxLength: 40 }),
    whole('number', 'Number', { readOnly: true }),
    whole('maximum_digits', 'Number of digits', { default: '7' }),
  ],
}

/** What priority an impact and an urgency make (contract servicenow-core.md 11.4). */
export const priorityLookup: ShippedTable = {
  name: 'dl_u_priority',
  label: 'Priority Data Lookup',
  source: 'Priority lookup (servicenow-core 11.4)',
  leftOut: '`dl_definition`, and lookups for other tables',
  readers: 'the desk',
  writers: 'administrators',
  display: 'priority',
  columns: [
    level('impact', 'Impact', HIGH_MEDIUM_LOW),
    level('urgency', 'Urgency', HIGH_MEDIUM_LOW),
    level('priority', 'Priority', PRIORITY_CHOICES),
    whole('order', 'Order', { default: '100' }),
    yesNo('active', 'Active', 'true'),
  ],
}
