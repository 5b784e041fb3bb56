import type { ApiCall } from '../call/call.ts'
import { insertRecord } from '../records/writing.ts'
import { wrongRequest } from '../refusals/change.ts'
import { isSysId } from '../sys-id.ts'
import { json } from '../wire/answer.ts'
import { readObject } from '../wire/body.ts'
import { assertRole, findChange, listRows, tableNamed } from './change-rows.ts'
import { answerWithWorker } from './change-worker.ts'

/** Configuration items, services and offerings that a change touches (contract servicenow-core.md 9.2). */

const ASSOCIATIONS = {
  affected: { table: 'task_ci', field: 'ci_item', items: 'cmdb_ci' },
  impacted: { table: 'task_cmdb_ci_service', field: 'cmdb_ci_service', items: 'cmdb_ci_service' },
  offering: { table: 'task_service_offering', field: 'service_offering', items: 'service_offering' },
} as const

type Association = keyof typeof ASSOCIATIONS

function association(value: unknown): Association {
  if (typeof value === 'string' && Object.hasOwn(ASSOCIATIONS, value)) return value as Association
  throw wrongRequest('association_type must be affected, impacted or offering')
}

/** GET /change/{id}/ci */
export async function listItems(call: ApiCall): Promise<Response> {
  assertRole(call, 'read')
  const { table } = ASSOCIATIONS[association(call.url.searchParams.get('association_type'))]
  const { sysId } = await findChange(call)
  return json(200, { result: await listRows(call, table, 'sys_created_on', [['task', sysId]]) })
}

/** POST /change/{id}/ci */
export async function addItems(call: ApiCall): Promise<Response> {
  assertRole(call, 'write')
  const { sysId } = await findChange(call)
  const body = await readObject(call.request)
  const type = association(body.association_type)
  const sent: unknown = body.cmdb_ci_sys_ids
  const ids = (Array.isArray(sent) ? sent : String(sent ?? '').split(',')).map(id => String(id).trim()).filter(id => id !== '')
  if (ids.length === 0) throw wrongRequest('cmdb_ci_sys_ids is required')
  const missing = await linkItems(call, sysId, type, ids)
  if (body.refresh_impacted_services === true || body.refresh_impacted_services === 'true') await refreshImpacted(call, sysId)
  return answerWithWorker(call, 202, { type, request: body, errors: missing.map(id => `Configuration item ${id} does not exist`) })
}

/** @returns the sys_ids that no such item has */
async function linkItems(call: ApiCall, changeId: string, type: Association, ids: readonly string[]): Promise<string[]> {
  const { practice, caller } = call
  const { database } = practice
  const { table: name, field, items } = ASSOCIATIONS[type]
  const wanted = ids.filter(isSysId).map(id => id.toLowerCase())
  const classes = practice.dictionary.table(items)!.classes
  const found = await database.run(
    `select c.sys_id, exists (select from ${database.name(name)} l where l.task = $2 and l.${field} = c.sys_id)
      from ${database.name('cmdb_ci')} c where c.sys_id = any($1::text[]) and c.sys_class_name = any($3::text[])`,
    [wanted, changeId, classes],
  )
  const table = tableNamed(call, name)
  const projection = practice.projections.of(table, 'sys_id', 'false')
  for (const [id, linked] of found)
    if (linked !== 't')
      await insertRecord(practice, { table, caller, input: { values: { task: changeId, [field]: id! }, journals: {} }, projection })
  return ids.filter(id => !found.some(([known]) => known === id.toLowerCase()))
}

/** POST /change/{id}/refresh_impacted_services */
export async function refreshServices(call: ApiCall): Promise<Response> {
  assertRole(call, 'write')
  const { sysId } = await findChange(call)
  await refreshImpacted(call, sysId)
  return answerWithWorker(call, 200, { type: 'impacted', request: { sys_id: sysId } })
}

/** Services that are, however far away, above an affected item in the relations of the CMDB. */
async function refreshImpacted(call: ApiCall, changeId: string): Promise<void> {
  const { database, dictionary } = call.practice
  const rows = await database.run(
    `with recursive above (id) as (
       select l.ci_item from ${database.name('task_ci')} l where l.task = $1
       union select k.cmdb_ci from ${database.name('task')} k where k.sys_id = $1 and k.cmdb_ci is not null
       union select r.parent from ${database.name('cmdb_rel_ci')} r join above a on r.child = a.id)
     select c.sys_id from above a join ${database.name('cmdb_ci')} c on c.sys_id = a.id where c.sys_class_name = any($2::text[])`,
    [changeId, dictionary.table('cmdb_ci_service')!.classes],
  )
  await linkItems(
    call,
    changeId,
    'impacted',
    rows.map(([id]) => id!),
  )
}
