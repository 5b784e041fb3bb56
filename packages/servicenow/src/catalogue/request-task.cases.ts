import type { CasesOf } from '../proof/case.ts'
import type { Ground } from '../proof/ground.ts'
import { taskCases } from '../rows/task-rows.cases.ts'

export const requestTaskCases = (ground: Ground): CasesOf<'requestTask'> => taskCases(ground, 'requestTask', 'sc_task')
