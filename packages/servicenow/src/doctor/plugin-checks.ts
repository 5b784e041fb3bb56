import type { InstanceCall } from '../connection/call.ts'
import { ServiceNowError } from '../error.ts'
import { couldNotTell, type Finding, type HealthCheck, notOk, ok } from './check.ts'
import type { Patient } from './patient.ts'

interface Plugin {
  readonly title: string
  readonly id: string
  /** Any one is enough; none: the plug-in is all that is needed. */
  readonly roles: readonly string[]
  /** A question about something that comes with it: it needs no right to read the list of plug-ins, which is an administrator's. */
  readonly call: InstanceCall
}

const table = (name: string): InstanceCall => ({
  method: 'GET',
  path: `/api/now/table/${name}`,
  parameters: { sysparm_fields: 'sys_id', sysparm_limit: 1 },
})

/** What the actions for customer service and orders need (second seed, "Endpoint plugin requirements"; servicenow-csm-order 9). */
const PLUGINS: readonly Plugin[] = [
  {
    title: 'Customer Service',
    id: 'com.sn_customerservice',
    roles: ['csm_ws_integration'],
    call: table('sn_customerservice_case'),
  },
  { title: 'Customer Service Install Base Management', id: 'com.snc.install_base', roles: [], call: table('sn_install_base_item') },
  {
    title: 'Order Management for Customer Service Management',
    id: 'app-csm-order-mgmt',
    roles: ['sn_csm_order_mgmt', 'sn_csm_om.order_integrator'],
    call: table('sn_csm_om_order'),
  },
  {
    title: 'Order Management for Telecommunications',
    id: 'sn_ind_tmt_orm',
    roles: ['sn_ind_tmt_orm.order_integrator'],
    call: table('sn_ind_tmt_orm_order'),
  },
  {
    title: 'Telecommunications Assurance Workflows',
    id: 'sn_ind_tsm_sdwan',
    roles: [],
    call: { method: 'GET', path: '/api/sn_ind_tsm_sdwan/ticket/troubleTicket', parameters: { limit: 1 }, answer: 'anything' },
  },
]

export const pluginChecks: readonly HealthCheck[] = PLUGINS.map(plugin => ({
  name: `plug-in ${plugin.id}`,
  asks: `For something that comes with ${plugin.title}${plugin.roles.length ? ', and the roles of the user' : ''}.`,
  means: 'Only the actions for customer service and orders need it.',
  change: `Install ${plugin.title} (${plugin.id})${plugin.roles.length ? ` and grant the user ${plugin.roles.join(' or ')}` : ''}, if you want its actions.`,
  needed: false,
  after: ['REST access'],
  inspect: patient => inspectPlugin(patient, plugin),
}))

async function inspectPlugin(patient: Patient, { title, roles, call }: Plugin): Promise<Finding> {
  const outcome = await patient.ask(call)
  if (outcome instanceof ServiceNowError) {
    // An unknown table or path is a 400; what is there and refused to this user is a 403 (2.4). A 404 can be either.
    if (outcome.kind === 'invalid' && outcome.reason !== undefined) return notOk(`${title} is not installed`)
    if (outcome.kind !== 'forbidden' || outcome.reason === undefined) return couldNotTell(outcome.detail ?? outcome.kind)
  } else if (!Array.isArray(outcome.result)) return couldNotTell('the answer is no list')
  if (roles.length === 0) return ok(`${title} is installed`)
  const held = await patient.readRoles()
  if (!held) return couldNotTell(`${title} is installed; the roles of the user are not to be seen`)
  const role = [...roles, 'admin'].find(one => held.has(one))
  if (role) return ok(`${title} is installed, and the user has the role ${role}`)
  return notOk(`${title} is installed, but the user has not the role`, `Grant the user ${roles.join(' or ')}.`)
}
