import type { Table } from '../dictionary/dictionary.ts'
import type { Store } from '../records/store.ts'
import { quote, type Runs } from '../storage/database.ts'
import type { Said } from './said.ts'

/** Fields that tell two records of a table apart: where both say the same, they are one. */
const ONCE: Readonly<Record<string, readonly (readonly string[])[]>> = {
  sys_user: [['user_name']],
  sys_user_role: [['name']],
  sys_user_has_role: [['user', 'role']],
  sys_user_role_contains: [['role', 'contains']],
  sys_user_grmember: [['user', 'group']],
  sys_group_has_role: [['group', 'role']],
  sys_properties: [['name']],
}

/**
 * Finds the record that a seed’s record would be a second one of: the user of that name, the grant of that role, the number.
 * @returns its sys_id; undefined where there is none
 */
export async function findSame({ database, dictionary }: Store, runs: Runs, table: Table, said: Said): Promise<string | undefined> {
  const unique = dictionary.definitions.find(({ name }) => name === table.name)?.unique?.map(list => list.split(',')) ?? []
  const numbered = table.number ? [['number']] : []
  for (const fields of [...(ONCE[table.name] ?? []), ...unique, ...numbered]) {
    const texts = fields.map(field => said.values.find(({ column }) => column.name === field)?.text ?? '')
    if (texts.includes('')) continue
    const same = fields.map((field, at) => `lower(${quote(field)}::text) = lower($${at + 1})`).join(' and ')
    const [row] = await runs.run(`select sys_id from ${database.name(table.root)} where ${same} limit 1`, texts)
    if (row) return row[0] ?? undefined
  }
  return undefined
}
