import { DEMO } from '@deskbridge/instance'
import type { CasesOf } from '../proof/case.ts'
import { type Ground, unique } from '../proof/ground.ts'

const ITEM = DEMO.configurationItems.north[0].sysId

export function configurationItemCases({ sdk, makeNamed, readFirst }: Ground): CasesOf<'configurationItem'> {
  const makeRelation = async () => {
    const [parent, child] = [(await makeNamed('cmdb_ci_server')).sysId, (await makeNamed('cmdb_ci_server')).sysId]
    const values = { parent, child, type: await readFirst('cmdb_rel_type') }
    return { parent, child, sysId: (await sdk.table.create({ table: 'cmdb_rel_ci', values })).sys_id! }
  }
  return {
    'configurationItem.get': async () => ({ input: { sysId: ITEM }, answer: { sys_id: ITEM, sys_class_name: 'cmdb_ci_server' } }),
    'configurationItem.list': async () => ({ input: { query: `sys_id=${ITEM}` }, answer: { rows: [{ sys_id: ITEM }], total: 1 } }),
    'configurationItem.create': async () => {
      const name = unique('switch')
      return { input: { class: 'cmdb_ci_netgear', values: { name } }, answer: { name, sys_class_name: 'cmdb_ci_netgear' } }
    },
    'configurationItem.update': async () => {
      const { sysId } = await makeNamed('cmdb_ci_server')
      return { input: { sysId, values: { operational_status: '2' } }, answer: { operational_status: '2' } }
    },
    'configurationItem.relations': async () => {
      const { parent, child, sysId } = await makeRelation()
      return { input: { sysId: child, side: 'both' }, answer: { rows: [{ sys_id: sysId, parent }], total: 1 } }
    },
    'configurationItem.getWithRelations': async () => {
      const { parent, child, sysId } = await makeRelation()
      return { input: { class: 'cmdb_ci_server', sysId: child }, answer: { inbound: [{ sysId, target: { value: parent } }], outbound: [] } }
    },
    'configurationItem.createOrUpdate': async () => {
      const { name, sysId } = await makeNamed('cmdb_ci_server')
      const attributes = { name, operational_status: '2' }
      const inbound = [{ target: (await makeNamed('cmdb_ci_server')).sysId, type: await readFirst('cmdb_rel_type') }]
      return {
        input: { class: 'cmdb_ci_server', attributes, source: 'ServiceNow', inbound },
        answer: { attributes: { sys_id: { value: sysId }, operational_status: { value: '2' } }, inbound: [{}] },
      }
    },
    'configurationItem.addRelations': async () => {
      const [{ sysId }, target] = [await makeNamed('cmdb_ci_server'), (await makeNamed('cmdb_ci_server')).sysId]
      const outbound = [{ target, type: await readFirst('cmdb_rel_type') }]
      const inbound = [{ target: (await makeNamed('cmdb_ci_server')).sysId, type: outbound[0]!.type }]
      return {
        input: { class: 'cmdb_ci_server', sysId, source: 'ServiceNow', outbound, inbound },
        answer: { outbound: [{ target: { value: target } }], inbound: [{ target: { value: inbound[0]!.target } }] },
      }
    },
    'configurationItem.removeRelation': async () => {
      const { child, sysId } = await makeRelation()
      return { input: { class: 'cmdb_ci_server', sysId: child, relation: sysId }, answer: { deleted: true } }
    },
  }
}
