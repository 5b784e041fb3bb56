import { moment, refers, type ShippedTable, text, whole, yesNo } from './definition.ts'

/** Contract servicenow-core.md 2.7, which has the name of the table only; the fields are ours. */
export const sysRateLimitRules: ShippedTable = {
  name: 'sys_rate_limit_rules',
  label: 'Rate Limit Rule',
  source: 'Inbound REST API rate limiting (servicenow-core 2.7)',
  leftOut: 'its fields: only the name of the table is documented, they are ours',
  readers: 'administrators',
  writers: 'administrators',
  display: 'name',
  columns: [
    text('name', 'Name', { maxLength: 100 }),
    yesNo('active', 'Active', 'true'),
    text('rest_api', 'REST API', { maxLength: 100 }),
    text('method', 'HTTP method', { maxLength: 10 }),
    text('resource_path', 'Resource path', { maxLength: 255 }),
    refers('user', 'User', 'sys_user'),
    refers('role', 'Role', 'sys_user_role'),
    whole('request_limit_per_hour', 'Request limit per hour', { default: '1000' }),
  ],
}

/** How often somebody came too often, by rule and hour. */
export const sysRateLimitViolations: ShippedTable = {
  name: 'sys_rate_limit_violations',
  label: 'Rate Limit Violation',
  source: 'Inbound REST API rate limiting (servicenow-core 2.7)',
  leftOut: 'its fields, which are ours',
  readers: 'administrators',
  writers: 'administrators',
  display: 'rule',
  unique: ['rule,user,window_start'],
  columns: [
    refers('rule', 'Rule', 'sys_rate_limit_rules', { readOnly: true }),
    refers('user', 'User', 'sys_user', { readOnly: true }),
    moment('window_start', 'Window start', { readOnly: true }),
    whole('violation_count', 'Violations', { readOnly: true }),
  ],
}
