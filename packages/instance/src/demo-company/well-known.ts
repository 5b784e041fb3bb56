import { DEMO } from './demo.ts'
import type { DemoRecord } from './demo-record.ts'

/** Records of ServiceNow's own demo data that documentation, tutorials and tests name by sys_id (contract servicenow-core.md A.3, and public samples). */

const one = (table: string, sysId: string, values: Readonly<Record<string, string>>): DemoRecord => ({ table, sysId, values })

const relation = (sysId: string, parent: string, child: string) =>
  one('cmdb_rel_type', sysId, { name: `${parent}::${child}`, parent_descriptor: parent, child_descriptor: child })

/** The type of a relation between configuration items. */
export const DEPENDS_ON = '1a9cb166f1571100a92eb60da2bce5c5'

/** These of the catalogue are in ServiceNow's reference of the Service Catalog API and in tutorials. */
export const SERVICE_CATALOG = 'e0d08b13c3330100c8b837659bba8fb4'
const HARDWARE = 'd258b953c611227a0146101fb1be7c31'
/** An item of the catalogue that can be ordered. */
export const STANDARD_LAPTOP = '04b7e94b4f7b4200086eeed18110c7fd'
const inHardware = { category: HARDWARE, sc_catalogs: SERVICE_CATALOG }

/** All of them, parents before children. */
export const WELL_KNOWN: readonly DemoRecord[] = [
  relation(DEPENDS_ON, 'Depends on', 'Used by'),
  relation('60bc4e22c0a8010e01f074cbe6bd73c3', 'Runs on', 'Runs'),
  relation('55c95bf6c0a8010e0118ec7056ebc54d', 'Contains', 'Contained by'),
  one('sys_user', '681ccaf9c0a8016400b98a06818d57c7', {
    user_name: 'employee',
    first_name: 'Demo',
    last_name: 'Employee',
    email: 'employee@operator.example',
    company: DEMO.operator.sysId,
  }),
  one('sc_catalog', SERVICE_CATALOG, { title: 'Service Catalog', description: 'Demo: what can be ordered' }),
  one('sc_category', HARDWARE, { title: 'Hardware', description: 'Demo: devices', sc_catalog: SERVICE_CATALOG }),
  one('sc_cat_item', STANDARD_LAPTOP, { name: 'Standard Laptop', short_description: 'Demo: a laptop', price: '1100', ...inHardware }),
  one('sc_cat_item', '060f3afa3731300054b6a3549dbe5d3e', {
    name: 'Apple iPad 3',
    short_description: 'Demo: a tablet',
    price: '600',
    ...inHardware,
  }),
  // Named apart from the demo company's own groups, so that a name means one group.
  one('sys_user_group', '287ebd7da9fe198100f92cc8d1d2154e', { name: 'Network Demo', company: DEMO.operator.sysId }),
  one('sys_user_group', '287ee6fea9fe198100ada7950d0b1b73', { name: 'Database', company: DEMO.operator.sysId }),
  one('sys_user_group', '8a4dde73c6112278017a6a4baf547aa7', { name: 'Software', company: DEMO.operator.sysId }),
  one('sys_user_group', 'b85d44954a3623120004689b2d5dd60a', { name: 'CAB Approval', company: DEMO.operator.sysId }),
]
