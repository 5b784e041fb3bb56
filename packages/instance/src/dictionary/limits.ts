import { moment, refers, type TableDefinition, text, whole, yesNo } from './definition.ts'

/** Contract servicenow-core.md 2.7, which has the name of the table only; the fields are ours. */
export const sysRateLimitRules: TableDefinition = {
  name: 'sys_rate_limit_rules',
  label: 'Rate Limit Rule',
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
export const sysRateLimitViolations: TableDefinition = {
  name: 'sys_rate_limit_violations',
  label: 'Rate Limit Violation',
  display: 'rule',
  unique: ['rule,user,window_start'],
  columns: [
    refers('rule', 'Rule', 'sys_rate_limit_rules', { readOnly: true }),
    refers('user', 'User', 'sys_user', { readOnly: true }),
    moment('window_start', 'Window start', { readOnly: true }),
    whole('violation_count', 'Violations', { readOnly: true }),
  ],
}
