import type { CasesOf } from '../proof/case.ts'
import type { Ground } from '../proof/ground.ts'
import { taskCases } from '../rows/task-rows.cases.ts'

export const problemCases = (ground: Ground): CasesOf<'problem'> => taskCases(ground, 'problem', 'problem')
