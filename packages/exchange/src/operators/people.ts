import { z } from 'zod'
import type { Database, Queries } from '../platform/database.ts'
import { ExchangeError } from '../platform/errors.ts'
import { checked, pathPart, textUpTo } from '../platform/json-input.ts'
import type { Passwords } from '../sign-in/index.ts'
import { endTokensOf } from './operator-tokens.store.ts'
import { deleteOperator, findAddressAlike, holdOperators, insertOperator, setOperatorPassword } from './people.store.ts'

const LONGEST_ADDRESS = 200
const SHORTEST_PASSWORD = 12
const LONGEST_PASSWORD = 200

/** The e-mail address of a person, as it is kept: a colon would end it in HTTP Basic. */
const emailAddress = pathPart(LONGEST_ADDRESS).refine(text => /^[^\s:@]+@[^\s:@]+$/.test(text), {
  message: 'must be an e-mail address',
})

/** A new password. Its length is all that is asked of it. */
export const newPassword = textUpTo(LONGEST_PASSWORD)
  .refine(text => text.length >= SHORTEST_PASSWORD, { message: `must have at least ${SHORTEST_PASSWORD} characters` })
  .describe(`At least ${SHORTEST_PASSWORD} characters; kept as argon2id, never shown again`)

export const personInput = z.object({ email: emailAddress, password: newPassword })

/** A person to be. */
export type NewOperator = z.output<typeof personInput>

/** Refuses an address that is none, and a password that is too short. @throws ExchangeError invalid_field */
export const checkNewOperator = (person: NewOperator): NewOperator => checked(personInput, person)

/** Adds a person of the operator. @throws ExchangeError name_taken */
export async function addOperator(
  database: Queries,
  passwords: Pick<Passwords, 'hash'>,
  { email, password }: NewOperator,
  madeBy: string,
): Promise<void> {
  const taken = (await findAddressAlike(database, email)) !== undefined
  if (taken || !(await insertOperator(database, email, await passwords.hash(password), madeBy)))
    throw new ExchangeError('name_taken', `Somebody has the e-mail address ${email} already.`)
}

/** Gives a person another password; with the old one nobody signs in any more, in every process. @throws ExchangeError not_found */
export async function changePassword(database: Database, passwords: Passwords, { email, password }: NewOperator): Promise<void> {
  if (!(await setOperatorPassword(database, email, await passwords.hash(password)))) throw noSuchPerson(email)
}

/**
 * Removes a person and ends the tokens that it made, which it may have kept a copy of; their names.
 * @throws ExchangeError not_found, last_operator
 */
export function removeOperator(database: Database, email: string): Promise<string[]> {
  return database.transaction(async queries => {
    const all = await holdOperators(queries)
    if (!all.includes(email)) throw noSuchPerson(email)
    if (all.length === 1) throw new ExchangeError('last_operator', `${email} is the only person of the operator.`)
    await deleteOperator(queries, email)
    return endTokensOf(queries, email)
  })
}

const noSuchPerson = (email: string) => new ExchangeError('not_found', `There is no person of the operator with the address ${email}.`)
