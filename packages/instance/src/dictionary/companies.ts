import { day, refers, type TableDefinition, text, yesNo } from './definition.ts'

export const coreCompany: TableDefinition = {
  name: 'core_company',
  label: 'Company',
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
export const customerAccount: TableDefinition = {
  name: 'customer_account',
  label: 'Account',
  parent: 'core_company',
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

export const cmnLocation: TableDefinition = {
  name: 'cmn_location',
  label: 'Location',
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

export const cmnDepartment: TableDefinition = {
  name: 'cmn_department',
  label: 'Department',
  display: 'name',
  lookups: ['name'],
  columns: [
    text('name', 'Name', { maxLength: 100 }),
    text('id', 'ID', { maxLength: 40 }),
    refers('company', 'Company', 'core_company'),
    refers('dept_head', 'Department head', 'sys_user'),
  ],
}
