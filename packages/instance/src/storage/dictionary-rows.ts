import { described } from '../dictionary/described.ts'
import type { Dictionary } from '../dictionary/dictionary.ts'
import { type Database, quote, type Transaction } from './database.ts'

const remembered = new WeakMap<Dictionary, ReturnType<typeof described>>()

/** The rows that describe a dictionary, computed once. */
export function dictionaryRows(dictionary: Dictionary): ReturnType<typeof described> {
  const known = remembered.get(dictionary)
  if (known) return known
  const made = described(dictionary.definitions)
  remembered.set(dictionary, made)
  return made
}

/** Makes the rows of the dictionary tables equal to the dictionary: one statement a table, and a row that stays the same is not touched. */
export async function writeDictionaryRows(database: Database, dictionary: Dictionary, transaction: Transaction): Promise<void> {
  for (const [name, rows] of Object.entries(dictionaryRows(dictionary))) {
    const table = database.name(name)
    const described = [...dictionary.table(name)!.columns.keys()].filter(column => !column.startsWith('sys_')).map(quote)
    const columns = (alias: string) => described.map(column => `${alias}.${column}`).join(', ')
    const set = described.map(column => `${column} = excluded.${column}`).join(', ')
    await transaction.run(
      `with made as (select date_trunc('second', statement_timestamp() at time zone 'UTC') as now),
sent as (select * from jsonb_populate_recordset(null::${table}, $1::jsonb)),
gone as (delete from ${table} where sys_id not in (select sys_id from sent))
insert into ${table} as t (sys_id, ${described.join(', ')}, sys_created_on, sys_created_by, sys_updated_on, sys_updated_by, sys_mod_count)
  select sent.sys_id, ${columns('sent')}, made.now, 'system', made.now, 'system', 0 from sent, made
  on conflict (sys_id) do update set ${set}, sys_updated_on = excluded.sys_updated_on, sys_mod_count = t.sys_mod_count + 1
  where (${columns('t')}) is distinct from (${columns('excluded')})`,
      [JSON.stringify(rows.map(row => Object.fromEntries(Object.entries(row).filter(([, value]) => value !== ''))))],
    )
  }
}
