import type { UpdateAction } from './update-kinds.ts'
import type { WatchedField, Word, WorkAction } from './words.ts'

/** True when every named field has one of its values and no field of `not` has one of its. Values are ServiceNow's raw strings. */
export interface Condition {
  is: Readonly<Record<string, readonly string[]>>
  not?: Readonly<Record<string, readonly string[]>>
}

/** What one of the partner's words is in ServiceNow. */
export interface Kind {
  word: Word
  isTask: boolean
  table: string
  /** Of the instance's numbers: INC in INC0010001. */
  prefix: string
  /**
   * Of two kinds in one table: the records that are the later one, where no partner has filed them. Nothing by default: `inquiry` is
   * also the category of every incident that nobody gave one (contract servicenow-core.md 11.4).
   */
  recognised?: Condition
  /** Always set when a partner files one. */
  onFiling: Readonly<Record<string, string>>
  /** Which field of the record is meant by a partner's field. */
  fields: Readonly<Partial<Record<WatchedField, string>>>
  /** An action is told when one of its conditions becomes true; in this order when one save means two. */
  actions: readonly { action: UpdateAction; when: readonly Condition[] }[]
  /** Of a task: the fields that lead to its ticket, the first that is filled counts. */
  ticket?: readonly { field: string; word: Word }[]
  /** Of a task: what each of the provider's actions sets. */
  work?: Readonly<Record<WorkAction, Readonly<Record<string, string>>>>
  /** Of a task: how the instance calls its states. */
  stateNames?: Readonly<Record<string, string>>
  /** What the customer's answer changes: a caller's comment moves an incident on that waits for him (contract connect-api 1.5). */
  answered?: { when: Condition; set: Readonly<Record<string, string>> }
  /** Records whose comments, states and files count as the ticket's own; `item_states` in a condition has all their states. */
  items?: { table: string; ticketField: string }
}

const is = (field: string, ...values: string[]): Condition => ({ is: { [field]: values } })

/** Who it is for (`user`), and who says so (`contact`); with a contact alone it is for the contact. */
const INCIDENT_FIELDS = {
  short_description: 'short_description',
  description: 'description',
  priority: 'priority',
  service: 'business_service',
  ci: 'cmdb_ci',
  contact: 'opened_by',
  user: 'caller_id',
}

const INCIDENT_ACTIONS: Kind['actions'] = [
  { action: 'In Progress', when: [is('state', '2')] },
  { action: 'On Hold', when: [is('state', '3')] },
  { action: 'Resolved', when: [is('state', '6')] },
  { action: 'Canceled', when: [is('state', '8')] },
  { action: 'Closed', when: [is('state', '7')] },
]

const INCIDENT: Kind = {
  word: 'Incident',
  isTask: false,
  table: 'incident',
  prefix: 'INC',
  onFiling: {},
  fields: INCIDENT_FIELDS,
  actions: INCIDENT_ACTIONS,
  answered: { when: { is: { state: ['3'], hold_reason: ['1'] } }, set: { state: '2', hold_reason: '' } },
}

const TASK_FIELDS = {
  short_description: 'short_description',
  description: 'description',
  priority: 'priority',
  service: 'business_service',
  ci: 'cmdb_ci',
}

const TASK: Omit<Kind, 'word' | 'table' | 'prefix' | 'ticket'> = {
  isTask: true,
  onFiling: {},
  fields: TASK_FIELDS,
  actions: [{ action: 'Closed', when: [is('state', '3', '4', '7')] }],
  stateNames: {
    '-5': 'Pending',
    '1': 'Open',
    '2': 'Work in Progress',
    '3': 'Closed Complete',
    '4': 'Closed Incomplete',
    '7': 'Closed Skipped',
  },
  work: {
    'In Progress': { state: '2' },
    'On Hold': { state: '-5' },
    'Closed Complete': { state: '3' },
    'Closed Incomplete': { state: '4' },
    'Closed Skipped': { state: '7' },
  },
}

/**
 * The mapping: partner's word, record, and what each state of the record is called. State values are those of
 * contract servicenow-core, section 11; tables do not share them (change_task 4 is Canceled).
 */
