import type { CasesOf } from '../proof/case.ts'
import type { Ground } from '../proof/ground.ts'
import { taskCases } from '../rows/task-rows.cases.ts'

export const problemTaskCases = (ground: Ground): CasesOf<'problemTask'> => taskCases(ground, 'problemTask', 'problem_task')
