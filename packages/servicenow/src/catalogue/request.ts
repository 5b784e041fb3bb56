import { REQUEST_ACCESS } from '../rows/process-access.ts'
import { EXAMPLE_TASK, type TaskFamily, taskRows } from '../rows/task-rows.ts'

const family = {
  family: 'request',
  table: 'sc_request',
  one: 'a service request',
  many: 'service requests',
  prefix: 'REQ',
  exampleId: EXAMPLE_TASK,
  exampleShown: { sys_id: EXAMPLE_TASK, number: 'REQ0010001', short_description: 'Laptop for a new colleague', correlation_id: 'db-4713' },
  exampleValues: { short_description: 'Laptop for a new colleague', correlation_id: 'db-4713' },
  exampleChange: { special_instructions: 'Deliver before Friday' },
  hint: 'Its state follows from its items (sc_req_item).',
  source: 'servicenow-core 11.6',
  ...REQUEST_ACCESS,
} as const satisfies TaskFamily

export const requestActions = taskRows(family)
