import { abortedBy, mandatory } from '../refusals/table.ts'
import { fixedSysId } from '../sys-id.ts'
import { changes, NOW, type Rule, type Save, will } from './save.ts'

const ON_HOLD = '3'
const AWAITING_CALLER = '1'
const IN_PROGRESS = '2'
const RESOLVED = '6'
const CLOSED = '7'
const FINAL = [CLOSED, '8']

/** `incident_state` is kept equal to `state`; whichever of the two was written leads (contract servicenow-core.md 11.4). */
export const incidentState: Rule = save => {
  if (save.before) {
    const written = changes(save, 'state') ? 'state' : changes(save, 'incident_state') ? 'incident_state' : 'state'
    save.after.state = save.after.incident_state = will(save, written)
  } else {
    const written = will(save, 'state') !== '1' ? 'state' : 'incident_state'
    save.after.state = save.after.incident_state = will(save, written)
  }
}

/**
 * The caller's answer ends the wait for it: On Hold with reason Awaiting Caller goes back to In Progress in the same
 * save (contract connect-api.md 1.5). Who writes for somebody else changes the state himself.
 */
export const callersAnswer: Rule = save => {
  const { before, caller, journals } = save
  if (!before || journals.comments === undefined || changes(save, 'state') || changes(save, 'hold_reason')) return
  if (before.state !== ON_HOLD || before.hold_reason !== AWAITING_CALLER) return
  if (before.caller_id === caller.sysId) save.after.state = save.after.incident_state = IN_PROGRESS
}

const NO_REOPENING = { name: 'Closed incidents cannot be reopened', sysId: fixedSysId('rule closed incidents cannot be reopened') }

/** A closed incident stays closed; a resolved one may be reopened, which is counted (contract servicenow-core.md 11.4, Rules). */
export const reopening: Rule = save => {
  if (!save.before || !changes(save, 'state')) return
  const from = save.before.state ?? ''
  const to = will(save, 'state')
  if (FINAL.includes(from)) throw abortedBy('incident', NO_REOPENING)
  if (from !== RESOLVED || FINAL.includes(to)) return
  save.after.reopen_count = String(Number(save.before.reopen_count || '0') + 1)
  save.after.reopened_by = save.caller.sysId
  save.after.reopened_time = NOW
  save.after.resolved_at = ''
  save.after.resolved_by = ''
}

/** The data policies of the incident (contract servicenow-core.md 11.4); the message names labels (2.4). */
export const incidentPolicies: Rule = save => {
  const state = will(save, 'state')
  const required: string[] = []
  const arrives = !save.before || changes(save, 'state') || changes(save, 'close_code') || changes(save, 'close_notes')
  if ((state === RESOLVED || state === CLOSED) && arrives) required.push('close_code', 'close_notes')
  if (state === ON_HOLD && (!save.before || changes(save, 'state') || changes(save, 'hold_reason'))) required.push('hold_reason')
  missing(save, required)
}

/** Refuses a save that leaves a required field empty. */
export function missing(save: Save, required: readonly string[]): void {
  const empty = required.filter(field => save.after[field] === undefined || save.after[field] === '')
  if (empty.length > 0) throw mandatory(empty.map(field => save.table.columns.get(field)?.label ?? field))
}

/** A reason to hold belongs to On Hold; who resolved it and when is kept. */
export const incidentTraces: Rule = save => {
  const state = will(save, 'state')
  if (state !== ON_HOLD) save.after.hold_reason = ''
  const resolved = state === RESOLVED || state === CLOSED
  if (resolved && (save.after.resolved_at ?? '') === '') {
    save.after.resolved_at = NOW
    save.after.resolved_by = save.caller.sysId
  }
}

/** An incident without a company takes its caller's. Inferred: seen on instances, in no document. */
export const callersCompany: Rule = save => {
  const callerId = will(save, 'caller_id')
  if (save.before || callerId === '' || will(save, 'company') !== '' || !/^[0-9a-f]{32}$/.test(callerId)) return
  save.after.company = { sql: name => `(select u.company from ${name('sys_user')} u where u.sys_id = '${callerId}')` }
}
