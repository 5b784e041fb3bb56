import { abortedBy } from '../refusals/table.ts'
import { fixedSysId } from '../sys-id.ts'
import { missing } from './incident.ts'
import { changes, type Rule, will } from './save.ts'

const [NEW, ASSESS, AUTHORIZE, SCHEDULED, IMPLEMENT, REVIEW, CLOSED, CANCELED] = ['-5', '-4', '-3', '-2', '-1', '0', '3', '4'] as const

/** The change state models (contract servicenow-core.md 11.5). */
const FLOWS: Readonly<Record<string, readonly string[]>> = {
  normal: [NEW, ASSESS, AUTHORIZE, SCHEDULED, IMPLEMENT, REVIEW, CLOSED],
  emergency: [NEW, AUTHORIZE, SCHEDULED, IMPLEMENT, REVIEW, CLOSED],
  standard: [NEW, SCHEDULED, IMPLEMENT, REVIEW, CLOSED],
}

/** The change models that every instance has; the first is ServiceNow's own sys_id for it. */
export const MODELS = {
  normal: '007c4001c343101035ae3f52c1d3aeb2',
  standard: fixedSysId('chg_model standard'),
  emergency: fixedSysId('chg_model emergency'),
} as const

/** The property that names the group which approves changes in Authorize, by sys_id. */
export const ADVISORY_GROUP = 'practice.change.advisory_group'

/** The states that a change may take next, by its type. */
export function nextStates(type: string, state: string): string[] {
  const flow = FLOWS[type] ?? FLOWS.normal!
  if (state === CLOSED || state === CANCELED || !flow.includes(state)) return []
  return [flow[flow.indexOf(state) + 1]!, CANCELED]
}

/** A model decides the type; without one the type decides the model. */
export const changeModel: Rule = save => {
  if (save.before) return
  const [byModel] = Object.entries(MODELS).find(([, sysId]) => sysId === will(save, 'chg_model')) ?? []
  if (byModel !== undefined) save.after.type = byModel
  else if (will(save, 'chg_model') === '') save.after.chg_model = MODELS[will(save, 'type') as keyof typeof MODELS] ?? MODELS.normal
}

const CHECK = { name: 'Change Model: Check State Transition', sysId: fixedSysId('rule Change Model: Check State Transition') }

/** Whatever state an insert asks for, a change begins as New (rule *Change Model: Apply Initial State*). */
export const initialState: Rule = save => {
  if (!save.before) save.after.state = NEW
}

/**
 * One step along the flow of its type, or Canceled from anywhere that is not final. Approvals move a change to Authorize and
 * Scheduled; the desk may as well, so that nobody is stuck where nobody approves (see known-differences.md).
 */
export const stateTransition: Rule = save => {
  if (!save.before || save.byProcess || !changes(save, 'state')) return
  const from = save.before.state ?? ''
  const to = will(save, 'state')
  const flow = FLOWS[save.before.type ?? ''] ?? FLOWS.normal!
  const step = flow.indexOf(to) === flow.indexOf(from) + 1 && flow.includes(from)
  const cancel = to === CANCELED && from !== CLOSED && from !== CANCELED
  if (!step && !cancel) throw abortedBy('change_request', CHECK)
  if (to === ASSESS && will(save, 'assignment_group') === '') throw abortedBy('change_request', CHECK)
  const desk = save.caller.roles.has('admin') || save.caller.roles.has('itil')
  if (step && byApproval(from, to) && !desk) throw abortedBy('change_request', CHECK)
}

/** Assess to Authorize to Scheduled; the first step of every flow is the requester's. */
function byApproval(from: string, to: string): boolean {
  return from !== NEW && (to === AUTHORIZE || to === SCHEDULED)
}

/** `approval` goes along with the state: asked for in Assess and Authorize, given with Scheduled; standard changes are approved before. */
export const changeApproval: Rule = save => {
  if (!save.before || save.byProcess || !changes(save, 'state')) return
  const approval = APPROVAL_IN[will(save, 'state')]
  if (approval !== undefined) save.after.approval = approval
}

const APPROVAL_IN: Readonly<Record<string, string>> = { [ASSESS]: 'requested', [AUTHORIZE]: 'requested', [SCHEDULED]: 'approved' }

/** What a change must have before it is closed. */
export const changePolicies: Rule = save => {
  if (save.before && changes(save, 'state') && will(save, 'state') === CLOSED) missing(save, ['close_code', 'close_notes'])
}

/** Who asks for a change is its author, where nobody else is named. */
export const changeRequester: Rule = save => {
  if (!save.before && will(save, 'requested_by') === '') save.after.requested_by = save.caller.sysId
}
