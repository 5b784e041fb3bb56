import type { ApiCall } from '../call/call.ts'
import { readStored } from '../records/update.ts'
import { noRecord } from '../refusals/table.ts'
import { json } from '../wire/answer.ts'
import { assertRole, insertRow, listRows, readFields, readRow, tableNamed } from './change-rows.ts'

/** Standard changes from templates, and the models, in the Change Management API (contract servicenow-core.md 9.2). */

const LISTS = { template: 'std_change_record_producer', model: 'chg_model' } as const
const ORDER = { template: 'number', model: 'name' } as const

/** GET /change/standard/template and /change/model */
export const listTemplatesOrModels = (what: keyof typeof LISTS) => async (call: ApiCall) => {
  assertRole(call, 'read')
  return json(200, { result: await listRows(call, LISTS[what], ORDER[what], []) })
}

/** GET /change/standard/template/{id} and /change/model/{id} */
export const readTemplateOrModel = (what: keyof typeof LISTS) => async (call: ApiCall) => {
  assertRole(call, 'read')
  return json(200, { result: await readRow(call, LISTS[what], call.parameters.sysId ?? '') })
}

/** Those come from the template alone. */
const FROM_TEMPLATE = ['description', 'backout_plan', 'test_plan', 'implementation_plan', 'type', 'chg_model']

/** POST /change/standard/{template_id} */
export async function createStandard(call: ApiCall): Promise<Response> {
  assertRole(call, 'write')
  const templateId = (call.parameters.sysId ?? '').replaceAll('\0', '')
  const template = await readStored(call.practice, { table: tableNamed(call, LISTS.template), sysId: templateId })
  if (template?.values.active !== 'true') throw noRecord()
  const asked = await readFields(call)
  const own = Object.fromEntries(Object.entries(asked.fields).filter(([name]) => FROM_TEMPLATE.includes(name)))
  const preset = presetOf(template.values.template ?? '')
  const fields = { ...preset, ...Object.fromEntries(Object.entries(asked.fields).filter(([name]) => own[name] === undefined)) }
  return insertRow(call, {
    name: 'change_request',
    label: 'Change Request',
    asked: { fields, displayed: asked.displayed },
    fixed: { type: 'standard' },
  })
}

/** `field=value^field=value^EQ` */
function presetOf(template: string): Record<string, string> {
  const pairs = template.split('^').flatMap(pair => {
    const at = pair.indexOf('=')
    return at > 0 ? [[pair.slice(0, at), pair.slice(at + 1)] as const] : []
  })
  return Object.fromEntries(pairs)
}
