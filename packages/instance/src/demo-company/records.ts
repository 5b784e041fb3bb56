import { ADVISORY_GROUP } from '../house-rules/change.ts'
import { fixedSysId } from '../sys-id.ts'
import { DEMO } from './demo.ts'
import { type DemoRecord, demoRecord, grant, person } from './demo-record.ts'
import { DEPENDS_ON, SERVICE_CATALOG, STANDARD_LAPTOP, WELL_KNOWN } from './well-known.ts'

const operator = { company: DEMO.operator.sysId }
const [workplace, network, , mail] = DEMO.services
const agentNames = ['One', 'Two', 'Three']

function customer(index: number, short: string): DemoRecord[] {
  const { sysId, name, table, defaultCaller, users, inactiveUser, configurationItems } = DEMO.customers[index]!
  const company = { company: sysId }
  return [
    demoRecord(table, sysId, { name, customer: 'true', website: `https://${short.toLowerCase()}.example` }),
    person(defaultCaller, [short, 'Service Desk'], company),
    ...users.map((one, at) => person(one, [`${short} User`, agentNames[at]!], company)),
    person(inactiveUser, [`${short} User`, 'Gone'], { ...company, active: 'false' }),
    ...configurationItems.map(item => demoRecord(item.table, item.sysId, { name: item.name, ...company })),
  ]
}

const group = (one: { sysId: string; name: string }, values: Readonly<Record<string, string>>) =>
  demoRecord('sys_user_group', one.sysId, { name: one.name, ...values })

const member = (userId: string, groupId: string) =>
  demoRecord('sys_user_grmember', fixedSysId(`demo member ${userId} ${groupId}`), { user: userId, group: groupId })

/** Parents before children, because house rules look at them. */
export const DEMO_COMPANY: readonly DemoRecord[] = [
  demoRecord('core_company', DEMO.operator.sysId, { name: DEMO.operator.name, website: 'https://operator.example' }),
  ...DEMO.agents.flatMap((one, at) => [person(one, ['Demo Agent', agentNames[at]!], operator), grant(one.sysId, 'itil')]),
  ...customer(0, 'North'),
  ...customer(1, 'South'),
  demoRecord('core_company', DEMO.provider.sysId, { name: DEMO.provider.name, vendor: 'true', website: 'https://provider.example' }),
  person(DEMO.provider.users[0], ['Provider Engineer', 'One'], { company: DEMO.provider.sysId }),
  group(DEMO.serviceDeskGroup, { ...operator, description: 'First line of the operator' }),
  group(DEMO.networkGroup, { ...operator, description: 'Network operations of the operator' }),
  group(DEMO.changeAdvisoryGroup, { ...operator, description: 'Advises on changes' }),
  group(DEMO.provider.solverGroup, { company: DEMO.provider.sysId, description: 'Solver group that the demo provider works for' }),
  ...DEMO.agents.map(one => member(one.sysId, DEMO.serviceDeskGroup.sysId)),
  member(DEMO.agents[1].sysId, DEMO.networkGroup.sysId),
  member(DEMO.agents[2].sysId, DEMO.changeAdvisoryGroup.sysId),
  member(DEMO.provider.users[0].sysId, DEMO.provider.solverGroup.sysId),
  demoRecord('sys_properties', fixedSysId(`property ${ADVISORY_GROUP}`), {
    name: ADVISORY_GROUP,
    value: DEMO.changeAdvisoryGroup.sysId,
    description: 'The group, by sys_id, whose people approve changes in Authorize',
  }),
  demoRecord('std_change_record_producer', fixedSysId('demo std_change_record_producer Reboot Windows Server'), {
    name: 'Reboot Windows Server',
    short_description: 'Reboot Windows Server',
    category: 'Hardware',
    template:
      'short_description=Reboot Windows Server^category=Hardware^description=Restart a server outside of office hours.^implementation_plan=Announce it, restart the server, look at its services.^backout_plan=None^test_plan=Sign in to the server.^EQ',
  }),
  ...DEMO.services.map(service => demoRecord('cmdb_ci_service', service.sysId, { name: service.name, ...operator })),
  ...WELL_KNOWN,
  // The services of the operator stand on the servers of its customers.
  ...DEMO.configurationItems.north.map((item, at) =>
    demoRecord('cmdb_rel_ci', fixedSysId(`demo cmdb_rel_ci ${item.sysId}`), {
      parent: DEMO.services[at === 2 ? 1 : 2].sysId,
      child: item.sysId,
      type: DEPENDS_ON,
    }),
  ),
  ...tickets(),
]

/** The operator's own tickets, in the number range of ServiceNow's demo data, so that lists are not empty. */
function tickets(): DemoRecord[] {
  const opened = { caller_id: DEMO.agents[0].sysId, ...operator }
  const ticket = (table: string, number: string, values: Readonly<Record<string, string>>, workNote?: string) =>
    demoRecord(table, fixedSysId(`demo ${table} ${number}`), { number, ...values }, workNote)
  const request = fixedSysId('demo sc_request REQ0000001')
  const item = fixedSysId('demo sc_req_item RITM0000001')
  return [
    ticket('incident', 'INC0000001', {
      ...opened,
      short_description: 'Demo: printer on the second floor does not answer',
      impact: '3',
      urgency: '2',
      business_service: workplace.sysId,
      assignment_group: DEMO.serviceDeskGroup.sysId,
    }),
    ticket(
      'incident',
      'INC0000002',
      {
        ...opened,
        short_description: 'Demo: packet loss between the two offices',
        impact: '2',
        urgency: '2',
        state: '2',
        business_service: network.sysId,
        assignment_group: DEMO.networkGroup.sysId,
        assigned_to: DEMO.agents[1].sysId,
      },
      'Demo: the line is being measured.',
    ),
    ticket('incident', 'INC0000003', {
      ...opened,
      short_description: 'Demo: mailbox full',
      state: '6',
      close_code: 'Solution provided',
      close_notes: 'Demo: the quota was raised.',
      business_service: mail.sysId,
      assignment_group: DEMO.serviceDeskGroup.sysId,
    }),
    ticket('problem', 'PRB0000001', {
      ...operator,
      short_description: 'Demo: recurring packet loss',
      assignment_group: DEMO.networkGroup.sysId,
    }),
    ticket('change_request', 'CHG0000001', {
      ...operator,
      short_description: 'Demo: replace the router of the head office',
      type: 'normal',
      assignment_group: DEMO.networkGroup.sysId,
    }),
    demoRecord('sc_request', request, {
      number: 'REQ0000001',
      ...operator,
      short_description: 'Demo: a laptop for a new colleague',
      requested_for: DEMO.agents[2].sysId,
    }),
    demoRecord('sc_req_item', item, {
      number: 'RITM0000001',
      cat_item: STANDARD_LAPTOP,
      sc_catalog: SERVICE_CATALOG,
      ...operator,
      request,
      short_description: 'Demo: laptop',
      assignment_group: DEMO.serviceDeskGroup.sysId,
    }),
    ticket('sc_task', 'SCTASK0000001', {
      ...operator,
      request,
      request_item: item,
      short_description: 'Demo: prepare the laptop',
      assignment_group: DEMO.serviceDeskGroup.sysId,
    }),
  ]
}
