import { type ColumnDefinition, choice, moment, NOTHING, refers, type ShippedTable, text, whole, yesNo } from './definition.ts'

/** What the Change Management API reads and writes beside the changes themselves (contract servicenow-core.md 9.2). */

export const chgModel: ShippedTable = {
  name: 'chg_model',
  label: 'Change Model',
  source: 'Change Management API, models (servicenow-core 9.2)',
  leftOut:
    'its parent `sttrm_model` and the states, transitions and conditions of a model as rows: those here tell of the flows and change nothing',
  readers: 'everybody',
  writers: 'administrators',
  display: 'name',
  columns: [
    text('name', 'Name', { maxLength: 100 }),
    text('description', 'Description', { maxLength: 1000 }),
    yesNo('active', 'Active', 'true'),
    yesNo('available_in_ui', 'Available in UI', 'true'),
    text('color', 'Color', { maxLength: 40 }),
    yesNo('default_change_model', 'Default change model'),
    text('record_preset', 'Record preset', { maxLength: 4000 }),
    text('state_field', 'State field', { default: 'state' }),
    text('table_name', 'Table name', { default: 'change_request' }),
  ],
}

/** A template for standard changes; what it presets is an encoded list of values in `template`. */
export const stdChangeRecordProducer: ShippedTable = {
  name: 'std_change_record_producer',
  label: 'Standard Change Template',
  source: 'Standard change catalogue (servicenow-core 9.2; servicenow-platform 6)',
  leftOut:
    'its parents, from `sc_cat_item_producer` up; `retired`, `available_in_ui`, `color`, counts of what went well; `template` is text, no reference; versions',
  readers: 'everybody',
  writers: 'administrators',
  display: 'name',
  number: { prefix: 'STDCHG', first: 1_001 },
  columns: [
    text('number', 'Number', { maxLength: 40 }),
    text('name', 'Name', { maxLength: 100 }),
    text('short_description', 'Short description', { maxLength: 160 }),
    text('description', 'Description', { maxLength: 4000 }),
    text('category', 'Category'),
    yesNo('active', 'Active', 'true'),
    text('template', 'Template', { maxLength: 4000 }),
    refers('current_version', 'Current version', 'std_change_producer_version'),
  ],
}

/** A table of which each row ties a task to a record of another table. */
const link = (row: Pick<ShippedTable, 'name' | 'label' | 'leftOut'>, other: ColumnDefinition): ShippedTable => ({
  ...row,
  source: 'Change Management API, items and services of a change (servicenow-core 9.2)',
  readers: 'the desk',
  writers: 'the desk',
  display: other.name,
  indexes: ['task', other.name],
  columns: [refers('task', 'Task', 'task'), other, yesNo('manually_added', 'Manually added', 'true')],
})

export const taskCi = link(
  { name: 'task_ci', label: 'CIs Affected', leftOut: 'proposed changes of an item' },
  refers('ci_item', 'Configuration Item', 'cmdb_ci'),
)
export const taskCmdbCiService = link(
  { name: 'task_cmdb_ci_service', label: 'Impacted Services', leftOut: NOTHING },
  refers('cmdb_ci_service', 'Service', 'cmdb_ci_service'),
)
export const taskServiceOffering = link(
  { name: 'task_service_offering', label: 'Service Offerings', leftOut: NOTHING },
  refers('service_offering', 'Offering', 'service_offering'),
)

export const conflict: ShippedTable = {
  name: 'conflict',
  label: 'Conflict',
  source: 'Change Management API, conflicts (servicenow-core 9.2)',
  leftOut: 'every kind but the same item at the same time: windows for maintenance and blackout, related items, people',
  readers: 'the desk',
  writers: 'nobody',
  display: 'type',
  indexes: ['change'],
  columns: [
    refers('change', 'Change', 'change_request'),
    refers('configuration_item', 'Configuration item', 'cmdb_ci'),
    refers('conflicting_change', 'Conflicting change', 'change_request'),
    choice('type', 'Type', [['ci_already_scheduled', 'CI already scheduled']]),
    moment('last_checked', 'Last checked'),
  ],
}

/** An asynchronous piece of work of the API. Not ServiceNow's own table, whose name is not documented. */
export const changeWorker: ShippedTable = {
  name: 'practice_change_worker',
  label: 'Change worker',
  source: 'ours: the name of ServiceNow’s table is not documented (servicenow-core 9.4)',
  leftOut: NOTHING,
  readers: 'the desk',
  writers: 'nobody',
  display: 'type',
  columns: [
    text('type', 'Type'),
    text('request', 'Request', { maxLength: 100_000 }),
    whole('state', 'State', { default: '3' }),
    text('messages', 'Messages', { maxLength: 100_000 }),
    text('payload', 'Payload', { maxLength: 100_000 }),
  ],
}
