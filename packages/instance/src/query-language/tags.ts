import type { QueryOperator } from './operators.ts'
import type { Question } from './question.ts'

/** `sys_tags.{id}={id}`: whether a tag hangs on the record (contract servicenow-core.md 10.2). */
export function tagged(path: string, operator: QueryOperator, value: string, { database, parameters }: Question): string | undefined {
  const tag = path.slice('sys_tags.'.length)
  if (tag !== value || (operator !== 'is' && operator !== 'without tag')) return undefined
  const found = `exists (select from ${database.name('label_entry')} e where e.table_key = t.sys_id and e.label = ${parameters.add(tag, 'text')})`
  return operator === 'is' ? found : `not ${found}`
}
