import type { Database } from '../platform/database.ts'
import { ExchangeError } from '../platform/errors.ts'
import type { Guesses } from './guesses.ts'
import type { Passwords } from './passwords.ts'
import { findPerson } from './sign-in.store.ts'
import { readBasic } from './token-request.ts'

/** A person of the operator who has signed in. */
export interface Operator {
  email: string
}

/** The operator’s people, who sign in with e-mail address and password at each call. */
export interface Operators {
  /**
   * Who signs in with this Authorization header (HTTP Basic: e-mail address and password), from this address.
   * @throws ExchangeError sign_in_required, too_many_wrong_secrets, exchange_unavailable
   */
  findOperator(authorization: string | null, address: string): Promise<Operator>
}

/** The operator's people. Whoever is none of them hears the same, after the same work, as one of them whose password is wrong. */
export function openOperators(database: Database, guesses: Guesses, passwords: Passwords): Operators {
  return {
    async findOperator(authorization, address) {
      const basic = readBasic(authorization ?? '')
      if (!basic) throw signInRequired('This is for people of the operator.')
      const operator = await guesses.check({ kind: 'person', name: basic.name, secret: basic.password, address }, async (email, known) => {
        const person = await findPerson(database, email)
        const stored = person?.role === 'operator' ? person.passwordHash : undefined
        return (await passwords.matches(basic.password, stored, known)) ? { email } : undefined
      })
      if (!operator) throw signInRequired('The e-mail address or the password is wrong.')
      return operator
    },
  }
}

const signInRequired = (message: string) =>
  new ExchangeError('sign_in_required', message, {
    headers: { 'www-authenticate': 'Basic realm="Deskbridge operator", charset="UTF-8"' },
  })
