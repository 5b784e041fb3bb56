import type { CasesOf } from '../proof/case.ts'
import type { Ground } from '../proof/ground.ts'
import { taskCases } from '../rows/task-rows.cases.ts'

export const changeTaskCases = (ground: Ground): CasesOf<'changeTask'> => taskCases(ground, 'changeTask', 'change_task')
