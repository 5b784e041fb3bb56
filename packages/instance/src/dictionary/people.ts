import { choice, moment, refers, type ShippedTable, text, yesNo } from './definition.ts'

/** Contract servicenow-core.md 8.3. */
export const sysUser: ShippedTable = {
  name: 'sys_user',
  label: 'User',
  source: 'Users and groups (servicenow-core 8.3; servicenow-platform 4, 7)',
  leftOut:
    '`middle_name`, address, further telephones, language, `time_format`, `schedule`, `cost_center`, photo, directory and counts of sign-ins; a password is neither written nor shown',
  readers: 'everybody',
  writers: 'administrators',
  domain: true,
  audited: true,
  display: 'name',
  indexes: ['company', 'sys_updated_on,sys_id'],
  lookups: ['user_name', 'email', 'name'],
  textIndex: ['name', 'user_name', 'email', 'title'],
  columns: [
    text('user_name', 'User ID', { maxLength: 40 }),
    text('name', 'Name', { readOnly: true }),
    text('first_name', 'First name', { maxLength: 50 }),
    text('last_name', 'Last name', { maxLength: 50 }),
    text('email', 'Email', { maxLength: 100 }),
    yesNo('active', 'Active', 'true'),
    yesNo('locked_out', 'Locked out'),
    text('title', 'Title', { maxLength: 60 }),
    refers('department', 'Department', 'cmn_department'),
    refers('manager', 'Manager', 'sys_user'),
    refers('company', 'Company', 'core_company'),
    refers('location', 'Location', 'cmn_location'),
    text('phone', 'Business phone', { maxLength: 40 }),
    text('mobile_phone', 'Mobile phone', { maxLength: 40 }),
    text('time_zone', 'Time zone'),
    text('date_format', 'Date format'),
    yesNo('web_service_access_only', 'Web service access only'),
    yesNo('internal_integration_user', 'Internal Integration User'),
    yesNo('vip', 'VIP'),
    text('employee_number', 'Employee number', { maxLength: 40 }),
    moment('last_login_time', 'Last login time'),
    { name: 'user_password', label: 'Password', type: 'password', readOnly: true },
  ],
}

export const sysUserGroup: ShippedTable = {
  name: 'sys_user_group',
  label: 'Group',
  source: 'Users and groups (servicenow-core 8.3; servicenow-platform 7)',
  leftOut: '`cost_center`, `default_assignee`, `points`, `roles`, `source`; `type` is text, no list',
  readers: 'everybody',
  writers: 'administrators',
  display: 'name',
  lookups: ['name'],
  columns: [
    text('name', 'Name', { maxLength: 80 }),
    text('description', 'Description', { maxLength: 1000 }),
    yesNo('active', 'Active', 'true'),
    refers('manager', 'Manager', 'sys_user'),
    refers('company', 'Company', 'core_company'),
    text('email', 'Group email', { maxLength: 100 }),
    refers('parent', 'Parent', 'sys_user_group'),
    text('type', 'Type'),
    yesNo('include_members', 'Include members'),
    yesNo('exclude_manager', 'Exclude manager'),
  ],
}

export const sysUserGrmember: ShippedTable = {
  name: 'sys_user_grmember',
  label: 'Group Member',
  source: 'Users and groups (servicenow-core 8.3; servicenow-platform 7)',
  leftOut: '`scrum_role`, `points`',
  readers: 'the desk',
  writers: 'administrators',
  display: 'user',
  indexes: ['user', 'group'],
  columns: [refers('user', 'User', 'sys_user'), refers('group', 'Group', 'sys_user_group')],
}

export const sysUserRole: ShippedTable = {
  name: 'sys_user_role',
  label: 'Role',
  source: 'Roles (servicenow-platform 7)',
  leftOut:
    'the fields of `sys_metadata`, which it extends; `suffix`, `elevated_privilege`, `grantable`, `can_delegate`, `assignable_by`, `includes_roles`, `requires_subscription`, `scoped_admin`',
  readers: 'the desk',
  writers: 'administrators',
  display: 'name',
  lookups: ['name'],
  columns: [text('name', 'Name', { maxLength: 100 }), text('description', 'Description', { maxLength: 1000 })],
}

export const sysUserHasRole: ShippedTable = {
  name: 'sys_user_has_role',
  label: 'User Role',
  source: 'Roles (servicenow-core 8.3; servicenow-platform 7)',
  leftOut: '`included_in_role`, `included_in_role_instance`, `inh_count`, `inh_map`; rows for roles that come by a group or another role',
  readers: 'the desk',
  writers: 'administrators',
  display: 'role',
  indexes: ['user'],
  columns: [
    refers('user', 'User', 'sys_user'),
    refers('role', 'Role', 'sys_user_role'),
    refers('granted_by', 'Granted by', 'sys_user_group'),
    yesNo('inherited', 'Inherited'),
    choice('state', 'State', [['active', 'Active']], { default: 'active' }),
  ],
}
