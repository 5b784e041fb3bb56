import { type Choice, choice, journal, level, list, moment, refers, type ShippedTable, span, text, whole, yesNo } from './definition.ts'

/** States of the base table, inherited by tasks that define none (contract servicenow-core.md 11.3). */
const TASK_STATES: readonly Choice[] = [
  ['-5', 'Pending'],
  ['1', 'Open'],
  ['2', 'Work in Progress'],
  ['3', 'Closed Complete'],
  ['4', 'Closed Incomplete'],
  ['7', 'Closed Skipped'],
]

export const PRIORITY_CHOICES: readonly Choice[] = [
  ['1', '1 - Critical'],
  ['2', '2 - High'],
  ['3', '3 - Moderate'],
  ['4', '4 - Low'],
  ['5', '5 - Planning'],
]

export const HIGH_MEDIUM_LOW: readonly Choice[] = [
  ['1', '1 - High'],
  ['2', '2 - Medium'],
  ['3', '3 - Low'],
]

export const APPROVALS: readonly Choice[] = [
  ['not requested', 'Not Yet Requested'],
  ['requested', 'Requested'],
  ['approved', 'Approved'],
  ['rejected', 'Rejected'],
  ['cancelled', 'Cancelled'],
  ['not_required', 'No Longer Required'],
  ['duplicate', 'Duplicate'],
]

/** How a ticket came in; administrators add their own, so a value outside the list is kept. */
const CONTACT_TYPES: readonly Choice[] = [
  ['email', 'Email'],
  ['phone', 'Phone'],
  ['self-service', 'Self-service'],
  ['virtual_agent', 'Virtual Agent'],
  ['walk-in', 'Walk-in'],
  ['chat', 'Chat'],
  ['web', 'Web'],
]

/** Who opened a ticket, called it in, or is to get what it asks for. */
const OWN_TICKETS = ['opened_by', 'ref_incident.caller_id', 'ref_sc_request.requested_for', 'ref_sc_req_item.requested_for']
  .map(field => `${field}=javascript:gs.getUserID()`)
  .join('^OR')

/** The base of all tickets and tasks (contract servicenow-core.md 11.3). */
export const task: ShippedTable = {
  name: 'task',
  label: 'Task',
  source: 'Task fields (servicenow-core 11.2, 11.3)',
  leftOut:
    '`variables`; what `contract`, `universal_request`, `delivery_plan`, `delivery_task`, `wf_activity` and `skills` refer to; service levels; `approval_history` stays empty',
  readers: 'the desk',
  writers: 'the desk',
  alsoFor: [{ who: 'the people whose ticket it is', operations: ['read'], condition: OWN_TICKETS }],
  deskOnly: ['work_notes', 'comments_and_work_notes', 'work_notes_list'],
  extendable: true,
  domain: true,
  audited: true,
  display: 'number',
  number: { prefix: 'TASK', first: 20_001 },
  indexes: [
    'sys_updated_on,sys_id',
    'sys_class_name',
    'company',
    // The worklist of a group, by its latest change or counted, comes out of the index alone.
    'assignment_group,active,sys_class_name,sys_updated_on',
    'parent',
    'incident',
    'change_request',
    'problem',
    'request',
    'request_item',
    'caller_id',
    'opened_by',
  ],
  lookups: ['number', 'correlation_id'],
  textIndex: ['number', 'short_description', 'description', 'close_notes', 'correlation_id', 'correlation_display'],
  columns: [
    text('number', 'Number', { maxLength: 40 }),
    text('short_description', 'Short description', { maxLength: 160 }),
    text('description', 'Description', { maxLength: 4000 }),
    level('state', 'State', TASK_STATES, { default: '1' }),
    yesNo('active', 'Active', 'true'),
    level('priority', 'Priority', PRIORITY_CHOICES, { default: '4' }),
    level('impact', 'Impact', HIGH_MEDIUM_LOW, { default: '3' }),
    level('urgency', 'Urgency', HIGH_MEDIUM_LOW, { default: '3' }),
    refers('assigned_to', 'Assigned to', 'sys_user'),
    refers('assignment_group', 'Assignment group', 'sys_user_group'),
    moment('opened_at', 'Opened'),
    refers('opened_by', 'Opened by', 'sys_user'),
    moment('closed_at', 'Closed'),
    refers('closed_by', 'Closed by', 'sys_user'),
    text('close_notes', 'Close notes', { maxLength: 4000 }),
    choice('approval', 'Approval', APPROVALS, { default: 'not requested' }),
    choice(
      'upon_approval',
      'Upon approval',
      [
        ['proceed', 'Proceed to Next Task'],
        ['do_nothing', 'Wait for a User to Close this task'],
      ],
      { default: 'proceed' },
    ),
    choice(
      'upon_reject',
      'Upon reject',
      [
        ['cancel', 'Cancel all future Tasks'],
        ['goto', 'Go to a previous Task'],
      ],
      { default: 'cancel' },
    ),
    level(
      'escalation',
      'Escalation',
      [
        ['0', 'Normal'],
        ['1', 'Moderate'],
        ['2', 'High'],
        ['3', 'Overdue'],
      ],
      { default: '0' },
    ),
    yesNo('made_sla', 'Made SLA', 'true'),
    yesNo('knowledge', 'Knowledge'),
    whole('reassignment_count', 'Reassignment count', { default: '0' }),
    choice('contact_type', 'Contact type', CONTACT_TYPES, { open: true }),
    refers('cmdb_ci', 'Configuration item', 'cmdb_ci'),
    refers('business_service', 'Service', 'cmdb_ci_service'),
    refers('service_offering', 'Service offering', 'service_offering'),
    refers('location', 'Location', 'cmn_location'),
    refers('company', 'Company', 'core_company'),
    refers('contract', 'Contract', 'ast_contract'),
    refers('parent', 'Parent', 'task'),
    refers('universal_request', 'Universal Request', 'universal_request'),
    moment('due_date', 'Due date'),
    moment('expected_start', 'Expected start'),
    moment('work_start', 'Actual start'),
    moment('work_end', 'Actual end'),
    moment('follow_up', 'Follow up'),
    moment('activity_due', 'Activity due'),
    moment('sla_due', 'SLA due'),
    moment('approval_set', 'Approval set'),
    span('business_duration', 'Business duration'),
    span('calendar_duration', 'Duration'),
    span('time_worked', 'Time worked'),
    journal('comments', 'Additional comments'),
    journal('work_notes', 'Work notes'),
    journal('comments_and_work_notes', 'Comments and Work notes'),
    journal('approval_history', 'Approval history'),
    list('watch_list', 'Watch list', 'sys_user'),
    list('work_notes_list', 'Work notes list', 'sys_user'),
    list('additional_assignee_list', 'Additional assignee list', 'sys_user'),
    list('group_list', 'Group list', 'sys_user_group'),
    text('correlation_id', 'Correlation ID', { maxLength: 100 }),
    text('correlation_display', 'Correlation display', { maxLength: 100 }),
    whole('order', 'Order'),
    text('user_input', 'User input', { maxLength: 4000 }),
    refers('delivery_plan', 'Delivery plan', 'sc_cat_item_delivery_plan'),
    refers('delivery_task', 'Delivery task', 'sc_cat_item_delivery_task'),
    refers('rejection_goto', 'Rejection goto', 'task'),
    refers('wf_activity', 'Workflow activity', 'wf_activity'),
    list('skills', 'Skills', 'cmn_skill'),
    whole('route_reason', 'Transfer reason'),
    text('task_effective_number', 'Effective number', { readOnly: true }),
  ],
}
