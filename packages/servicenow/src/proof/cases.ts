import { DEMO } from '@deskbridge/instance'
import { expect } from 'vitest'
import type { z } from 'zod'
import type { ActionName, Catalogued } from '../catalogue/catalogue.ts'
import type { ServiceNow } from '../sdk/sdk.ts'
import type { Row } from '../table-api/row.ts'

type InputOf<Name extends ActionName> = z.input<Extract<Catalogued, { name: Name }>['input']>

/** What an action is performed with, and what its answer has at least. Each time it is asked for, it makes records of its own. */
export type Cases = { [Name in ActionName]: () => Promise<{ input: InputOf<Name>; answer: object }> }

const TEMPLATE_TABLE = 'std_change_record_producer'
const FIELDS = ['sys_id'] as const
const ITEM = DEMO.configurationItems.north[0].sysId
const PLANNED = { start_date: '2031-02-01 20:00:00', end_date: '2031-02-01 22:00:00', cmdb_ci: ITEM }
const CLOSING = { close_code: 'Solution provided', close_notes: 'done' }

const A_SYS_ID = expect.stringMatching(/^[0-9a-f]{32}$/) as string
const containing = (row: object) => expect.arrayContaining([expect.objectContaining(row)]) as unknown[]

let last = 0
const unique = (word: string) => `${word} ${++last} ${process.pid}`

