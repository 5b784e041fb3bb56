import { type Choice, choice, level, moment, NOTHING, refers, type ShippedTable, text, whole } from './definition.ts'
import { PRIORITY_CHOICES } from './task.ts'

const STATES: readonly Choice[] = [
  ['1', 'New'],
  ['2', 'In Progress'],
  ['3', 'On Hold'],
  ['6', 'Resolved'],
  ['7', 'Closed'],
  ['8', 'Canceled'],
]

const own = (value: string): Choice => [value, value]

/** The last seven are those of older instances (contract servicenow-core.md 11.4); both are accepted. */
const CLOSE_CODES: readonly Choice[] = [
  'Duplicate',
  'Known error',
  'No resolution provided',
  'Resolved by caller',
  'Resolved by change',
  'Resolved by problem',
  'Resolved by request',
  'Solution provided',
  'Workaround provided',
  'User error',
  'Solved (Work Around)',
  'Solved (Permanently)',
  'Solved Remotely (Work Around)',
  'Solved Remotely (Permanently)',
  'Not Solved (Not Reproducible)',
  'Not Solved (Too Costly)',
  'Closed/Resolved by Caller',
].map(own)

/** Contract servicenow-core.md 11.4 and appendix A.1. */
export const incident: ShippedTable = {
  name: 'incident',
  label: 'Incident',
  parent: 'task',
  source: 'Incident management and the sample record of the Table API (servicenow-core 11.4, A.1)',
  leftOut:
    'categories that an administrator adds, subcategories as a list that depends on them; a resolution is not copied to child incidents, nothing closes by itself',
  readers: 'as its parent',
  writers: 'as its parent',
  display: 'number',
  number: { prefix: 'INC', first: 10_001 },
  columns: [
    level('state', 'State', STATES, { default: '1' }),
    level('incident_state', 'Incident state', STATES, { default: '1' }),
    level('priority', 'Priority', PRIORITY_CHOICES, { default: '5' }),
    refers('caller_id', 'Caller', 'sys_user'),
    choice(
      'category',
      'Category',
      [
        ['inquiry', 'Inquiry / Help'],
        ['software', 'Software'],
        ['hardware', 'Hardware'],
        ['network', 'Network'],
        ['database', 'Database'],
      ],
      { default: 'inquiry', open: true },
    ),
    text('subcategory', 'Subcategory'),
    level('hold_reason', 'On hold reason', [
      ['1', 'Awaiting Caller'],
      ['3', 'Awaiting Problem'],
      ['4', 'Awaiting Vendor'],
      ['5', 'Awaiting Change'],
    ]),
    choice('close_code', 'Resolution code', CLOSE_CODES),
    text('close_notes', 'Resolution notes', { maxLength: 4000 }),
    level(
      'severity',
      'Severity',
      [
        ['1', '1 - High'],
        ['2', '2 - Medium'],
        ['3', '3 - Low'],
      ],
      { default: '3' },
    ),
    level(
      'notify',
      'Notify',
      [
        ['1', 'Do Not Notify'],
        ['2', 'Send Email'],
        ['3', 'Telephone'],
      ],
      { default: '1' },
    ),
    refers('parent_incident', 'Parent Incident', 'incident'),
    whole('child_incidents', 'Child Incidents', { default: '0' }),
    refers('problem_id', 'Problem', 'problem'),
    refers('rfc', 'Change Request', 'change_request'),
    refers('caused_by', 'Caused by Change', 'change_request'),
    whole('reopen_count', 'Reopen count', { default: '0' }),
    refers('reopened_by', 'Last reopened by', 'sys_user'),
    moment('reopened_time', 'Last reopened at'),
    refers('resolved_by', 'Resolved by', 'sys_user'),
    moment('resolved_at', 'Resolved'),
    text('business_impact', 'Business impact', { maxLength: 4000 }),
    text('cause', 'Probable cause', { maxLength: 4000 }),
    whole('business_stc', 'Business resolve time'),
    whole('calendar_stc', 'Resolve time'),
    text('origin_table', 'Origin table'),
    text('origin_id', 'Origin'),
  ],
}

export const incidentTask: ShippedTable = {
  name: 'incident_task',
  label: 'Incident Task',
  parent: 'task',
  source: 'Task hierarchy (servicenow-core 11.2)',
  leftOut: NOTHING,
  readers: 'as its parent',
  writers: 'as its parent',
  display: 'number',
  number: { prefix: 'TASK', first: 20_001 },
  columns: [refers('incident', 'Incident', 'incident')],
}
