import { REQUEST_ACCESS } from '../rows/process-access.ts'
import { EXAMPLE_TASK, type TaskFamily, taskRows } from '../rows/task-rows.ts'

const family = {
  family: 'requestItem',
  table: 'sc_req_item',
  one: 'a request item',
  many: 'request items',
  prefix: 'RITM',
  exampleId: EXAMPLE_TASK,
  exampleShown: {
    sys_id: EXAMPLE_TASK,
    number: 'RITM0010001',
    short_description: 'Laptop, 14 inch',
    request: '6eed229047801200e0ef563dbb9a71c2',
    quantity: '1',
  },
  exampleValues: { short_description: 'Laptop, 14 inch', request: '6eed229047801200e0ef563dbb9a71c2', quantity: '1' },
  exampleChange: { state: '2' },
  hint: 'Belongs to a service request (field request); its state follows from its tasks.',
  source: 'servicenow-core 11.6',
  ...REQUEST_ACCESS,
} as const satisfies TaskFamily

export const requestItemActions = taskRows(family)
