import {
  answerApproval,
  calculateRisk,
  createChange,
  listChanges,
  listNextStates,
  readChange,
  removeChange,
  updateChange,
} from '../apis/change.ts'
import { addItems, listItems, refreshServices } from '../apis/change-ci.ts'
import type { ChangeKind } from '../apis/change-rows.ts'
import { cancelConflictCheck, checkConflicts, readConflicts, readItemSchedule, readSchedule, takeFirst } from '../apis/change-schedule.ts'
import { createTask, listTasks, readTask, removeTask, updateTask } from '../apis/change-task.ts'
import { createStandard, listTemplatesOrModels, readTemplateOrModel } from '../apis/change-template.ts'
import { readWorker } from '../apis/change-worker.ts'
import type { Route } from './route.ts'

const BASE = '/api/sn_chg_rest/change'

const row = (method: Route['method'], path: string, run: Extract<Route, { access: 'signed in' | 'administrators' }>['run']): Route => ({
  method,
  path: BASE + path,
  access: 'signed in',
  run,
})

const ofKind = (kind: Exclude<ChangeKind, undefined>): Route[] => [
  row('GET', `/${kind}`, listChanges(kind)),
  row('GET', `/${kind}/:sysId`, readChange(kind)),
  row('PATCH', `/${kind}/:sysId`, updateChange(kind)),
  row('DELETE', `/${kind}/:sysId`, removeChange(kind)),
]

/** The Change Management API (contract servicenow-core.md 9.2). What is named comes before what a sys_id names. */
export const CHANGE_ROUTES: readonly Route[] = [
  row('GET', '', listChanges()),
  row('POST', '', createChange()),
  row('GET', '/standard/template', listTemplatesOrModels('template')),
  row('GET', '/standard/template/:sysId', readTemplateOrModel('template')),
  row('GET', '/model', listTemplatesOrModels('model')),
  row('GET', '/model/:sysId', readTemplateOrModel('model')),
  row('GET', '/worker/:sysId', readWorker),
  row('GET', '/ci/:sysId/schedule', readItemSchedule),
  ...ofKind('normal'),
  ...ofKind('emergency'),
  ...ofKind('standard'),
  row('POST', '/normal', createChange('normal')),
  row('POST', '/emergency', createChange('emergency')),
  row('POST', '/standard/:sysId', createStandard),
  row('PATCH', '/standard/:sysId/risk', calculateRisk),
  row('GET', '/:sysId', readChange()),
  row('PATCH', '/:sysId', updateChange()),
  row('DELETE', '/:sysId', removeChange()),
  row('GET', '/:sysId/nextstates', listNextStates),
  row('PATCH', '/:sysId/approvals', answerApproval),
  row('PATCH', '/:sysId/risk', calculateRisk),
  row('GET', '/:sysId/task', listTasks),
  row('POST', '/:sysId/task', createTask),
  row('GET', '/:sysId/task/:taskId', readTask),
  row('PATCH', '/:sysId/task/:taskId', updateTask),
  row('DELETE', '/:sysId/task/:taskId', removeTask),
  row('GET', '/:sysId/ci', listItems),
  row('POST', '/:sysId/ci', addItems),
  row('POST', '/:sysId/refresh_impacted_services', refreshServices),
  row('GET', '/:sysId/conflict', readConflicts),
  row('POST', '/:sysId/conflict', checkConflicts),
  row('DELETE', '/:sysId/conflict', cancelConflictCheck),
  row('GET', '/:sysId/schedule', readSchedule),
  row('PATCH', '/:sysId/schedule/first_available', takeFirst),
]
