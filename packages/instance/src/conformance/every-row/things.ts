import type { Route } from '../../answering/route.ts'
import type { Room } from '../practice-room.ts'

/** A record that a row names, as the Table API knows it. */
export interface Thing {
  table: string
  sysId: string
}

/** Made by an administrator, and nobody's own. */
export const MARK = 'Only the desk reads this'
export const ABSENT = 'f'.repeat(32)

/** What parts of a path stand for that name no record. */
const WORDS: Readonly<Record<string, string>> = { table: 'incident', class: 'cmdb_ci_server', staging: 'imp_user' }

type Maker = (room: Room, before: Thing | undefined) => Promise<Thing>

const record =
  (table: string, fields: Record<string, string> = {}): Maker =>
  async room => ({ table, sysId: (await room.create(table, { short_description: MARK, ...fields })).sys_id! })

const server = record('cmdb_ci_server', { name: MARK })

const change: Maker = async room => {
  const { sysId: cmdb_ci } = await server(room, undefined)
  const planned = { start_date: '2031-01-01 10:00:00', end_date: '2031-01-01 11:00:00' }
  return record('change_request', { cmdb_ci, ...planned })(room, undefined)
}

const ofType =
  (type: string): Maker =>
  async room => {
    const { body } = await room.call('POST', `/api/sn_chg_rest/change/${type}`, { short_description: MARK })
    return { table: 'change_request', sysId: body.result.sys_id.value }
  }

const first =
  (table: string): Maker =>
  async room => ({ table, sysId: (await room.find(table, '', 'sys_id'))[0]! })

const standard: Maker = async room => {
  const template = await first('std_change_record_producer')(room, undefined)
  const { body } = await room.call('POST', `/api/sn_chg_rest/change/standard/${template.sysId}`, {})
  const sysId: string = body.result.sys_id.value
  await room.call('PATCH', `/api/now/table/change_request/${sysId}`, { short_description: MARK })
  return { table: 'change_request', sysId }
}

/** What a parameter names, by what stands before it in the path. */
const MAKERS: Readonly<Record<string, Maker>> = {
  ':table/:sysId': record('incident'),
  ':class/:sysId': server,
  'relation/:relationId': async (room, item) => {
    const other = await server(room, undefined)
    const type = (await room.find('cmdb_rel_type', '', 'sys_id'))[0]!
    return record('cmdb_rel_ci', { parent: item!.sysId, child: other.sysId, type })(room, undefined)
  },
  ':staging/:sysId': async room => {
    const { headers, body } = await room.call('POST', '/api/now/import/imp_user', { u_user_name: 'walk.import' })
    const [sysId] = await room.find('imp_user', 'ORDERBYDESCsys_created_on', 'sys_id')
    if (!sysId) throw new Error(`${headers.get('location')} ${JSON.stringify(body)}`)
    return { table: 'imp_user', sysId }
  },
  'attachment/:sysId': async room => {
    const { sysId } = await record('incident')(room, undefined)
    const path = `/api/now/attachment/file?table_name=incident&table_sys_id=${sysId}&file_name=walk.txt`
    const { body } = await room.call('POST', path, MARK, 'admin', { 'content-type': 'text/plain' })
    return { table: 'sys_attachment', sysId: body.result.sys_id }
  },
  'change/:sysId': change,
  'normal/:sysId': ofType('normal'),
  'emergency/:sysId': ofType('emergency'),
  'standard/:sysId': standard,
  'task/:taskId': (room, of) => record('change_task', { change_request: of!.sysId })(room, undefined),
  'template/:sysId': first('std_change_record_producer'),
  'model/:sysId': first('chg_model'),
  'worker/:sysId': async room => {
    const { sysId } = await change(room, undefined)
    const { body } = await room.call('POST', `/api/sn_chg_rest/change/${sysId}/refresh_impacted_services`)
    return { table: 'practice_change_worker', sysId: body.result.worker.sysId }
  },
  'ci/:sysId': server,
}

/** A row that takes another kind of thing under a name than its neighbours. */
const OTHERS: Readonly<Record<string, Maker>> = {
  'POST standard/:sysId': first('std_change_record_producer'),
}

/** The parameters of a row that name records, each with what stands before it. An administrator's own doors name none. */
function named({ path, access }: Route): string[] {
  const parts = path.split('/')
  const keys = parts.flatMap((part, at) =>
    part.startsWith(':') && !Object.hasOwn(WORDS, part.slice(1)) ? [`${parts[at - 1]}/${part}`] : [],
  )
  return access === 'signed in' ? keys : []
}

const makerOf = ({ method }: Route, key: string) => OTHERS[`${method} ${key}`] ?? MAKERS[key]

/** What a row names that the walk knows nothing about, as sentences that say what to add. */
export const unknownOf = (route: Route): string[] =>
  named(route)
    .filter(key => !makerOf(route, key))
    .map(
      key =>
        `${route.method} ${route.path}: the walk does not know what "${key}" names. Add it to MAKERS in conformance/every-row/things.ts.`,
    )

/** Makes what a row names. */
export async function thingsOf(room: Room, route: Route): Promise<Thing[]> {
  const things: Thing[] = []
  for (const key of named(route)) things.push(await makerOf(route, key)!(room, things.at(-1)))
  return things
}

/** The path of a row about these records. */
export function pathOf(route: Route, sysIds: readonly string[]): string {
  const left = [...sysIds]
  const path = route.path.replace(/:(\w+)/g, (_, name) => WORDS[name] ?? left.shift() ?? ABSENT)
  return path + (QUERIES[lastWord(route)] ?? '')
}

export const namesRecords = (route: Route) => named(route).length > 0

const lastWord = ({ path }: Route) => path.slice(path.lastIndexOf('/') + 1)

/** What rows want said in their address, by the last word of their path. */
const QUERIES: Readonly<Record<string, string>> = {
  ci: '?association_type=affected',
  schedule: '?duration_in_seconds=3600',
  file: '?table_name=incident&file_name=walk.txt&table_sys_id=',
}

/** What a row is sent, by the last word of its path, else fields. */
const BODIES: Readonly<Record<string, unknown>> = {
  approvals: { state: 'approved' },
  first_available: { duration_in_seconds: 3_600 },
  ci: { association_type: 'affected', cmdb_ci_sys_ids: ABSENT },
  insertMultiple: { records: [{ u_user_name: 'walk.import' }] },
  batch: { batch_request_id: '1', rest_requests: [] },
}

export function bodyOf(route: Route): unknown {
  if (route.method === 'GET' || route.method === 'DELETE') return undefined
  if (route.path.includes('/cmdb/')) return { attributes: { name: 'by the walk' }, source: 'ServiceNow', outbound_relations: [] }
  if (route.path.includes('/attachment')) return { file_name: 'by-the-walk.txt' }
  return BODIES[lastWord(route)] ?? { short_description: 'by the walk' }
}
