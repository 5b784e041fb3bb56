import type { ApiCall } from '../call/call.ts'
import type { Table } from '../dictionary/dictionary.ts'
import { nextStates } from '../house-rules/change.ts'
import { readInput } from '../records/input.ts'
import { readOne } from '../records/read.ts'
import { updateRecord } from '../records/writing.ts'
import { notYours, wrongRequest } from '../refusals/change.ts'
import { fixedSysId } from '../sys-id.ts'
import { json } from '../wire/answer.ts'
import { readObject } from '../wire/body.ts'

import {
  assertRole,
  type ChangeKind,
  changeRow,
  deleteRow,
  findChange,
  insertRow,
  listRows,
  readFields,
  readRow,
  saveOrRefuse,
  tableNamed,
} from './change-rows.ts'

/** The Change Management API: changes of all types, their tasks' neighbours are in change-*.ts (contract servicenow-core.md 9). */

const LABEL = 'Change Request'

/** GET /change and /change/{normal|standard|emergency} */
export const listChanges = (kind?: ChangeKind) => async (call: ApiCall) => {
  assertRole(call, 'read')
  return json(200, { result: await listRows(call, 'change_request', 'number', kind === undefined ? [] : [['type', kind]]) })
}

/** GET /change/{id} */
export const readChange = (kind?: ChangeKind) => async (call: ApiCall) => {
  assertRole(call, 'read')
  const { sysId } = await findChange(call, kind)
  return json(200, { result: await readRow(call, 'change_request', sysId) })
}

/** POST /change, /change/normal and /change/emergency */
export const createChange = (kind?: ChangeKind) => async (call: ApiCall) => {
  assertRole(call, 'write')
  const asked = await readFields(call)
  const { chg_model: model } = asked.fields
  if (typeof model === 'string' && model !== '') {
    const known = await readOne(call.practice.database, call.practice.database, {
      table: tableNamed(call, 'chg_model'),
      caller: call.caller,
      sysId: model,
      projection: call.practice.projections.of(tableNamed(call, 'chg_model'), 'sys_id', 'false'),
    })
    if (!known) throw wrongRequest(`Change model ${model} does not exist`)
  }
  return insertRow(call, { name: 'change_request', label: LABEL, asked, fixed: kind === undefined ? {} : { type: kind } })
}

/** PATCH /change/{id} */
export const updateChange = (kind?: ChangeKind) => async (call: ApiCall) => {
  assertRole(call, 'write')
  return changeRow(call, 'change_request', LABEL, (await findChange(call, kind)).sysId)
}

/** DELETE /change/{id} */
export const removeChange = (kind?: ChangeKind) => async (call: ApiCall) => {
  assertRole(call, 'delete')
  return deleteRow(call, 'change_request', LABEL, await findChange(call, kind))
}

/** GET /change/{id}/nextstates (9.5) */
export async function listNextStates(call: ApiCall): Promise<Response> {
  assertRole(call, 'read')
  const { values, table } = await findChange(call)
  const state = values.state ?? ''
  const labelOf = (value: string) => table.columns.get('state')?.choices?.find(([known]) => known === value)?.[1] ?? value
  const next = nextStates(values.type ?? '', state)
  const available = [...next, state]
  return json(200, {
    result: {
      available_states: available,
      state_transitions: next.map(to => [
        {
          sys_id: fixedSysId(`transition ${values.type} ${state} ${to}`),
          display_value: `${labelOf(state)} to ${labelOf(to)}`,
          from_state: state,
          to_state: to,
          transition_available: true,
          automatic_transition: false,
          conditions: [],
        },
      ]),
      state_label: Object.fromEntries(available.map(value => [value, labelOf(value)])),
    },
  })
}

/** PATCH /change/{id}/approvals: the caller's own answer. */
export async function answerApproval(call: ApiCall): Promise<Response> {
  assertRole(call, 'read')
  const { state, comments } = await readObject(call.request)
  if (state !== 'approved' && state !== 'rejected') throw wrongRequest('state must be approved or rejected')
  if (state === 'rejected' && (typeof comments !== 'string' || comments.trim() === ''))
    throw wrongRequest('comments are required to reject')
  const { sysId } = await findChange(call)
  const { practice, caller } = call
  const table = tableNamed(call, 'sysapproval_approver')
  const [asked] = await practice.database.run(
    `select sys_id from ${practice.database.name('sysapproval_approver')}
      where sysapproval = $1 and approver = $2 and state = 'requested' order by sys_created_on desc, sys_id limit 1`,
    [sysId, caller.sysId],
  )
  if (!asked?.[0]) throw notYours()
  const body = { state, ...(typeof comments === 'string' ? { comments } : {}) }
  const read = (concrete: Table) => readInput(practice, { table: concrete, body, caller })
  const projection = practice.projections.of(table, 'sys_id', 'false')
  await saveOrRefuse('updated', LABEL, () => updateRecord(practice, { table, caller, sysId: asked[0]!, projection, read }))
  return json(200, { result: await readRow(call, 'change_request', sysId) })
}

/** PATCH /change/{id}/risk: as high as its impact. ServiceNow asks its risk conditions. */
export async function calculateRisk(call: ApiCall): Promise<Response> {
  assertRole(call, 'write')
  const { sysId, table, values } = await findChange(call)
  const { practice, caller } = call
  const risk = { '1': '2', '2': '3', '3': '4' }[values.impact ?? ''] ?? '4'
  const projection = practice.projections.of(table, 'sys_id', 'false')
  await updateRecord(practice, { table, caller, sysId, projection, read: () => ({ values: { risk }, journals: {} }) })
  return json(200, { result: await readRow(call, 'change_request', sysId) })
}
