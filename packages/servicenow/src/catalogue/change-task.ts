import { CHANGE_ACCESS } from '../rows/process-access.ts'
import { EXAMPLE_TASK, type TaskFamily, taskRows } from '../rows/task-rows.ts'

const family = {
  family: 'changeTask',
  table: 'change_task',
  one: 'a change task',
  many: 'change tasks',
  prefix: 'CTASK',
  exampleId: EXAMPLE_TASK,
  exampleShown: {
    sys_id: EXAMPLE_TASK,
    number: 'CTASK0010001',
    short_description: 'Mount the new switch',
    change_request: '1c87925347c12200e0ef563dbb9a7177',
    change_task_type: 'implementation',
  },
  exampleValues: {
    short_description: 'Mount the new switch',
    change_request: '1c87925347c12200e0ef563dbb9a7177',
    change_task_type: 'implementation',
  },
  exampleChange: { state: '3', close_code: 'successful', close_notes: 'Mounted' },
  hint: 'Belongs to a change request (field change_request).',
  source: 'servicenow-core 11.5',
  ...CHANGE_ACCESS,
} as const satisfies TaskFamily

export const changeTaskActions = taskRows(family)
