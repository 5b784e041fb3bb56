import { fixedSysId } from '../sys-id.ts'

/** The same sys_ids in every schema, so that tests, guides and first steps can name them. */
const named = (table: string, name: string) => ({ name, table, sysId: fixedSysId(`demo ${table} ${name}`) })

const user = (userName: string, email: string) => ({ sysId: fixedSysId(`demo sys_user ${userName}`), userName, email })

const people = (short: string) => ({
  defaultCaller: user(`${short}.desk`, `desk@${short}.example`),
  users: [
    user(`${short}.user.one`, `user.one@${short}.example`),
    user(`${short}.user.two`, `user.two@${short}.example`),
    user(`${short}.user.three`, `user.three@${short}.example`),
  ] as const,
  /** Has left the company: may not sign in, and must not become a caller. */
  inactiveUser: user(`${short}.user.gone`, `user.gone@${short}.example`),
})

const north = {
  ...named('core_company', 'Demo Customer North'),
  ...people('north'),
  configurationItems: [
    named('cmdb_ci_server', 'NORTH-SRV-01'),
    named('cmdb_ci_server', 'NORTH-SRV-02'),
    named('cmdb_ci_netgear', 'NORTH-RTR-01'),
  ] as const,
}

/** A customer of Customer Service Management, so that both kinds of company record are practised. */
const south = {
  ...named('customer_account', 'Demo Customer South'),
  ...people('south'),
  configurationItems: [named('cmdb_ci_server', 'SOUTH-SRV-01'), named('cmdb_ci_netgear', 'SOUTH-RTR-01')] as const,
}

/** What is in a schema with the demo company. None of these people or companies exist. */
export const DEMO = {
  /** The well-known sys_id of ServiceNow's own demo data (contract servicenow-core.md A.3). */
  admin: { sysId: '6816f79cc0a8016401c5a33be04be441', userName: 'admin', email: 'admin@operator.example' },
  integration: user('deskbridge.integration', 'deskbridge@operator.example'),
  agents: [
    user('demo.agent.one', 'agent.one@operator.example'),
    user('demo.agent.two', 'agent.two@operator.example'),
    user('demo.agent.three', 'agent.three@operator.example'),
  ],
  operator: named('core_company', 'Demo Operator'),
  customers: [north, south],
  provider: {
    ...named('core_company', 'Demo Provider'),
    solverGroup: named('sys_user_group', 'Demo Provider Field Team'),
    users: [user('provider.engineer.one', 'engineer.one@provider.example')],
  },
  serviceDeskGroup: named('sys_user_group', 'Service Desk'),
  networkGroup: named('sys_user_group', 'Network'),
  changeAdvisoryGroup: named('sys_user_group', 'Change Advisory'),
  services: [
    named('cmdb_ci_service', 'Workplace'),
    named('cmdb_ci_service', 'Managed Network'),
    named('cmdb_ci_service', 'Managed Cloud'),
    named('cmdb_ci_service', 'E-mail'),
  ],
  configurationItems: { north: north.configurationItems, south: south.configurationItems },
} as const
