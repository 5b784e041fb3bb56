import type { Queries } from '../platform/database.ts'
import { sql } from '../platform/sql.ts'

const all = sql`
  select email, made_at as "madeAt", made_by as "madeBy" from exchange.person where role = 'operator' order by email`
const allHeld = sql`select email from exchange.person where role = 'operator' order by email for update`
const alike = sql`select email from exchange.person where lower(email) = lower($1)`
const insert = sql`
  insert into exchange.person (email, password_argon2, role, made_by) values ($1, $2, 'operator', $3) on conflict do nothing`
const setPassword = sql`update exchange.person set password_argon2 = $2 where email = $1 and role = 'operator'`
const remove = sql`
  with places as (delete from exchange.known_place where kind = 'person' and name = $1)
  delete from exchange.person where email = $1 and role = 'operator'`

/** A person of the operator, and who added it when; null where nobody wrote that down. */
export interface OperatorPerson {
  email: string
  madeAt: Date | null
  madeBy: string | null
}

/** The people of the operator, by e-mail address. */
export const readOperators = (queries: Queries) => queries.rows<OperatorPerson>(all)

/** Their e-mail addresses; nobody else adds or removes one of these before this transaction ends. */
export const holdOperators = async (queries: Queries) => (await queries.rows<{ email: string }>(allHeld)).map(({ email }) => email)

/** The address of somebody, of the operator or of a partner, that differs in letter case at most. */
export const findAddressAlike = async (queries: Queries, email: string) => (await queries.row<{ email: string }>(alike, [email]))?.email

/** Inserts a person of the operator; false where the address is taken. */
export const insertOperator = async (queries: Queries, email: string, passwordHash: string, madeBy: string) =>
  (await queries.changed(insert, [email, passwordHash, madeBy])) === 1

/** False where there is no such person. */
export const setOperatorPassword = async (queries: Queries, email: string, passwordHash: string) =>
  (await queries.changed(setPassword, [email, passwordHash])) === 1

/** Removes a person and the places from which it signed in. */
export const deleteOperator = (queries: Queries, email: string) => queries.changed(remove, [email])
