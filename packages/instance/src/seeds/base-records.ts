import { DEMO } from '../demo-company/demo.ts'
import { type DemoRecord, demoRecord, grant, person, role } from '../demo-company/demo-record.ts'
import { MODELS } from '../house-rules/change.ts'
import { FIRST_PRIORITIES } from '../house-rules/priority.ts'
import { fixedSysId } from '../sys-id.ts'

const USER_MAP = fixedSysId('transform User')

/** What every practice instance has, with or without the demo company: somebody who can sign in. */
export const BASE_RECORDS: readonly DemoRecord[] = [
  role('admin', 'System administrator'),
  role('itil', 'Works on tickets at the service desk'),
  role('deskbridge_integration', 'The exchange, which reads and writes tickets on behalf of partners'),
  person(DEMO.admin, ['System', 'Administrator']),
  person(DEMO.integration, ['Deskbridge', 'Integration'], { web_service_access_only: 'true', internal_integration_user: 'true' }),
  demoRecord('sys_transform_map', USER_MAP, { name: 'User', source_table: 'imp_user', target_table: 'sys_user' }),
  ...['user_name', 'first_name', 'last_name', 'email', 'phone', 'title', 'company', 'department', 'active'].map(field =>
    demoRecord('sys_transform_entry', fixedSysId(`transform User ${field}`), {
      map: USER_MAP,
      source_field: field,
      target_field: field,
      coalesce: String(field === 'user_name'),
    }),
  ),
  ...Object.entries(MODELS).map(([type, sysId]) =>
    demoRecord('chg_model', sysId, {
      name: type[0]!.toUpperCase() + type.slice(1),
      description: `Flow of ${type} changes`,
      default_change_model: String(type === 'normal'),
      record_preset: `type=${type}^EQ`,
    }),
  ),
  ...FIRST_PRIORITIES.map(([impact, urgency, priority]) =>
    demoRecord('dl_u_priority', fixedSysId(`dl_u_priority ${impact} ${urgency}`), { impact, urgency, priority }),
  ),
  grant(DEMO.admin.sysId, 'admin'),
  grant(DEMO.integration.sysId, 'deskbridge_integration'),
  demoRecord('sys_properties', fixedSysId('property glide.invalid_query.returns_no_rows'), {
    name: 'glide.invalid_query.returns_no_rows',
    value: 'false',
    description: 'An invalid term makes a query return nothing, instead of being dropped',
  }),
]
