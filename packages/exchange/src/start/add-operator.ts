import { addOperator, checkNewOperator, type NewOperator } from '../operators/index.ts'
import { CannotStart } from '../platform/data-folder.ts'
import type { Queries } from '../platform/database.ts'
import { ExchangeError } from '../platform/errors.ts'
import type { Settings } from '../settings.ts'
import { openPasswords } from '../sign-in/index.ts'
import { tellBeside, whoIsHere } from './beside.ts'
import { onDatabase } from './on-database.ts'

const OTHERWISE = ' Or ask a running exchange as a person, with --as EMAIL.'

/**
 * Adds a person of the operator on the machine that reaches the database: whoever may write there needs nobody's password.
 * @throws CannotStart with a sentence for the person who asked
 */
export async function addOperatorHere(settings: Settings, person: NewOperator): Promise<void> {
  await inSentences(async () => checkNewOperator(person))
  const passwords = openPasswords(() => {})
  try {
    const add = async (queries: Queries) => {
      await addOperator(queries, passwords, person, whoIsHere())
      await tellBeside(queries, { command: 'operator add', email: person.email })
    }
    await onDatabase(settings, database => inSentences(() => database.transaction(add)), OTHERWISE)
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
