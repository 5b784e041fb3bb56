import type { CasesOf } from '../proof/case.ts'
import type { Ground } from '../proof/ground.ts'
import { taskCases } from '../rows/task-rows.cases.ts'

export const requestItemCases = (ground: Ground): CasesOf<'requestItem'> => taskCases(ground, 'requestItem', 'sc_req_item')
