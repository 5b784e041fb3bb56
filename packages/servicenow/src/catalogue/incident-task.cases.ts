import type { CasesOf } from '../proof/case.ts'
import type { Ground } from '../proof/ground.ts'
import { taskCases } from '../rows/task-rows.cases.ts'

export const incidentTaskCases = (ground: Ground): CasesOf<'incidentTask'> => taskCases(ground, 'incidentTask', 'incident_task')