/** A case for every row of the catalogue, against a practice instance with its demo company; who is signed in is `admin`. */
export function cases(sdk: ServiceNow): Cases {
  const make = async (table: string, values: Row = {}): Promise<string> =>
    (await sdk.table.create({ table, values: { short_description: unique(table), ...values }, fields: [...FIELDS] })).sys_id!
  const made = async (table: string, values: Row = {}) => {
    const sysId = await make(table, values)
    return { sysId, number: (await sdk.table.get({ table, sysId, fields: ['number'] })).number! }
  }
  const named = async (table: string) => {
    const name = unique(table)
    return { name, sysId: (await sdk.table.create({ table, values: { name }, fields: [...FIELDS] })).sys_id! }
  }
  const anyUser = async () => {
    const userName = unique('user').replaceAll(' ', '.')
    return { userName, sysId: (await sdk.table.create({ table: 'sys_user', values: { user_name: userName } })).sys_id! }
  }
  const membership = async () => {
    const input = { group: (await named('sys_user_group')).sysId, user: (await anyUser()).sysId }
    return { input, sysId: (await sdk.table.create({ table: 'sys_user_grmember', values: input })).sys_id! }
  }
  const relation = async () => {
    const [parent, child] = [(await named('cmdb_ci_server')).sysId, (await named('cmdb_ci_server')).sysId]
    const values = { parent, child, type: await first('cmdb_rel_type') }
    return { parent, child, sysId: (await sdk.table.create({ table: 'cmdb_rel_ci', values })).sys_id! }
  }
  const approval = async () => {
    const change = await make('change_request')
    const values = { approver: DEMO.admin.sysId, sysapproval: change, source_table: 'change_request', state: 'requested' }
    return { change, sysId: (await sdk.table.create({ table: 'sysapproval_approver', values })).sys_id! }
  }
  const file = async () => {
    const sysId = await make('incident')
    return {
      record: sysId,
      ...(await sdk.attachment.upload({ table: 'incident', sysId, name: 'a.txt', contentType: 'text/plain', body: new Blob(['hello']) })),
    }
  }
  const description = () => ({ short_description: unique('made by a case') })
  const first = async (table: string) => (await sdk.table.list({ table, fields: [...FIELDS], limit: 1 })).rows[0]!.sys_id!
  const incident = async (values: Row, answer: object, more: object = {}) => ({
    input: { sysId: await make('incident', values), ...more },
    answer,
  })
  const task = <const Family extends string>(family: Family, table: string) => {
    const five = {
      get: async () => {
        const { sysId, number } = await made(table)
        return { input: { sysId }, answer: { sys_id: sysId, number } }
      },
      getByNumber: async () => {
        const { sysId, number } = await made(table)
        return { input: { number }, answer: { sys_id: sysId } }
      },
      list: async () => {
        const sysId = await make(table)
        return { input: { query: `sys_id=${sysId}` }, answer: { rows: [{ sys_id: sysId }], total: 1 } }
      },
      create: async () => {
        const values = description()
        return { input: { values }, answer: values }
      },
      update: async () => {
        const values = description()
        return { input: { sysId: await make(table), values }, answer: values }
      },
    }
    const entries = Object.entries(five).map(([verb, one]) => [`${family}.${verb}`, one])
    return Object.fromEntries(entries) as { [Verb in keyof typeof five as `${Family}.${Verb}`]: (typeof five)[Verb] }
  }
  return {
    'table.list': async () => ({
      input: { table: 'sys_user', query: 'user_name=admin' },
      answer: { rows: [{ user_name: 'admin' }], total: 1 },
    }),
    'table.get': async () => ({ input: { table: 'sys_user', sysId: DEMO.admin.sysId }, answer: { user_name: 'admin' } }),
    'table.create': async () => ({ input: { table: 'problem', values: { short_description: 'p' } }, answer: { short_description: 'p' } }),
    'table.update': async () => ({
      input: { table: 'problem', sysId: await make('problem'), values: { impact: '1' } },
      answer: { impact: '1' },
    }),
    'table.delete': async () => ({ input: { table: 'problem', sysId: await make('problem') }, answer: { deleted: true } }),
    'table.count': async () => {
      const sysId = await make('problem')
      return { input: { table: 'problem', query: `sys_id=${sysId}` }, answer: { count: 1 } }
    },
    'table.aggregate': async () => {
      const parent = await make('problem')
      for (const impact of ['1', '1', '3']) await make('problem_task', { parent, impact })
      return {
        input: { table: 'problem_task', query: `parent=${parent}`, groupBy: ['impact'], max: ['impact'], having: 'count^impact^>^1' },
        answer: { rows: [{ group: { impact: { value: '1', display_value: '1 - High' } }, count: '2', max: { impact: '1' } }] },
      }
    },
    'table.describe': async () => ({ input: { table: 'incident' }, answer: { name: 'incident', label: 'Incident', extends: ['task'] } }),
    ...task('incident', 'incident'),
    'incident.assign': () =>
      incident({}, { assignment_group: DEMO.networkGroup.sysId }, { group: DEMO.networkGroup.sysId, workNote: 'yours' }),
    'incident.startWork': () => incident({}, { state: '2' }),
    'incident.putOnHold': async () => ({
      input: { sysId: await make('incident'), reason: 'vendor', workNote: 'ordered' },
      answer: { state: '3', hold_reason: '4' },
    }),
    'incident.resolve': async () => ({
      input: { sysId: await make('incident'), closeCode: CLOSING.close_code, closeNotes: 'replaced', comment: 'done' },
      answer: { state: '6', active: 'true', close_notes: 'replaced' },
    }),
    'incident.reopen': () => incident({ state: '6', ...CLOSING }, { state: '2', reopen_count: '1' }),
    'incident.close': () => incident({ state: '6', ...CLOSING }, { state: '7', active: 'false' }),
    'incident.cancel': () => incident({}, { state: '8', active: 'false' }),
    'incident.addComment': async () => ({ input: { sysId: await make('incident'), text: 'hello' }, answer: {} }),
    'incident.addWorkNote': async () => ({ input: { sysId: await make('incident'), text: 'internal' }, answer: {} }),
    ...task('change', 'change_request'),
    'change.createNormal': async () => ({
      input: { values: description() },
      answer: { record: { type: { value: 'normal' }, state: { value: '-5', display_value: 'New' } }, ignoredFields: [] },
    }),
    'change.createEmergency': async () => ({ input: { values: description() }, answer: { record: { type: { value: 'emergency' } } } }),
    'change.createStandard': async () => ({
      input: { template: await first(TEMPLATE_TABLE), values: { correlation_id: 'c' } },
      answer: { record: { type: { value: 'standard' }, correlation_id: { value: 'c' } }, ignoredFields: [] },
    }),
    'change.templates': async () => ({ input: { limit: 1 }, answer: { rows: [{ sys_id: { value: A_SYS_ID } }] } }),
    'change.models': async () => ({ input: { limit: 1 }, answer: { rows: [{ sys_id: { value: A_SYS_ID } }] } }),
    'change.nextStates': async () => ({
      input: { sysId: await make('change_request', { type: 'normal' }) },
      answer: { states: containing({ value: '-4', label: 'Assess' }) },
    }),
    'change.approve': async () => ({
      input: { sysId: (await approval()).change, comments: 'yes' },
      answer: { approval: { value: 'approved' } },
    }),
    'change.reject': async () => ({
      input: { sysId: (await approval()).change, comments: 'no' },
      answer: { approval: { value: 'rejected' } },
    }),
    'change.calculateRisk': async () => ({
      input: { sysId: await make('change_request', { impact: '1' }) },
      answer: { risk: { value: '2' } },
    }),
    'change.delete': async () => {
      const { sysId, number } = await made('change_request')
      return { input: { sysId }, answer: { number: { value: number } } }
    },
    'change.tasks': async () => {
      const sysId = await make('change_request')
      await make('change_task', { change_request: sysId, parent: sysId })
      return { input: { sysId }, answer: { rows: [{ parent: { value: sysId } }] } }
    },
    'change.addTask': async () => {
      const sysId = await make('change_request')
      return { input: { sysId, values: description() }, answer: { record: { parent: { value: sysId } } } }
    },
    'change.items': async () => {
      const sysId = await make('change_request')
      await sdk.change.addItems({ sysId, association: 'affected', items: [ITEM] })
      return { input: { sysId, association: 'affected' }, answer: { rows: [{ ci_item: { value: ITEM } }] } }
    },
    'change.addItems': async () => ({
      input: { sysId: await make('change_request'), association: 'affected', items: [ITEM] },
      answer: { state: 'complete', messages: [] },
    }),
    'change.refreshImpactedServices': async () => ({ input: { sysId: await make('change_request') }, answer: { state: 'complete' } }),
    'change.conflicts': async () => ({ input: { sysId: await make('change_request') }, answer: { status: 'Not Run', conflicts: [] } }),
    'change.checkConflicts': async () => ({
      input: { sysId: await make('change_request', { ...PLANNED, cmdb_ci: await make('cmdb_ci_server') }) },
      answer: { status: 'No Conflict', jobStatus: 'Complete', conflicts: [] },
    }),
    'change.freeTime': async () => ({
      input: { sysId: await make('change_request', { ...PLANNED, cmdb_ci: await make('cmdb_ci_server') }) },
      answer: { state: 'complete', spans: [{ start: { value: '2031-02-01 20:00:00' } }] },
    }),
    'change.takeFirstFreeTime': async () => ({
      input: {
        sysId: await make('change_request', { cmdb_ci: await make('cmdb_ci_server') }),
        durationSeconds: 3600,
        notBefore: '2031-03-01 10:00:00',
      },
      answer: { state: 'complete', messages: ['Change has been updated'] },
    }),
    'change.worker': async () => {
      const { worker } = await sdk.change.refreshImpactedServices({ sysId: await make('change_request') })
      return { input: { worker }, answer: { worker, state: 'complete' } }
    },
    ...task('request', 'sc_request'),
    ...task('requestItem', 'sc_req_item'),
    ...task('incidentTask', 'incident_task'),
    ...task('changeTask', 'change_task'),
    ...task('requestTask', 'sc_task'),
    ...task('problem', 'problem'),
    ...task('problemTask', 'problem_task'),
    'approval.get': async () => {
      const { sysId } = await approval()
      return { input: { sysId }, answer: { sys_id: sysId, state: 'requested' } }
    },
    'approval.list': async () => {
      const { change, sysId } = await approval()
      return { input: { query: `sysapproval=${change}` }, answer: { rows: [{ sys_id: sysId }], total: 1 } }
    },
    'approval.listMine': async () => {
      const { change, sysId } = await approval()
      return {
        input: { query: `sysapproval=${change}^NQsysapproval=${change}^ORDERBYsys_id` },
        answer: { rows: [{ sys_id: sysId }], total: 1 },
      }
    },
    'approval.approve': async () => ({ input: { sysId: (await approval()).sysId }, answer: { state: 'approved' } }),
    'approval.reject': async () => ({ input: { sysId: (await approval()).sysId, comments: 'no' }, answer: { state: 'rejected' } }),
    'journal.list': async () => {
      const sysId = await make('incident')
      await sdk.incident.addComment({ sysId, text: 'hello' })
      return { input: { recordIds: [sysId] }, answer: { rows: [{ element: 'comments', value: 'hello' }] } }
    },
    'journal.add': async () => {
      const sysId = await make('incident')
      return { input: { table: 'incident', sysId, element: 'comments', text: 'hello' }, answer: { sys_id: sysId } }
    },
    'audit.list': async () => {
      const sysId = await make('incident')
      await sdk.incident.startWork({ sysId })
      return { input: { recordIds: [sysId] }, answer: { rows: containing({ fieldname: 'state', newvalue: '2' }) } }
    },
    'attachment.list': async () => {
      const { record, sys_id } = await file()
      return { input: { recordIds: [record] }, answer: { rows: [{ sys_id }] } }
    },
    'attachment.get': async () => {
      const { sys_id } = await file()
      return { input: { sysId: sys_id }, answer: { file_name: 'a.txt' } }
    },
    'attachment.download': async () => ({ input: { sysId: (await file()).sys_id }, answer: { name: 'a.txt', size: 5 } }),
    'attachment.upload': async () => ({
      input: { table: 'incident', sysId: await make('incident'), name: 'b.txt', contentType: 'text/plain', body: new Blob(['b']) },
      answer: { file_name: 'b.txt', size_bytes: '1' },
    }),
    'attachment.delete': async () => ({ input: { sysId: (await file()).sys_id }, answer: { deleted: true } }),
    'configurationItem.get': async () => ({ input: { sysId: ITEM }, answer: { sys_id: ITEM, sys_class_name: 'cmdb_ci_server' } }),
    'configurationItem.list': async () => ({ input: { query: `sys_id=${ITEM}` }, answer: { rows: [{ sys_id: ITEM }], total: 1 } }),
    'configurationItem.create': async () => {
      const name = unique('switch')
      return { input: { class: 'cmdb_ci_netgear', values: { name } }, answer: { name, sys_class_name: 'cmdb_ci_netgear' } }
    },
    'configurationItem.update': async () => {
      const { sysId } = await named('cmdb_ci_server')
      return { input: { sysId, values: { operational_status: '2' } }, answer: { operational_status: '2' } }
    },
    'configurationItem.relations': async () => {
      const { parent, child, sysId } = await relation()
      return { input: { sysId: child, side: 'both' }, answer: { rows: [{ sys_id: sysId, parent }], total: 1 } }
    },
    'configurationItem.getWithRelations': async () => {
      const { parent, child, sysId } = await relation()
      return { input: { class: 'cmdb_ci_server', sysId: child }, answer: { inbound: [{ sysId, target: { value: parent } }], outbound: [] } }
    },
    'configurationItem.createOrUpdate': async () => {
      const { name, sysId } = await named('cmdb_ci_server')
      const attributes = { name, operational_status: '2' }
      const inbound = [{ target: (await named('cmdb_ci_server')).sysId, type: await first('cmdb_rel_type') }]
      return {
        input: { class: 'cmdb_ci_server', attributes, source: 'ServiceNow', inbound },
        answer: { attributes: { sys_id: { value: sysId }, operational_status: { value: '2' } }, inbound: [{}] },
      }
    },
    'configurationItem.addRelations': async () => {
      const [{ sysId }, target] = [await named('cmdb_ci_server'), (await named('cmdb_ci_server')).sysId]
      const outbound = [{ target, type: await first('cmdb_rel_type') }]
      const inbound = [{ target: (await named('cmdb_ci_server')).sysId, type: outbound[0]!.type }]
      return {
        input: { class: 'cmdb_ci_server', sysId, source: 'ServiceNow', outbound, inbound },
        answer: { outbound: [{ target: { value: target } }], inbound: [{ target: { value: inbound[0]!.target } }] },
      }
    },
    'configurationItem.removeRelation': async () => {
      const { child, sysId } = await relation()
      return { input: { class: 'cmdb_ci_server', sysId: child, relation: sysId }, answer: { deleted: true } }
    },
    'user.current': async () => ({ input: {}, answer: { sys_id: DEMO.admin.sysId, user_name: 'admin' } }),
    'user.get': async () => ({ input: { sysId: DEMO.admin.sysId }, answer: { user_name: 'admin' } }),
    'user.getByUserName': async () => ({ input: { userName: 'admin' }, answer: { sys_id: DEMO.admin.sysId } }),
    'user.list': async () => ({ input: { query: 'user_name=admin' }, answer: { rows: [{ sys_id: DEMO.admin.sysId }], total: 1 } }),
    'user.create': async () => {
      const user_name = unique('user').replaceAll(' ', '.')
      return { input: { values: { user_name, first_name: 'Demo', last_name: 'Person' } }, answer: { user_name, active: 'true' } }
    },
    'user.update': async () => ({ input: { sysId: (await anyUser()).sysId, values: { active: false } }, answer: { active: 'false' } }),
    'user.groups': async () => {
      const { input, sysId } = await membership()
      return { input: { user: input.user }, answer: { rows: [{ sys_id: sysId, group: input.group }], total: 1 } }
    },
    'user.roles': async () => ({
      input: { user: DEMO.admin.sysId, fields: ['role.name'] },
      answer: { rows: containing({ 'role.name': 'admin' }) },
    }),
    'group.get': async () => ({ input: { sysId: DEMO.networkGroup.sysId }, answer: { name: 'Network' } }),
    'group.getByName': async () => ({ input: { name: 'Network' }, answer: { sys_id: DEMO.networkGroup.sysId } }),
    'group.list': async () => ({ input: { query: 'name=Network' }, answer: { rows: [{ sys_id: DEMO.networkGroup.sysId }], total: 1 } }),
    'group.create': async () => {
      const name = unique('group')
      return { input: { values: { name } }, answer: { name } }
    },
    'group.update': async () => ({
      input: { sysId: (await named('sys_user_group')).sysId, values: { description: 'd' } },
      answer: { description: 'd' },
    }),
    'group.members': async () => {
      const { input, sysId } = await membership()
      return { input: { group: input.group }, answer: { rows: [{ sys_id: sysId, user: input.user }], total: 1 } }
    },
    'group.addMember': async () => {
      const input = { group: (await named('sys_user_group')).sysId, user: (await anyUser()).sysId }
      return { input, answer: input }
    },
    'group.removeMember': async () => ({ input: (await membership()).input, answer: { deleted: true } }),
    'role.get': async () => ({ input: { sysId: await first('sys_user_role') }, answer: {} }),
    'role.getByName': async () => ({ input: { name: 'itil' }, answer: { name: 'itil' } }),
    'role.list': async () => ({ input: { query: 'name=itil' }, answer: { rows: [{ name: 'itil' }], total: 1 } }),
    'batch.read': async () => {
      const { sysId, number } = await made('incident')
      const requests = [
        { path: `/api/now/table/incident/${sysId}`, parameters: { sysparm_fields: 'number' } },
        { path: '/api/now/table/nope' },
      ]
      return {
        input: { requests },
        answer: {
          answers: [
            { id: '0', ok: true, body: { result: { number } } },
            { id: '1', status: 400, ok: false },
          ],
          unserviced: [],
        },
      }
    },
    'batch.send': async () => ({
      input: { requests: [{ method: 'POST', path: '/api/now/table/incident', json: { short_description: 'übers Netz' } }] },
      answer: { answers: [{ status: 201, ok: true, body: { result: { short_description: 'übers Netz' } } }] },
    }),
    'api.read': async () => ({
      input: { path: '/api/now/ui/user/current_user' },
      answer: { status: 200, body: { result: { user_name: 'admin' } } },
    }),
    'api.request': async () => ({
      input: { method: 'POST', path: '/api/now/table/incident', parameters: { sysparm_fields: 'state' }, json: description() },
      answer: { status: 201, body: { result: { state: '1' } } },
    }),
  }
}
