import type { Dictionary } from '../dictionary/dictionary.ts'
import { approvedRecord, decision } from './approval.ts'
import { changeApproval, changeModel, changePolicies, changeRequester, initialState, stateTransition } from './change.ts'
import { closing } from './closing.ts'
import { callersAnswer, callersCompany, incidentPolicies, incidentState, incidentTraces, reopening } from './incident.ts'
import { mandatoryFields } from './mandatory.ts'
import { opening, reassignment } from './opening.ts'
import { fullName } from './people.ts'
import { priority } from './priority.ts'
import { itemStage, requestState } from './request.ts'
import type { Lookups, Rule, Save } from './save.ts'

/** Which rules apply to which table and what extends it, in the order in which they run. */
const RULES: readonly (readonly [table: string, ...rules: Rule[]])[] = [
  ['task', opening, reassignment],
  ['incident', incidentState, callersAnswer, reopening, priority, callersCompany, incidentTraces, incidentPolicies],
  ['problem', priority],
  ['change_request', initialState, changeModel, changeRequester, stateTransition, changeApproval, changePolicies],
  ['sc_request', requestState],
  ['sc_req_item', itemStage],
  ['task', closing],
  ['sys_user', fullName],
  ['sysapproval_approver', approvedRecord, decision],
]

/** Applies every house rule of a save’s table and of those that it extends, in order; throws a Refusal where one stops the save. */
export function applyRules(save: Save, dictionary: Dictionary, lookups: Lookups): void {
  for (const [table, ...rules] of RULES) if (dictionary.extends(save.table.name, table)) for (const rule of rules) rule(save, lookups)
  mandatoryFields(save, lookups)
}
