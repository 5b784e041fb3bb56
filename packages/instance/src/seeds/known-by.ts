import type { Column } from '../dictionary/dictionary.ts'
import type { Store } from '../records/store.ts'
import { quote, type Runs } from '../storage/database.ts'
import { isSysId } from '../sys-id.ts'

/** A reference of a seed as sys_ids, or why it is none. */
export type Meant = { readonly sysIds: string } | { readonly why: string }

/** What people know a record by, beside what it shows. */
const KNOWN_BY: Readonly<Record<string, readonly string[]>> = { sys_user: ['user_name', 'email'] }

/**
 * Finds the record that a reference means, or each of a list: by sys_id, by what it shows, a user by user name or e-mail too. What
 * could be two records is none: a seed does not guess.
 */
export async function findMeant(store: Store, runs: Runs, column: Column, text: string): Promise<Meant> {
  const names = column.type === 'list' ? text.split(',').map(one => one.trim()) : [text]
  const sysIds: string[] = []
  for (const name of names) {
    const one = await findOne(store, runs, column, name)
    if ('why' in one) return one
    sysIds.push(one.sysIds)
  }
  return { sysIds: sysIds.join(',') }
}

async function findOne({ database, dictionary }: Store, runs: Runs, column: Column, name: string): Promise<Meant> {
  const target = column.reference === undefined ? undefined : dictionary.table(column.reference)
  // What refers to a table that is not here, or by a name, keeps its text.
  if (name === '' || isSysId(name) || !target || column.key !== undefined) return { sysIds: name }
  const fields = [target.display, ...(KNOWN_BY[target.name] ?? [])]
  const known = fields.map(field => `lower(${quote(field)}::text) = lower($1)`).join(' or ')
  const classes = target.extendable ? ' and sys_class_name = any($2::text[])' : ''
  const found = await runs.run(
    `select sys_id from ${database.name(target.root)} where (${known})${classes} limit 2`,
    target.extendable ? [name, target.classes] : [name],
  )
  const [one, other] = found.map(([sysId]) => sysId ?? '')
  const called = `the ${fields.join(', ')} ${JSON.stringify(name)}`
  if (one === undefined) return { why: `it is not understood, no record of ${target.name} has ${called}` }
  return other === undefined ? { sysIds: one } : { why: `several records of ${target.name} have ${called}; give a sys_id` }
}
