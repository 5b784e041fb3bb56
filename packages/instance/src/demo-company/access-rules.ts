import type { Operation } from '../caller/access-rules.ts'
import { fixedSysId } from '../sys-id.ts'
import type { DemoRecord } from './records.ts'

interface Rule {
  readonly name: string
  readonly operations: readonly Operation[]
  /** Without any, everybody. */
  readonly roles?: readonly string[]
  readonly condition?: string
  readonly script?: string
  /** Not even an administrator gets past it. */
  readonly strict?: boolean
}

const ALL: readonly Operation[] = ['read', 'create', 'write', 'delete']
const WRITES: readonly Operation[] = ['create', 'write', 'delete']

/** They read every record and write every ticket: the desk, and the exchange that stands for the partners. */
const FULFILLERS = ['itil', 'deskbridge_integration']

const OWN_TICKETS = ['opened_by', 'ref_incident.caller_id', 'ref_sc_request.requested_for', 'ref_sc_req_item.requested_for']
  .map(field => `${field}=javascript:gs.getUserID()`)
  .join('^OR')

const READABLE_BY_ALL = [
  'core_company',
  'cmn_location',
  'cmn_department',
  'sys_user',
  'sys_user_group',
  'cmdb_ci',
  'cmdb_rel_ci',
  'cmdb_rel_type',
  'chg_model',
  'std_change_record_producer',
  'sc_catalog',
  'sc_category',
  'sc_cat_item',
  'sys_choice',
  'sys_glide_object',
]
/** History is written by saves, attachments and conflicts by their own API; the dictionary is code, and its rows only tell of it. */
const WRITTEN_BY_NOBODY = [
  'sys_journal_field',
  'sys_audit',
  'sys_audit_delete',
  'sys_attachment',
  'sys_db_object',
  'sys_dictionary',
  'sys_dictionary_override',
  'sys_glide_object',
  'sys_choice',
  'conflict',
  'practice_change_worker',
]
/** What hangs on tickets and items is the desk's to write, like them. */
const WRITTEN_BY_THE_DESK = ['cmdb_ci', 'cmdb_rel_ci', 'task_ci', 'task_cmdb_ci_service', 'task_service_offering']

/** The rules that every instance begins with; what none of them names is the administrator's to write and the desk's to read. */
const RULES: readonly Rule[] = [
  { name: '*', operations: ['read'], roles: FULFILLERS },
  { name: '*', operations: WRITES, roles: ['admin'] },
  { name: 'task', operations: ALL, roles: FULFILLERS },
  { name: 'task', operations: ['read'], condition: OWN_TICKETS },
  ...['work_notes', 'comments_and_work_notes', 'work_notes_list'].map(
    (field): Rule => ({ name: `task.${field}`, operations: ['read'], roles: FULFILLERS }),
  ),
  { name: 'sysapproval_approver', operations: ALL, roles: FULFILLERS },
  { name: 'sysapproval_approver', operations: ['read', 'write'], condition: 'approver=javascript:gs.getUserID()' },
  ...READABLE_BY_ALL.map((name): Rule => ({ name, operations: ['read'] })),
  ...WRITTEN_BY_THE_DESK.map((name): Rule => ({ name, operations: WRITES, roles: FULFILLERS })),
  ...WRITTEN_BY_NOBODY.map((name): Rule => ({ name, operations: WRITES, roles: ['nobody'], strict: true })),
  { name: 'sys_attachment', operations: ['read'], roles: FULFILLERS },
  {
    name: 'sys_attachment',
    operations: ['read'],
    script: 'answer = recordIsReadable(current.table_name, current.table_sys_id);',
  },
  ...[
    'sys_security_acl',
    'sys_security_acl_role',
    'oauth_entity',
    'oauth_credential',
    'api_key',
    'sys_rate_limit_rules',
    'sys_rate_limit_violations',
    'practice_wake_up',
  ].map((name): Rule => ({ name, operations: ['read'], roles: ['admin'] })),
]

const roleId = (name: string) => fixedSysId(`demo sys_user_role ${name}`)

function records(rule: Rule): DemoRecord[] {
  const { name, operations, roles = [], condition, script, strict } = rule
  return operations.flatMap(operation => {
    const sysId = fixedSysId(`access ${name} ${operation} ${roles.join(' ')}`)
    const values = {
      name,
      operation,
      ...(condition === undefined ? {} : { condition }),
      ...(script === undefined ? {} : { advanced: 'true', script }),
      ...(strict ? { admin_overrides: 'false' } : {}),
    }
    return [
      { table: 'sys_security_acl', sysId, values },
      ...roles.map(role => ({
        table: 'sys_security_acl_role',
        sysId: fixedSysId(`access role ${sysId} ${role}`),
        values: { sys_security_acl: sysId, sys_user_role: roleId(role) },
      })),
    ]
  })
}

const nobody: DemoRecord = {
  table: 'sys_user_role',
  sysId: roleId('nobody'),
  values: { name: 'nobody', description: 'What only this role may do, nobody may' },
}

export const ACCESS_RULES: readonly DemoRecord[] = [nobody, ...RULES.flatMap(records)]
