import type { Call } from '../call/call.ts'
import { readStored, type Stored } from '../records/update.ts'
import { noRecord } from '../refusals/table.ts'
import { json } from '../wire/answer.ts'
import { allowed, changeOf, created, fieldsOf, listed, removed, shown, tableNamed, updated } from './change.ts'

/** Tasks of a change in the Change Management API (contract servicenow-core.md 9.2). */

const LABEL = 'Change Task'

async function taskOf(call: Call): Promise<Stored> {
  const { sysId } = await changeOf(call)
  const taskId = (call.parameters.taskId ?? '').replaceAll('\0', '')
  const stored = await readStored(call.practice, { table: tableNamed(call, 'change_task'), sysId: taskId })
  if (stored?.values.change_request !== sysId) throw noRecord()
  return stored
}

/** GET /change/{id}/task */
export async function listTasks(call: Call): Promise<Response> {
  allowed(call, 'read')
  const { sysId } = await changeOf(call)
  return json(200, { result: await listed(call, 'change_task', 'number', [['change_request', sysId]]) })
}

/** POST /change/{id}/task */
export async function createTask(call: Call): Promise<Response> {
  allowed(call, 'write')
  const { sysId } = await changeOf(call)
  const asked = await fieldsOf(call)
  return created(call, { name: 'change_task', label: LABEL, asked, fixed: { change_request: sysId, parent: sysId } })
}

/** GET /change/{id}/task/{task_id}; not documented, and natural. */
export async function readTask(call: Call): Promise<Response> {
  allowed(call, 'read')
  return json(200, { result: await shown(call, 'change_task', (await taskOf(call)).sysId) })
}

/** PATCH /change/{id}/task/{task_id} */
export async function updateTask(call: Call): Promise<Response> {
  allowed(call, 'write')
  return updated(call, 'change_task', LABEL, (await taskOf(call)).sysId)
}

/** DELETE /change/{id}/task/{task_id} */
export async function removeTask(call: Call): Promise<Response> {
  allowed(call, 'delete')
  return removed(call, 'change_task', LABEL, await taskOf(call))
}
