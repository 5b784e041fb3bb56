import type { Database } from '../platform/database.ts'
import { ExchangeError } from '../platform/errors.ts'
import type { UnknownCaller } from '../platform/http-settings.ts'
import type { Guesses } from './guesses.ts'
import { findOperatorToken, OPERATOR_TOKEN } from './operator-tokens.store.ts'
import type { Passwords } from './passwords.ts'
import { sha256 } from './secrets.ts'
import { findPerson } from './sign-in.store.ts'
import { readBasic } from './token-request.ts'

/** Who has signed in on the operator’s side. */
export interface Operator {
  /** Who is written down beside what it changes: a person’s e-mail address, or `token NAME`. */
  name: string
  kind: 'person' | 'token'
}

/** The operator’s people, who sign in with e-mail address and password at each call, and its tokens. Both are looked up at each call. */
export interface Operators {
  /**
   * Who signs in with this Authorization header: a person (HTTP Basic), or a token (Bearer), which may change something only when its scope
   * is `write`.
   * @throws ExchangeError sign_in_required, too_many_wrong_secrets, read_only_token, exchange_unavailable
   */
  findOperator(call: UnknownCaller): Promise<Operator>
  /** The same for people alone. @throws ExchangeError person_required for a token that is good for other things */
  findPerson(call: UnknownCaller): Promise<Operator>
}

/** The operator's people. Whoever is none of them hears the same, after the same work, as one of them whose password is wrong. */
export function openOperators(database: Database, guesses: Guesses, passwords: Passwords): Operators {
  async function findByPassword(name: string, password: string, address: string): Promise<Operator> {
    const operator = await guesses.check({ kind: 'person', name, secret: password, address }, async (email, known) => {
      const person = await findPerson(database, email)
      const stored = person?.role === 'operator' ? person.passwordHash : undefined
      return (await passwords.matches(password, stored, known)) ? { name: email, kind: 'person' as const } : undefined
    })
    if (!operator) throw signInRequired('The e-mail address or the password is wrong.')
    return operator
  }

  /** A token has no name of its own in the header: what is counted beside the network is the token's hash. */
  async function findByToken(token: string, { address, reads }: UnknownCaller): Promise<Operator> {
    const hash = sha256(token)
    const found = await guesses.check({ kind: 'token', name: hash.toString('hex'), secret: '', address }, () =>
      findOperatorToken(database, hash),
    )
    if (!found) throw signInRequired('The token is unknown, has ended or was revoked.')
    if (!reads && found.scope !== 'write') throw new ExchangeError('read_only_token', `The token "${found.name}" may only read.`)
    return { name: `token ${found.name}`, kind: 'token' }
  }

  async function findOperator(call: UnknownCaller): Promise<Operator> {
    const token = OPERATOR_TOKEN.exec(call.authorization ?? '')?.[1]
    if (token) return findByToken(token, call)
    const basic = readBasic(call.authorization ?? '')
    if (!basic) throw signInRequired('This is for people of the operator, and for its tokens.')
    return findByPassword(basic.name, basic.password, call.address)
  }

  return {
    findOperator,
    async findPerson(call) {
      const operator = await findOperator({ ...call, reads: true })
      if (operator.kind !== 'person') throw new ExchangeError('person_required', `A person of the operator does this, no ${operator.name}.`)
      return operator
    },
  }
}

const signInRequired = (message: string) =>
  new ExchangeError('sign_in_required', message, {
    headers: { 'www-authenticate': 'Basic realm="Deskbridge operator", charset="UTF-8"' },
  })
