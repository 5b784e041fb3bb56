import { PROBLEM_ACCESS } from '../rows/process-access.ts'
import { EXAMPLE_TASK, type TaskFamily, taskRows } from '../rows/task-rows.ts'

const family = {
  family: 'problemTask',
  table: 'problem_task',
  one: 'a problem task',
  many: 'problem tasks',
  prefix: 'PTASK',
  exampleId: EXAMPLE_TASK,
  exampleShown: {
    sys_id: EXAMPLE_TASK,
    number: 'PTASK0010001',
    short_description: 'Survey the channels',
    problem: '1c741bd70b2322007518478d83673af3',
  },
  exampleValues: { short_description: 'Survey the channels', problem: '1c741bd70b2322007518478d83673af3' },
  exampleChange: { state: '154', work_notes: 'Begun' },
  hint: 'Belongs to a problem (field problem).',
  source: 'servicenow-core 11.7',
  ...PROBLEM_ACCESS,
} as const satisfies TaskFamily

export const problemTaskActions = taskRows(family)
