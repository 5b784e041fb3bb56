import { addOperator, checkNewOperator, type NewOperator } from '../operators/index.ts'
import { CannotStart } from '../platform/data-folder.ts'
import { ExchangeError } from '../platform/errors.ts'
import type { Settings } from '../settings.ts'
import { openPasswords } from '../sign-in/index.ts'
import { onDatabase } from './on-database.ts'

const OTHERWISE = ' Or ask a running exchange as a person, with --as EMAIL.'

/**
 * Adds a person of the operator on the machine that reaches the database: whoever may write there needs nobody's password.
 * @param madeBy who did it, as it is shown beside the person
 * @throws CannotStart with a sentence for the person who asked
 */
export async function addOperatorHere(settings: Settings, person: NewOperator, madeBy: string): Promise<void> {
  await inSentences(async () => checkNewOperator(person))
  const passwords = openPasswords(() => {})
  try {
    await onDatabase(settings, database => inSentences(() => addOperator(database, passwords, person, madeBy)), OTHERWISE)
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
