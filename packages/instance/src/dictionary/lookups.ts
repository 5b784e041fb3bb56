import { level, type TableDefinition, text, whole, yesNo } from './definition.ts'
import { HIGH_MEDIUM_LOW, PRIORITIES } from './task.ts'

/** How the records of a table are numbered (contract servicenow-core.md 11.2). The next number is a sequence's, whatever stands here. */
export const sysNumber: TableDefinition = {
  name: 'sys_number',
  label: 'Number',
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
export const priorityLookup: TableDefinition = {
  name: 'dl_u_priority',
  label: 'Priority Data Lookup',
  display: 'priority',
  columns: [
    level('impact', 'Impact', HIGH_MEDIUM_LOW),
    level('urgency', 'Urgency', HIGH_MEDIUM_LOW),
    level('priority', 'Priority', PRIORITIES),
    whole('order', 'Order', { default: '100' }),
    yesNo('active', 'Active', 'true'),
  ],
}
