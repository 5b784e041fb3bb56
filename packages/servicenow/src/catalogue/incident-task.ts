import { INCIDENT_ACCESS } from '../rows/process-access.ts'
import { EXAMPLE_TASK, type TaskFamily, taskRows } from '../rows/task-rows.ts'

const family = {
  family: 'incidentTask',
  table: 'incident_task',
  one: 'an incident task',
  many: 'incident tasks',
  prefix: 'TASK',
  exampleId: EXAMPLE_TASK,
  exampleShown: {
    sys_id: EXAMPLE_TASK,
    number: 'TASK0010001',
    short_description: 'Measure the signal',
    incident: '1c741bd70b2322007518478d83673af3',
  },
  exampleValues: { short_description: 'Measure the signal', incident: '1c741bd70b2322007518478d83673af3' },
  exampleChange: { state: '3', close_notes: 'Measured, all well' },
  hint: 'Belongs to an incident (field incident).',
  source: 'servicenow-core 11.2, 11.3',
  ...INCIDENT_ACCESS,
} as const satisfies TaskFamily

export const incidentTaskActions = taskRows(family)
