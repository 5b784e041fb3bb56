import { STORY_RECORDS } from '../demo-company/story.ts'
import { tooBusy } from '../refusals/practice.ts'
import { runAlone } from '../storage/alone.ts'
import type { Transaction } from '../storage/database.ts'
import { writeDictionaryRows } from '../storage/dictionary-rows.ts'
import { type Made, sequence } from '../storage/schema.ts'
import { type Filling, fillSchema } from './fill-schema.ts'
import { loadRecords } from './load.ts'
import { readSetup, type Setup } from './setup.ts'

/** Tables that a reset leaves as they are. */
const KEPT = new Set(['practice_setup', 'oauth_entity', 'api_key'])

/** The records that a schema begins with. */
export async function fillInstance(filling: Filling, transaction: Transaction, { demo, records }: Setup, made?: Made): Promise<void> {
  await writeDictionaryRows(filling.database, filling.dictionary, transaction)
  await fillSchema(filling, transaction, demo, made)
  if (made?.schema === false) return
  if (demo) await loadRecords(filling, transaction, STORY_RECORDS, 'all')
  for (const some of records) await loadRecords(filling, transaction, some, 'all')
}

/**
 * Brings all records back to what the schema began with. Passwords and OAuth clients stay, tokens end. Reads and writes wait
 * meanwhile (exclusive locks), and find the instance as it was in the beginning.
 */
export async function resetRecords(filling: Filling): Promise<void> {
  const { database } = filling
  await runAlone(database, {
    neverFree: tooBusy,
    tables: async transaction =>
      (await transaction.run('select tablename from pg_tables where schemaname = $1', [database.schemaName]))
        .map(([name]) => name ?? '')
        .filter(name => !KEPT.has(name))
        .map(name => database.name(name)),
    first: async ({ client }, tables) => {
      await client.query(`create temporary table kept_passwords on commit drop as
        select user_name, user_password from ${database.name('sys_user')} where user_password is not null`)
      await client.query(`truncate ${tables.join(', ')} restart identity`)
      for (const { number } of filling.dictionary.definitions)
        if (number) await client.query(`alter sequence ${sequence(database, number.prefix)} restart`)
    },
    rest: async transaction => {
      const setup = await readSetup(database, transaction)
      if (!setup) throw new Error('This schema was made by a version that did not remember how; it cannot be reset')
      await fillInstance(filling, transaction, setup)
      await transaction.client.query(
        `update ${database.name('sys_user')} u set user_password = k.user_password from kept_passwords k where k.user_name = u.user_name`,
      )
    },
  })
}
