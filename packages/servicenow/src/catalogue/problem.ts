import { PROBLEM_ACCESS } from '../rows/process-access.ts'
import { EXAMPLE_TASK, type TaskFamily, taskRows } from '../rows/task-rows.ts'

const family = {
  family: 'problem',
  table: 'problem',
  one: 'a problem',
  many: 'problems',
  prefix: 'PRB',
  exampleId: EXAMPLE_TASK,
  exampleShown: {
    sys_id: EXAMPLE_TASK,
    number: 'PRB0040001',
    short_description: 'Wi-Fi drops every morning',
    impact: '2',
    urgency: '2',
    correlation_id: 'db-4714',
  },
  exampleValues: { short_description: 'Wi-Fi drops every morning', impact: '2', urgency: '2', correlation_id: 'db-4714' },
  exampleChange: { state: '103', cause_notes: 'Two access points share a channel' },
  hint: 'A new one begins in New (101). Resolving needs a resolution_code, and what the process of the instance asks.',
  source: 'servicenow-core 11.7',
  ...PROBLEM_ACCESS,
} as const satisfies TaskFamily

export const problemActions = taskRows(family)
