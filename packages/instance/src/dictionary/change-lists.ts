import { choice, moment, refers, type TableDefinition, text, whole, yesNo } from './definition.ts'

/** What the Change Management API reads and writes beside the changes themselves (contract servicenow-core.md 9.2). */

export const chgModel: TableDefinition = {
  name: 'chg_model',
  label: 'Change Model',
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
export const stdChangeRecordProducer: TableDefinition = {
  name: 'std_change_record_producer',
  label: 'Standard Change Template',
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

const link = (name: string, label: string, field: string, fieldLabel: string, target: string): TableDefinition => ({
  name,
  label,
  display: field,
  indexes: ['task', field],
  columns: [refers('task', 'Task', 'task'), refers(field, fieldLabel, target), yesNo('manually_added', 'Manually added', 'true')],
})

export const taskCi = link('task_ci', 'CIs Affected', 'ci_item', 'Configuration Item', 'cmdb_ci')
export const taskCmdbCiService = link('task_cmdb_ci_service', 'Impacted Services', 'cmdb_ci_service', 'Service', 'cmdb_ci_service')
export const taskServiceOffering = link('task_service_offering', 'Service Offerings', 'service_offering', 'Offering', 'service_offering')

export const conflict: TableDefinition = {
  name: 'conflict',
  label: 'Conflict',
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
export const changeWorker: TableDefinition = {
  name: 'practice_change_worker',
  label: 'Change worker',
  display: 'type',
  columns: [
    text('type', 'Type'),
    text('request', 'Request', { maxLength: 100_000 }),
    whole('state', 'State', { default: '3' }),
    text('messages', 'Messages', { maxLength: 100_000 }),
    text('payload', 'Payload', { maxLength: 100_000 }),
  ],
}
