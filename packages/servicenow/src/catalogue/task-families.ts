/** One kind of task record that Deskbridge speaks of by its own name. */
export interface TaskFamily<Name extends string = string> {
  readonly family: Name
  readonly table: string
  /** As a person says it, with and without an article. */
  readonly one: string
  readonly many: string
  /** Number prefix (servicenow-core 11.2). */
  readonly prefix: string
  /** Invented, for the examples. */
  readonly exampleNumber: string
  readonly exampleValues: Readonly<Record<string, string>>
  readonly exampleChange: Readonly<Record<string, string>>
  /** What must be known before a create or update, from the table's own rules. */
  readonly hint: string
  readonly source: string
  /** Roles of which any one lets its user read, and write; as shipped. */
  readonly readers: readonly string[]
  readonly writers: readonly string[]
  readonly plugin: string
}

export const taskFamilies = [
  {
    family: 'incident',
    table: 'incident',
    one: 'an incident',
    many: 'incidents',
    prefix: 'INC',
    exampleNumber: 'INC0010001',
    exampleValues: { short_description: 'Wi-Fi drops in meeting room 4', impact: '2', urgency: '2', correlation_id: 'db-4711' },
    exampleChange: { state: '6', close_code: 'Solution provided', close_notes: 'Access point replaced' },
    hint: 'Priority is computed from impact and urgency. Resolving (state 6) needs close_code and close_notes.',
    source: 'servicenow-core 11.4',
    readers: ['itil', 'sn_incident_read'],
    writers: ['itil', 'sn_incident_write'],
    plugin: 'com.snc.incident',
  },
  {
    family: 'change',
    table: 'change_request',
    one: 'a change request',
    many: 'change requests',
    prefix: 'CHG',
    exampleNumber: 'CHG0030001',
    exampleValues: { short_description: 'Replace the core switch', type: 'normal', correlation_id: 'db-4712' },
    exampleChange: { assignment_group: '287ebd7da9fe198100f92cc8d1d2154e', state: '-4' },
    hint: 'A new one always begins in New (-5); states follow the change model, and Authorize and Scheduled are reached by approvals.',
    source: 'servicenow-core 11.5',
    readers: ['itil', 'sn_change_read'],
    writers: ['itil', 'sn_change_write'],
    plugin: 'com.snc.change_management',
  },
  {
    family: 'request',
    table: 'sc_request',
    one: 'a service request',
    many: 'service requests',
    prefix: 'REQ',
    exampleNumber: 'REQ0010001',
    exampleValues: { short_description: 'Laptop for a new colleague', correlation_id: 'db-4713' },
    exampleChange: { special_instructions: 'Deliver before Friday' },
    hint: 'Its state follows from its items (sc_req_item).',
    source: 'servicenow-core 11.6',
    readers: ['itil', 'sn_request_read'],
    writers: ['itil', 'sn_request_write'],
    plugin: 'com.glideapp.servicecatalog',
  },
  {
    family: 'requestItem',
    table: 'sc_req_item',
    one: 'a request item',
    many: 'request items',
    prefix: 'RITM',
    exampleNumber: 'RITM0010001',
    exampleValues: { short_description: 'Laptop, 14 inch', request: '6eed229047801200e0ef563dbb9a71c2', quantity: '1' },
    exampleChange: { state: '2' },
    hint: 'Belongs to a service request (field request); its state follows from its tasks.',
    source: 'servicenow-core 11.6',
    readers: ['itil', 'sn_request_read'],
    writers: ['itil', 'sn_request_write'],
    plugin: 'com.glideapp.servicecatalog',
  },
  {
    family: 'incidentTask',
    table: 'incident_task',
    one: 'an incident task',
    many: 'incident tasks',
    prefix: 'TASK',
    exampleNumber: 'TASK0010001',
    exampleValues: { short_description: 'Measure the signal', incident: '1c741bd70b2322007518478d83673af3' },
    exampleChange: { state: '3', close_notes: 'Measured, all well' },
    hint: 'Belongs to an incident (field incident).',
    source: 'servicenow-core 11.2, 11.3',
    readers: ['itil', 'sn_incident_read'],
    writers: ['itil', 'sn_incident_write'],
    plugin: 'com.snc.incident',
  },
  {
    family: 'changeTask',
    table: 'change_task',
    one: 'a change task',
    many: 'change tasks',
    prefix: 'CTASK',
    exampleNumber: 'CTASK0010001',
    exampleValues: {
      short_description: 'Mount the new switch',
      change_request: '1c87925347c12200e0ef563dbb9a7177',
      change_task_type: 'implementation',
    },
    exampleChange: { state: '3', close_code: 'successful', close_notes: 'Mounted' },
    hint: 'Belongs to a change request (field change_request).',
    source: 'servicenow-core 11.5',
    readers: ['itil', 'sn_change_read'],
    writers: ['itil', 'sn_change_write'],
    plugin: 'com.snc.change_management',
  },
  {
    family: 'requestTask',
    table: 'sc_task',
    one: 'a request task',
    many: 'request tasks',
    prefix: 'SCTASK',
    exampleNumber: 'SCTASK0010001',
    exampleValues: { short_description: 'Install the laptop', request_item: 'aeed229047801200e0ef563dbb9a71c2' },
    exampleChange: { state: '3', work_notes: 'Installed' },
    hint: 'Belongs to a request item (field request_item).',
    source: 'servicenow-core 11.6',
    readers: ['itil', 'sn_request_read'],
    writers: ['itil', 'sn_request_write'],
    plugin: 'com.glideapp.servicecatalog',
  },
] as const satisfies readonly TaskFamily[]
