import type { Table } from './dictionary.ts'

interface View {
  /** The form on a desk, which is also the default view. */
  readonly desktop: string
  readonly mobile: string
}

const TASK =
  'number,parent,short_description,description,state,priority,active,assignment_group,assigned_to,cmdb_ci,opened_at,comments,work_notes'
const POCKET = 'number,short_description,state,priority,assigned_to'

/** Which fields a form shows. Every administrator lays these out anew; what matters is that a view is not the whole record. */
const VIEWS: Readonly<Record<string, View>> = {
  task: { desktop: TASK, mobile: POCKET },
  incident: {
    desktop:
      'number,caller_id,category,subcategory,business_service,service_offering,cmdb_ci,contact_type,state,hold_reason,impact,urgency,priority,' +
      'assignment_group,assigned_to,short_description,description,watch_list,work_notes_list,comments,work_notes,parent_incident,problem_id,' +
      'rfc,caused_by,close_code,close_notes,resolved_by,resolved_at',
    mobile: `${POCKET},caller_id`,
  },
  problem: {
    desktop: `${TASK},impact,urgency,business_service,service_offering,resolution_code,close_notes`,
    mobile: POCKET,
  },
  change_request: {
    desktop:
      'number,requested_by,category,business_service,service_offering,cmdb_ci,type,state,on_hold,priority,risk,impact,conflict_status,' +
      'assignment_group,assigned_to,short_description,description,justification,implementation_plan,risk_impact_analysis,backout_plan,test_plan,' +
      'start_date,end_date,cab_required,comments,work_notes,close_code,close_notes',
    mobile: `${POCKET},type,start_date,end_date`,
  },
  sc_req_item: { desktop: `${TASK},cat_item,request,requested_for,quantity,stage,due_date`, mobile: `${POCKET},cat_item,stage` },
  sys_user: {
    desktop:
      'user_name,first_name,last_name,title,department,email,phone,mobile_phone,active,locked_out,time_zone,date_format,company,location',
    mobile: 'name,title,email,phone,mobile_phone',
  },
  sys_user_group: { desktop: 'name,manager,email,parent,description,active', mobile: 'name,manager,email' },
  cmdb_ci: {
    desktop: 'name,company,assigned_to,support_group,location,operational_status,install_status,asset_tag,serial_number,short_description',
    mobile: 'name,operational_status,assigned_to',
  },
}

/**
 * The fields of a view, in the form of `sysparm_fields`; undefined for a table that has no views. An unknown view is the
 * default one; `both` is desktop and mobile together (contract servicenow-core.md 3.2, `sysparm_view`).
 */
export function viewFields(table: Table, name: string): string | undefined {
  for (let from: Table | undefined = table; from; from = from.parent) {
    const view = VIEWS[from.name]
    if (view) return `sys_id,${name === 'mobile' ? view.mobile : name === 'both' ? `${view.desktop},${view.mobile}` : view.desktop}`
  }
  return undefined
}
