import type { CasesOf } from '../proof/case.ts'
import type { Ground } from '../proof/ground.ts'
import { taskCases } from '../rows/task-rows.cases.ts'

export const requestCases = (ground: Ground): CasesOf<'request'> => taskCases(ground, 'request', 'sc_request')