export const MAPPING: readonly Kind[] = [
  INCIDENT,
  { ...INCIDENT, word: 'Request for Information', onFiling: { category: 'inquiry' } },
  {
    word: 'Change Request',
    isTask: false,
    table: 'change_request',
    prefix: 'CHG',
    // The instance sets the first state itself (rule "Change Model: Apply Initial State"), so none is sent.
    onFiling: {},
    fields: { ...INCIDENT_FIELDS, user: 'requested_by', desired_delivery_date: 'requested_by_date' },
    actions: [
      { action: 'In Progress', when: [{ is: { state: ['-4', '-3', '-2', '-1'] }, not: { on_hold: ['true'] } }] },
      { action: 'On Hold', when: [{ is: { on_hold: ['true'] }, not: { state: ['0', '3', '4'] } }] },
      { action: 'Executed', when: [is('state', '0')] },
      { action: 'Canceled', when: [is('state', '4')] },
      { action: 'Closed', when: [is('state', '3')] },
    ],
  },
  {
    word: 'Service Request',
    isTask: false,
    table: 'sc_request',
    prefix: 'REQ',
    onFiling: {},
    fields: { ...INCIDENT_FIELDS, user: 'requested_for' },
    items: { table: 'sc_req_item', ticketField: 'request' },
    actions: [
      {
        action: 'In Progress',
        when: [
          { is: { request_state: ['in_process'] }, not: { item_states: ['-5'] } },
          { is: { item_states: ['2'] }, not: { item_states: ['-5'], state: ['3', '4', '7'] } },
        ],
      },
      { action: 'On Hold', when: [{ is: { item_states: ['-5'] }, not: { state: ['3', '4', '7'] } }] },
      { action: 'Completed', when: [is('request_state', 'closed_complete')] },
      { action: 'Canceled', when: [is('request_state', 'closed_cancelled', 'closed_rejected')] },
      { action: 'Closed', when: [{ is: { state: ['3', '4', '7'] }, not: { request_state: ['closed_cancelled', 'closed_rejected'] } }] },
    ],
  },
  { ...TASK, word: 'Incident Task', table: 'incident_task', prefix: 'TASK', ticket: [{ field: 'incident', word: 'Incident' }] },
  {
    ...TASK,
    word: 'Change Task',
    table: 'change_task',
    prefix: 'CTASK',
    ticket: [{ field: 'change_request', word: 'Change Request' }],
    stateNames: { '-5': 'Pending', '1': 'Open', '2': 'In Progress', '3': 'Closed', '4': 'Canceled' },
    actions: [
      { action: 'Canceled', when: [is('state', '4')] },
      { action: 'Closed', when: [is('state', '3')] },
    ],
    // This table has one closed state; how it ended is its close code (contract servicenow-core 11.5).
    work: {
      'In Progress': { state: '2', on_hold: 'false' },
      'On Hold': { on_hold: 'true' },
      'Closed Complete': { state: '3', close_code: 'successful' },
      'Closed Incomplete': { state: '3', close_code: 'unsuccessful' },
      'Closed Skipped': { state: '3', close_code: 'unsuccessful' },
    },
  },
  {
    ...TASK,
    word: 'Request Task',
    table: 'sc_task',
    prefix: 'SCTASK',
    ticket: [
      { field: 'request', word: 'Service Request' },
      { field: 'request_item.request', word: 'Service Request' },
    ],
  },
]

/** Why an incident is on hold (contract servicenow-core 11.4). */
export const HOLD_REASONS: Readonly<Record<string, string>> = {
  '1': 'Awaiting Caller',
  '3': 'Awaiting Problem',
  '4': 'Awaiting Vendor',
  '5': 'Awaiting Change',
}

/** Impact and urgency that give each priority (contract servicenow-core 1.5 and 11.4). */
export const PRIORITY_PARTS: Readonly<Record<string, { impact: string; urgency: string }>> = {
  '1 - Critical': { impact: '1', urgency: '1' },
  '2 - High': { impact: '1', urgency: '2' },
  '3 - Moderate': { impact: '2', urgency: '2' },
  '4 - Low': { impact: '2', urgency: '3' },
  '5 - Planning': { impact: '3', urgency: '3' },
}
