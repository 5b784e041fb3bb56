import { choice, NOTHING, refers, type ShippedTable, text, yesNo } from './definition.ts'

/**
 * Access rules. `name` is `table`, `table.field`, `table.*` or `*`; the table's parents are asked after it. Roles are rows of
 * `sys_security_acl_role`, the condition is an encoded query.
 */
export const sysSecurityAcl: ShippedTable = {
  name: 'sys_security_acl',
  label: 'Access Control',
  source: 'Access control rules (servicenow-core 0.3; servicenow-platform 1)',
  leftOut: 'the fields of `sys_metadata`, which it extends; scripts are not run; rules by field type, `query_range` and the like',
  readers: 'administrators',
  writers: 'administrators',
  display: 'name',
  columns: [
    text('name', 'Name', { maxLength: 255 }),
    choice(
      'operation',
      'Operation',
      [
        ['read', 'read'],
        ['create', 'create'],
        ['write', 'write'],
        ['delete', 'delete'],
        ['execute', 'execute'],
      ],
      { open: true },
    ),
    choice(
      'type',
      'Type',
      [
        ['record', 'record'],
        ['REST_Endpoint', 'REST_Endpoint'],
      ],
      { default: 'record', open: true },
    ),
    yesNo('active', 'Active', 'true'),
    yesNo('admin_overrides', 'Admin overrides', 'true'),
    text('condition', 'Data Condition', { maxLength: 4000 }),
    yesNo('advanced', 'Advanced'),
    text('script', 'Script', { maxLength: 8000 }),
    text('description', 'Description', { maxLength: 1000 }),
  ],
}

export const sysSecurityAclRole: ShippedTable = {
  name: 'sys_security_acl_role',
  label: 'Access Roles',
  source: 'Access control rules (servicenow-core 0.3)',
  leftOut: NOTHING,
  readers: 'administrators',
  writers: 'administrators',
  display: 'sys_user_role',
  indexes: ['sys_security_acl'],
  columns: [refers('sys_security_acl', 'Access Control', 'sys_security_acl'), refers('sys_user_role', 'Role', 'sys_user_role')],
}

/** A role that contains another gives it to whoever has the first. */
export const sysUserRoleContains: ShippedTable = {
  name: 'sys_user_role_contains',
  label: 'Contained Role',
  source: 'Roles (servicenow-platform 7)',
  leftOut: 'the fields of `sys_metadata`, which it extends',
  readers: 'the desk',
  writers: 'administrators',
  display: 'contains',
  indexes: ['role'],
  columns: [refers('role', 'Role', 'sys_user_role'), refers('contains', 'Contains', 'sys_user_role')],
}

export const sysGroupHasRole: ShippedTable = {
  name: 'sys_group_has_role',
  label: 'Group Role',
  source: 'Roles (servicenow-platform 7)',
  leftOut: '`granted_by`',
  readers: 'the desk',
  writers: 'administrators',
  display: 'role',
  indexes: ['group'],
  columns: [refers('group', 'Group', 'sys_user_group'), refers('role', 'Role', 'sys_user_role'), yesNo('inherits', 'Inherits', 'true')],
}
