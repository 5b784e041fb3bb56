import { quote } from '../storage/database.ts'
import type { QueryOperator } from './operators.ts'
import type { Question } from './question.ts'
import type { FieldPlace } from './walk.ts'

type DynamicOption = 'me' | 'one of my groups'

/** Dynamic filter options by their sys_id; two of them are described as *Me* (contract servicenow-core.md 10.2). */
const DYNAMIC_OPTIONS = new Map<string, DynamicOption>([
  ['54635e965f510100a9ad2572f2b4774c', 'me'],
  ['90d1921e5f510100a9ad2572f2b477fe', 'me'],
  ['d6435e965f510100a9ad2572f2b47744', 'one of my groups'],
])

/** The record hierarchies that every instance has, by the table that refers to itself; the name is the UI's. */
const HIERARCHIES: Readonly<Record<string, { readonly name: string; readonly field: string }>> = {
  cmn_department: { name: 'department', field: 'parent' },
  cmn_location: { name: 'location', field: 'parent' },
  sys_user: { name: 'user', field: 'manager' },
}

/** The operators that only references have (contract servicenow-core.md 10.2). */
export function referenceCondition(place: FieldPlace, operator: QueryOperator, value: string, question: Question): string | undefined {
  switch (operator) {
    case 'dynamic': {
      const keys = dynamicKeys(value, question)
      return keys && `${place.sql} in (${keys})`
    }
    case 'in hierarchy':
    case 'in dynamic hierarchy': {
      const at = value.indexOf('@')
      const id = value.slice(at + 1)
      const top = operator === 'in dynamic hierarchy' ? dynamicKeys(id, question) : `select ${question.parameters.add(id, 'text')}`
      return top && at >= 0 ? inHierarchy(place, value.slice(0, at), top, question) : undefined
    }
    default:
      return undefined
  }
}

function dynamicKeys(option: string, { caller, parameters, database }: Question): string | undefined {
  switch (DYNAMIC_OPTIONS.get(option)) {
    case 'me':
      return `select ${parameters.add(caller.sysId, 'text')}`
    case 'one of my groups':
      return `select g."group" from ${database.name('sys_user_grmember')} g where g."user" = ${parameters.add(caller.sysId, 'text')}`
    default:
      return undefined
  }
}

/** The top and all below it; `union` ends where a record is its own grandparent. */
function inHierarchy({ sql, column }: FieldPlace, name: string, top: string, { database, dictionary }: Question): string | undefined {
  const target = dictionary.table(column.reference ?? '')
  const hierarchy = target && HIERARCHIES[target.root]
  if (column.type !== 'reference' || !hierarchy || (name !== hierarchy.name && name !== hierarchy.field)) return undefined
  const table = database.name(target.root)
  return `${sql} in (with recursive b (k) as (select k collate "C" from (${top}) a (k)
    union select c.sys_id from b join ${table} c on c.${quote(hierarchy.field)} = b.k) select k from b)`
}
