import { hash, verify } from '@node-rs/argon2'
import type { Database } from '../platform/database.ts'
import { ExchangeError } from '../platform/errors.ts'
import { findPerson, recordWrongSecret, wrongSecretsInAMinute } from './sign-in.store.ts'
import { readBasic } from './token-request.ts'

const WRONG_PASSWORDS_A_MINUTE = 10
const LONGEST_NAME = 200

/** A person of the operator who has signed in. */
export interface Operator {
  email: string
}

/** argon2id with the library's defaults (19 MiB, 2 passes): people choose passwords that can be guessed. */
export const hashPassword = (password: string): Promise<string> => hash(password)

/**
 * The operator's people sign in with e-mail address and password (HTTP Basic).
 * @throws ExchangeError sign_in_required
 */
export async function operatorOf(database: Database, authorization: string | null, address: string): Promise<Operator> {
  const basic = readBasic(authorization ?? '')
  const name = basic?.name.replaceAll('\0', '').slice(0, LONGEST_NAME) ?? ''
  if (name && (await wrongSecretsInAMinute(database, `person ${name}`, address)) >= WRONG_PASSWORDS_A_MINUTE)
    throw new ExchangeError('too_many_wrong_secrets', 'Too many wrong passwords for this e-mail address.', { retryAfter: 60 })
  const person = basic && (await findPerson(database, name))
  if (!basic || person?.role !== 'operator' || !(await verify(person.passwordHash, basic.password))) {
    if (name) await recordWrongSecret(database, `person ${name}`, address)
    throw new ExchangeError(
      'sign_in_required',
      basic ? 'The e-mail address or the password is wrong.' : 'This is for people of the operator.',
      {
        headers: { 'www-authenticate': 'Basic realm="Deskbridge operator", charset="UTF-8"' },
      },
    )
  }
  return { email: name }
}
