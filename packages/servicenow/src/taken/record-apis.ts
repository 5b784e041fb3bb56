import type { InstanceCall } from '../connection/call.ts'
import type { Fields } from './not-taken.ts'

/** One relation that was asked for. */
interface Relation {
  target: string
  type: string
}

/** What a write asks of one record, and how to read what came of it. */
export interface RecordWrite {
  readonly asked: Fields
  /** Relations by the name of their list. */
  readonly relations: Readonly<Record<string, readonly Relation[]>>
  readonly displayed: boolean
  /** The record of an answer's `result`. */
  recordOf(result: unknown): Fields | undefined
  /** Where the record can be read by itself, once its sys_id is known; only the Table API says so for every table. */
  readonly readAt?: ((sysId: string) => string) | undefined
  /** Asks for the records that were written, where the answer has another one. */
  readonly writtenBy?: InstanceCall | undefined
  /** The sys_id that the address names. */
  readonly sysId?: string | undefined
}

interface RecordApi {
  /** Its groups: `sysId` is the record that is written, `at` its table, `about` another record that the answer shows instead. */
  readonly path: RegExp
  /** Where the fields stand in the body, and the record in the result; the whole of it when left out. */
  readonly within?: 'attributes'
  readonly relations?: readonly string[]
  readonly readable?: boolean
  writtenBy?(about: string): InstanceCall
}

const ID = '[0-9a-f]{32}'
const CHANGE = String.raw`^/api/sn_chg_rest(?:/v\d+)?/change`

/** Every address that takes the fields of a record and answers with it. What has no row here is not looked at. */
const RECORD_APIS: readonly RecordApi[] = [
  { path: /^(?<at>\/api\/now(?:\/v\d+)?\/table\/[^/]+)(?:\/(?<sysId>[^/]+))?$/, readable: true },
  { path: new RegExp(`${CHANGE}(?:/(?:normal|emergency|standard))?(?:/${ID})?$`) },
  { path: new RegExp(`${CHANGE}/${ID}/task(?:/${ID})?$`) },
  // The answer is the change; what was written is the approval of the user who called.
  { path: new RegExp(`${CHANGE}/(?<about>${ID})/approvals$`), writtenBy: ownApprovals },
  {
    path: /^\/api\/now(?:\/v\d+)?\/cmdb\/instance\/[^/]+(?:\/[^/]+)?$/,
    within: 'attributes',
    relations: ['outbound_relations', 'inbound_relations'],
  },
  {
    path: /^\/api\/now(?:\/v\d+)?\/cmdb\/instance\/[^/]+\/[^/]+\/relation$/,
    within: 'attributes',
    relations: ['outbound_relations', 'inbound_relations'],
  },
]

function ownApprovals(change: string): InstanceCall {
  const parameters = {
    sysparm_query: `sysapproval=${change}^approver=javascript:gs.getUserID()^ORDERBYDESCsys_updated_on`,
    sysparm_fields: 'sys_id,state,sys_updated_on,sys_mod_count',
    sysparm_limit: 10,
  }
  return { method: 'GET', path: '/api/now/table/sysapproval_approver', parameters }
}

/** What a call asks of a record; undefined for one that writes no fields of any. */
export function recordWriteOf({
  method,
  path,
  json,
  parameters,
}: Pick<InstanceCall, 'method' | 'path' | 'json' | 'parameters'>): RecordWrite | undefined {
  if (!['POST', 'PATCH', 'PUT'].includes(method) || !isObject(json)) return undefined
  for (const api of RECORD_APIS) {
    const found = api.path.exec(path)
    if (!found) continue
    const { at, sysId, about } = found.groups ?? {}
    return {
      asked: api.within ? inside(json, api.within) : json,
      relations: Object.fromEntries((api.relations ?? []).map(list => [list, relationsIn(json[list])])),
      displayed: String(parameters?.sysparm_input_display_value) === 'true',
      recordOf: result => recordOf(result, api),
      sysId,
      readAt: api.readable ? id => `${at}/${id}` : undefined,
      writtenBy: about === undefined ? undefined : api.writtenBy?.(about),
    }
  }
  return undefined
}

/** Some samples of the Change Management API show a list of one record (servicenow-core 9.1). */
function recordOf(result: unknown, { within, relations = [] }: RecordApi): Fields | undefined {
  const one: unknown = Array.isArray(result) && result.length === 1 ? result[0] : result
  if (!isObject(one)) return undefined
  if (!within) return one
  return { ...inside(one, within), ...Object.fromEntries(relations.map(list => [list, one[list]])) }
}

const inside = (object: Fields, name: string): Fields => (isObject(object[name]) ? (object[name] as Fields) : {})

/** Relations as a request or an answer writes them: sys_ids in small letters. */
export function relationsIn(list: unknown): Relation[] {
  const id = (value: unknown) => String(isObject(value) ? value.value : value).toLowerCase()
  return Array.isArray(list) ? list.filter(isObject).map(({ target, type }) => ({ target: id(target), type: id(type) })) : []
}

export const isObject = (value: unknown): value is Record<string, unknown> => value instanceof Object && !Array.isArray(value)
