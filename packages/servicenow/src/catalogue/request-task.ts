import { REQUEST_ACCESS } from '../rows/process-access.ts'
import { EXAMPLE_TASK, type TaskFamily, taskRows } from '../rows/task-rows.ts'

const family = {
  family: 'requestTask',
  table: 'sc_task',
  one: 'a request task',
  many: 'request tasks',
  prefix: 'SCTASK',
  exampleId: EXAMPLE_TASK,
  exampleShown: {
    sys_id: EXAMPLE_TASK,
    number: 'SCTASK0010001',
    short_description: 'Install the laptop',
    request_item: 'aeed229047801200e0ef563dbb9a71c2',
  },
  exampleValues: { short_description: 'Install the laptop', request_item: 'aeed229047801200e0ef563dbb9a71c2' },
  exampleChange: { state: '3', work_notes: 'Installed' },
  hint: 'Belongs to a request item (field request_item).',
  source: 'servicenow-core 11.6',
  ...REQUEST_ACCESS,
} as const satisfies TaskFamily

export const requestTaskActions = taskRows(family)
