import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { addOperator, checkNewOperator, type NewOperator } from '../operators/index.ts'
import { CannotStart } from '../platform/data-folder.ts'
import { ExchangeError } from '../platform/errors.ts'
import type { Settings } from '../settings.ts'
import { openPasswords } from '../sign-in/index.ts'
import { onDatabase } from './on-database.ts'

/**
 * Adds a person of the operator on the machine that reaches the database: whoever may write there needs nobody's password.
 * @param madeBy who did it, as it is shown beside the person
 * @throws CannotStart with a sentence for the person who asked
 */
export async function addOperatorHere(settings: Settings, person: NewOperator, madeBy: string): Promise<void> {
  const { databaseUrl, dataFolder } = settings
  if (!databaseUrl && !existsSync(join(resolve(dataFolder), 'postgres')))
    throw new CannotStart(
      `There is no database in the data folder ${resolve(dataFolder)}. Start the exchange once, name its folder with DESKBRIDGE_DATA, or ask a running exchange as a person, with --as EMAIL.`,
    )
  await inSentences(async () => checkNewOperator(person))
  const passwords = openPasswords(() => {})
  try {
    await onDatabase(settings, database => inSentences(() => addOperator(database, passwords, person, madeBy)))
  } finally {
    await passwords.close()
  }
}

async function inSentences<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    throw error instanceof ExchangeError ? new CannotStart(error.message) : error
  }
}
