import { CHANGE_ACCESS } from '../rows/process-access.ts'
import { EXAMPLE_TASK, type TaskFamily, taskRows } from '../rows/task-rows.ts'

const family = {
  family: 'change',
  table: 'change_request',
  one: 'a change request',
  many: 'change requests',
  prefix: 'CHG',
  exampleId: EXAMPLE_TASK,
  exampleShown: {
    sys_id: EXAMPLE_TASK,
    number: 'CHG0030001',
    short_description: 'Replace the core switch',
    type: 'normal',
    correlation_id: 'db-4712',
  },
  exampleValues: { short_description: 'Replace the core switch', type: 'normal', correlation_id: 'db-4712' },
  exampleChange: { assignment_group: '287ebd7da9fe198100f92cc8d1d2154e', state: '-4' },
  hint: 'A new one always begins in New (-5); states follow the change model, and Authorize and Scheduled are reached by approvals.',
  source: 'servicenow-core 11.5',
  ...CHANGE_ACCESS,
} as const satisfies TaskFamily

export const changeActions = taskRows(family)
