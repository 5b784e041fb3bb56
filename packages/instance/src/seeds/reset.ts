import { fillSchema, systemCaller } from '../demo-company/load.ts'
import { STORY_RECORDS } from '../demo-company/story.ts'
import type { Practice } from '../practice.ts'
import { quote, type Transaction } from '../storage/database.ts'
import { writeDictionaryRows } from '../storage/dictionary-rows.ts'
import { type Made, sequence } from '../storage/schema.ts'
import { loadRecords } from './load.ts'
import { readSetup, type Setup } from './setup.ts'

/** The records that a schema begins with. */
export async function fill(practice: Practice, transaction: Transaction, { demo, records }: Setup, made?: Made): Promise<void> {
  await writeDictionaryRows(practice.database, practice.dictionary, transaction)
  await fillSchema(practice, transaction, demo, made)
  if (made?.schema === false) return
  if (demo) await loadRecords(practice, transaction, systemCaller(), STORY_RECORDS)
  for (const some of records) await loadRecords(practice, transaction, systemCaller(), some)
}

/** Brings all records back to what the schema began with. Passwords and OAuth clients stay, tokens end. */
export async function reset(practice: Practice): Promise<void> {
  const { database, dictionary } = practice
  await database.transaction(async transaction => {
    const setup = await readSetup(database, transaction)
    if (!setup) throw new Error('This schema was made by a version that did not remember how; it cannot be reset')
    const passwords = await transaction.run(
      `select user_name, user_password from ${database.name('sys_user')} where user_password is not null`,
    )
    const all = await transaction.run(
      "select tablename from pg_tables where schemaname = $1 and tablename not in ('practice_setup', 'oauth_entity', 'api_key')",
      [database.schemaName],
    )
    await transaction.client.query(`truncate ${all.map(([name]) => database.name(name!)).join(', ')} restart identity`)
    for (const { number } of dictionary.definitions)
      if (number) await transaction.client.query(`alter sequence ${sequence(database, number.prefix)} restart`)
    await fill(practice, transaction, setup)
    for (const [userName, hash] of passwords)
      await transaction.run(`update ${database.name('sys_user')} set ${quote('user_password')} = $2 where user_name = $1`, [
        userName ?? '',
        hash ?? '',
      ])
  })
}
