import { list, type ShippedTable, text, yesNo } from './definition.ts'

/** For whom something is, as the catalogue asks it: any of the fields that are filled, or all of them. */
export const userCriteria: ShippedTable = {
  name: 'user_criteria',
  label: 'User Criteria',
  source: 'User criteria of the service catalogue (servicenow-catalog 6.2, 8.1)',
  leftOut: 'the fields of `sys_metadata`, which it extends; scripts are not run',
  readers: 'the desk',
  writers: 'administrators',
  display: 'name',
  columns: [
    text('name', 'Name', { maxLength: 100 }),
    yesNo('active', 'Active', 'true'),
    yesNo('match_all', 'Match All'),
    list('user', 'Users', 'sys_user'),
    list('group', 'Groups', 'sys_user_group'),
    list('role', 'Roles', 'sys_user_role'),
    list('company', 'Companies', 'core_company'),
    list('location', 'Locations', 'cmn_location'),
    list('department', 'Departments', 'cmn_department'),
    yesNo('advanced', 'Advanced'),
    text('script', 'Script', { maxLength: 8000 }),
  ],
}
