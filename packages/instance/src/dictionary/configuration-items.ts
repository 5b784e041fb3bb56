import { type Choice, choice, level, moment, refers, type ShippedTable, text, whole } from './definition.ts'

/** Where what is known of an item comes from. Administrators add their own, and so does a seed. */
const DISCOVERY_SOURCES: readonly Choice[] = [
  ['ServiceNow', 'ServiceNow'],
  ['Manual Entry', 'Manual Entry'],
  ['Other Automated', 'Other Automated'],
  ['ImportSet', 'Import Set'],
]

export const cmdbCi: ShippedTable = {
  name: 'cmdb_ci',
  label: 'Configuration Item',
  source: 'CMDB Instance API (servicenow-platform 2.2, 2.3)',
  leftOut:
    'its parent `cmdb`; assets, models and what was paid; attestation, life cycle, `environment`, addresses; fewer states than there',
  readers: 'everybody',
  writers: 'the desk',
  extendable: true,
  domain: true,
  audited: true,
  display: 'name',
  indexes: ['company', 'sys_class_name'],
  lookups: ['name'],
  textIndex: ['name', 'short_description', 'serial_number', 'asset_tag'],
  columns: [
    text('name', 'Name', { maxLength: 255 }),
    text('short_description', 'Description', { maxLength: 1000 }),
    refers('company', 'Company', 'core_company'),
    level(
      'operational_status',
      'Operational status',
      [
        ['1', 'Operational'],
        ['2', 'Non-Operational'],
        ['3', 'Repair in Progress'],
        ['6', 'Retired'],
      ],
      { default: '1' },
    ),
    level(
      'install_status',
      'Status',
      [
        ['1', 'Installed'],
        ['2', 'On Order'],
        ['3', 'In Maintenance'],
        ['7', 'Retired'],
      ],
      { default: '1' },
    ),
    refers('assigned_to', 'Assigned to', 'sys_user'),
    refers('support_group', 'Support group', 'sys_user_group'),
    refers('managed_by', 'Managed by', 'sys_user'),
    refers('owned_by', 'Owned by', 'sys_user'),
    refers('location', 'Location', 'cmn_location'),
    text('asset_tag', 'Asset tag', { maxLength: 40 }),
    text('serial_number', 'Serial number', { maxLength: 255 }),
    text('category', 'Category'),
    text('subcategory', 'Subcategory'),
    text('correlation_id', 'Correlation ID', { maxLength: 512 }),
    choice('discovery_source', 'Discovery source', DISCOVERY_SOURCES),
    moment('first_discovered', 'First discovered'),
    moment('last_discovered', 'Most recent discovery'),
  ],
}

export const cmdbCiService: ShippedTable = {
  name: 'cmdb_ci_service',
  label: 'Service',
  parent: 'cmdb_ci',
  source: 'CMDB classes (servicenow-platform 2.2)',
  leftOut: '`aliases`, contacts and owners, price, portfolio and life of a service, its defaults of criticality',
  readers: 'as its parent',
  writers: 'as its parent',
  display: 'name',
  columns: [
    text('busines_criticality', 'Business criticality'),
    text('service_classification', 'Service classification', { default: 'Business Service' }),
    text('used_for', 'Used for'),
    text('number', 'Number', { maxLength: 40 }),
  ],
}

export const serviceOffering: ShippedTable = {
  name: 'service_offering',
  label: 'Offering',
  parent: 'cmdb_ci_service',
  source: 'CMDB classes (servicenow-platform 2.2)',
  leftOut: '`billing`, `contract`, `description`, `order`, `price`, `technical_contact`',
  readers: 'as its parent',
  writers: 'as its parent',
  display: 'name',
  columns: [refers('parent', 'Parent', 'cmdb_ci_service')],
}

export const cmdbCiHardware: ShippedTable = {
  name: 'cmdb_ci_hardware',
  label: 'Hardware',
  parent: 'cmdb_ci',
  source: 'CMDB classes (servicenow-platform 2.2)',
  leftOut:
    '`default_gateway`, `hardware_status`, `hardware_substatus`, `internet_facing`, `most_frequent_user`; `ip_address` and `fqdn` are fields of `cmdb_ci` there',
  readers: 'as its parent',
  writers: 'as its parent',
  display: 'name',
  columns: [text('ip_address', 'IP Address', { maxLength: 255 }), text('fqdn', 'Fully qualified domain name', { maxLength: 255 })],
}

export const cmdbCiComputer: ShippedTable = {
  name: 'cmdb_ci_computer',
  label: 'Computer',
  parent: 'cmdb_ci_hardware',
  source: 'CMDB classes (servicenow-platform 2.2)',
  leftOut: 'processors, disks, chassis, domain and versions of the operating system, `object_id`, `virtual`',
  readers: 'as its parent',
  writers: 'as its parent',
  display: 'name',
  columns: [text('os', 'Operating System', { maxLength: 255 }), whole('ram', 'RAM (MB)')],
}

export const cmdbCiServer: ShippedTable = {
  name: 'cmdb_ci_server',
  label: 'Server',
  parent: 'cmdb_ci_computer',
  source: 'CMDB classes (servicenow-platform 2.2)',
  leftOut: '`dr_backup`, `firewall_status`, `used_for`',
  readers: 'as its parent',
  writers: 'as its parent',
  display: 'name',
  columns: [text('host_name', 'Host name', { maxLength: 255 }), text('classification', 'Classification', { default: 'Production' })],
}

export const cmdbCiNetgear: ShippedTable = {
  name: 'cmdb_ci_netgear',
  label: 'Network Gear',
  parent: 'cmdb_ci_hardware',
  source: 'CMDB classes (servicenow-platform 2.2)',
  leftOut: 'all but `device_type`',
  readers: 'as its parent',
  writers: 'as its parent',
  display: 'name',
  columns: [text('device_type', 'Device type')],
}

/** How two items are related: the first word is what the parent does, the second what the child does. */
export const cmdbRelType: ShippedTable = {
  name: 'cmdb_rel_type',
  label: 'CI Relationship Type',
  source: 'CMDB classes (servicenow-platform 2.2, 2.4)',
  leftOut: 'the fields of `sys_metadata`, which it extends; `end_point`',
  readers: 'everybody',
  writers: 'administrators',
  display: 'name',
  lookups: ['name'],
  columns: [
    text('name', 'Name', { maxLength: 100 }),
    text('parent_descriptor', 'Parent descriptor', { maxLength: 40 }),
    text('child_descriptor', 'Child descriptor', { maxLength: 40 }),
  ],
}

export const cmdbRelCi: ShippedTable = {
  name: 'cmdb_rel_ci',
  label: 'CI Relationship',
  source: 'CMDB Instance API, relations (servicenow-platform 2.2)',
  leftOut: '`percent_outage`, `port`; `connection_strength` is a number here, a word there',
  readers: 'everybody',
  writers: 'the desk',
  display: 'type',
  indexes: ['parent', 'child'],
  columns: [
    refers('parent', 'Parent', 'cmdb_ci'),
    refers('child', 'Child', 'cmdb_ci'),
    refers('type', 'Type', 'cmdb_rel_type'),
    whole('connection_strength', 'Connection strength'),
  ],
}
