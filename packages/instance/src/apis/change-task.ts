import type { ApiCall } from '../call/call.ts'
import { readStored, type Stored } from '../records/update.ts'
import { noRecord } from '../refusals/table.ts'
import { json } from '../wire/answer.ts'
import { assertRole, changeRow, deleteRow, findChange, insertRow, listRows, readFields, readRow, tableNamed } from './change-rows.ts'

/** Tasks of a change in the Change Management API (contract servicenow-core.md 9.2). */

const LABEL = 'Change Task'

async function findTask(call: ApiCall): Promise<Stored> {
  const { sysId } = await findChange(call)
  const taskId = (call.parameters.taskId ?? '').replaceAll('\0', '')
  const stored = await readStored(call.practice, { table: tableNamed(call, 'change_task'), sysId: taskId })
  if (stored?.values.change_request !== sysId) throw noRecord()
  return stored
}

/** GET /change/{id}/task */
export async function listTasks(call: ApiCall): Promise<Response> {
  assertRole(call, 'read')
  const { sysId } = await findChange(call)
  return json(200, { result: await listRows(call, 'change_task', 'number', [['change_request', sysId]]) })
}

/** POST /change/{id}/task */
export async function createTask(call: ApiCall): Promise<Response> {
  assertRole(call, 'write')
  const { sysId } = await findChange(call)
  const asked = await readFields(call)
  return insertRow(call, { name: 'change_task', label: LABEL, asked, fixed: { change_request: sysId, parent: sysId } })
}

/** GET /change/{id}/task/{task_id}; not documented, and natural. */
export async function readTask(call: ApiCall): Promise<Response> {
  assertRole(call, 'read')
  return json(200, { result: await readRow(call, 'change_task', (await findTask(call)).sysId) })
}

/** PATCH /change/{id}/task/{task_id} */
export async function updateTask(call: ApiCall): Promise<Response> {
  assertRole(call, 'write')
  return changeRow(call, 'change_task', LABEL, (await findTask(call)).sysId)
}

/** DELETE /change/{id}/task/{task_id} */
export async function removeTask(call: ApiCall): Promise<Response> {
  assertRole(call, 'delete')
  return deleteRow(call, 'change_task', LABEL, await findTask(call))
}
