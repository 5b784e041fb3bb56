import { day, refers, type ShippedTable, text, yesNo } from './definition.ts'

export const coreCompany: ShippedTable = {
  name: 'core_company',
  label: 'Company',
  source: 'Account API, the fields of a company (servicenow-csm-order 1.4)',
  leftOut:
    '`state`, `fax_phone`, coordinates, `primary`, `manufacturer`, `rank_tier`, figures of the business, banners, kinds and managers of vendors',
  readers: 'everybody',
  writers: 'administrators',
  extendable: true,
  domain: true,
  audited: true,
  display: 'name',
  indexes: ['parent'],
  lookups: ['name'],
  columns: [
    text('name', 'Name', { maxLength: 80 }),
    yesNo('customer', 'Customer'),
    yesNo('vendor', 'Vendor'),
    yesNo('active', 'Active', 'true'),
    refers('parent', 'Parent', 'core_company'),
    text('street', 'Street', { maxLength: 255 }),
    text('city', 'City', { maxLength: 50 }),
    text('zip', 'Zip / Postal code', { maxLength: 40 }),
    text('country', 'Country', { maxLength: 40 }),
    text('phone', 'Phone', { maxLength: 40 }),
    text('website', 'Website', { maxLength: 1024 }),
    text('notes', 'Notes', { maxLength: 4000 }),
  ],
}

/** The company table of Customer Service Management; in ServiceNow, as here, it extends `core_company`. */
export const customerAccount: ShippedTable = {
  name: 'customer_account',
  label: 'Account',
  parent: 'core_company',
  source: 'Account API (servicenow-csm-order 1.4)',
  leftOut:
    '`account_code`, `account_path`, `partner`, `contact`, `active_escalation`; `primary_contact` refers to a user, not to a `customer_contact`',
  readers: 'as its parent',
  writers: 'as its parent',
  display: 'name',
  number: { prefix: 'ACCT', first: 10_001 },
  columns: [
    text('number', 'Number', { maxLength: 40 }),
    refers('account_parent', 'Account parent', 'customer_account'),
    text('registration_code', 'Registration code', { maxLength: 40 }),
    refers('primary_contact', 'Primary contact', 'sys_user'),
    day('customer_since', 'Customer since'),
  ],
}

export const cmnLocation: ShippedTable = {
  name: 'cmn_location',
  label: 'Location',
  source: 'Users and groups (servicenow-core 8.3, 11.3)',
  leftOut: '`state`, `phone`, `time_zone`, coordinates, `full_name`',
  readers: 'everybody',
  writers: 'administrators',
  display: 'name',
  lookups: ['name'],
  columns: [
    text('name', 'Name', { maxLength: 100 }),
    text('street', 'Street', { maxLength: 255 }),
    text('city', 'City', { maxLength: 50 }),
    text('zip', 'Zip / Postal code', { maxLength: 40 }),
    text('country', 'Country', { maxLength: 40 }),
    refers('company', 'Company', 'core_company'),
    refers('parent', 'Parent', 'cmn_location'),
  ],
}

export const cmnDepartment: ShippedTable = {
  name: 'cmn_department',
  label: 'Department',
  source: 'Users and groups (servicenow-core 8.3)',
  leftOut: '`parent`, `primary_contact`, `business_unit`, `cost_center`, `head_count`',
  readers: 'everybody',
  writers: 'administrators',
  display: 'name',
  lookups: ['name'],
  columns: [
    text('name', 'Name', { maxLength: 100 }),
    text('id', 'ID', { maxLength: 40 }),
    refers('company', 'Company', 'core_company'),
    refers('dept_head', 'Department head', 'sys_user'),
  ],
}
