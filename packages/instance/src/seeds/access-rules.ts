import type { Operation } from '../caller/access-rules.ts'
import type { DemoRecord } from '../demo-company/demo-record.ts'
import type { Readers, ShippedTable, Writers } from '../dictionary/definition.ts'
import { TABLES } from '../dictionary/tables.ts'
import { fixedSysId } from '../sys-id.ts'

interface Rights {
  /** Without any, everybody. */
  readonly roles?: readonly string[]
  /** Not even an administrator gets past it. */
  readonly strict?: boolean
}

interface Rule extends Rights {
  readonly name: string
  readonly operations: readonly Operation[]
  readonly condition?: string
  readonly script?: string
}

const WRITES: readonly Operation[] = ['create', 'write', 'delete']

/** They read every record and write every ticket: the desk, and the exchange that stands for the partners. */
const FULFILLERS = ['itil', 'deskbridge_integration']

/** What stands in a row of the dictionary, as roles; administrators pass every rule but that of nobody. */
const READ_BY: Readonly<Record<Exclude<Readers, 'as its parent'>, Rights>> = {
  everybody: {},
  'the desk': { roles: FULFILLERS },
  administrators: { roles: ['admin'] },
}
const WRITTEN_BY: Readonly<Record<Exclude<Writers, 'as its parent'>, Rights>> = {
  'the desk': { roles: FULFILLERS },
  administrators: { roles: ['admin'] },
  nobody: { roles: ['nobody'], strict: true },
}
/** What no rule names is the desk's to read and the administrator's to write. */
const OTHERWISE = { read: 'the desk', write: 'administrators' } as const

/** The rules of a table; one that says what `*` says is none, unless another one of its name would hide that. */
function rulesOf({ name, readers, writers, alsoFor = [], deskOnly = [] }: ShippedTable): Rule[] {
  const hides = (operation: 'read' | 'write') => alsoFor.some(({ operations }) => operations.includes(operation))
  return [
    ...(readers === 'as its parent' || (readers === OTHERWISE.read && !hides('read'))
      ? []
      : [{ name, operations: ['read'] as const, ...READ_BY[readers] }]),
    ...(writers === 'as its parent' || (writers === OTHERWISE.write && !hides('write'))
      ? []
      : [{ name, operations: WRITES, ...WRITTEN_BY[writers] }]),
    ...alsoFor.map(({ who: _, ...right }) => ({ name, ...right })),
    ...deskOnly.map(field => ({ name: `${name}.${field}`, operations: ['read'] as const, roles: FULFILLERS })),
  ]
}

/** The rules that every instance begins with: those of `*`, and what the rows of the dictionary say. */
const RULES: readonly Rule[] = [
  { name: '*', operations: ['read'], ...READ_BY[OTHERWISE.read] },
  { name: '*', operations: WRITES, ...WRITTEN_BY[OTHERWISE.write] },
  ...TABLES.flatMap(rulesOf),
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

/** All of them, as records. */
export const ACCESS_RULES: readonly DemoRecord[] = [nobody, ...RULES.flatMap(records)]
