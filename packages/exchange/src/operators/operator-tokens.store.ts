import type { Queries } from '../platform/database.ts'
import { sql } from '../platform/sql.ts'

const all = sql`
  select name, scope, made_by as "madeBy", made_at as "madeAt", ends_at as "endsAt", last_used_at as "lastUsedAt"
  from exchange.operator_token where revoked_at is null and ends_at > now() order by name`
/** Of one that has ended by itself the name is free again. */
const freeName = sql`update exchange.operator_token set revoked_at = ends_at where name = $1 and revoked_at is null and ends_at <= now()`
/** Whoever removes the person waits for this row's lock and ends the token then, or was first: then there is nobody to make it. */
const insert = sql`
  insert into exchange.operator_token (token_sha256, name, scope, made_by, ends_at)
  select $1, $2, $3, email, now() + make_interval(secs => $5) from exchange.person where email = $4 and role = 'operator' for key share
  on conflict do nothing returning ends_at as "endsAt"`
const revoke = sql`update exchange.operator_token set revoked_at = now() where name = $1 and revoked_at is null and ends_at > now()`
const endAllOf = sql`
  update exchange.operator_token set revoked_at = now() where made_by = $1 and revoked_at is null and ends_at > now() returning name`

/** A token of the operator’s that is good now, without the token. */
export interface OperatorToken {
  name: string
  scope: 'read' | 'write'
  madeBy: string
  madeAt: Date
  endsAt: Date
  /** To the minute; null before its first use. */
  lastUsedAt: Date | null
}

/** A token to be: its SHA-256 hash, and for how many seconds it is good. */
export type NewOperatorToken = Pick<OperatorToken, 'name' | 'scope' | 'madeBy'> & { hash: Buffer; seconds: number }

/** The tokens that are good now, by name. */
export const readOperatorTokens = (queries: Queries) => queries.rows<OperatorToken>(all)

/** Inserts a token; its end, or undefined where one of this name is good. Within a transaction. */
export async function insertOperatorToken(
  queries: Queries,
  { hash, name, scope, madeBy, seconds }: NewOperatorToken,
): Promise<Date | undefined> {
  await queries.changed(freeName, [name])
  const [row] = await queries.writing<{ endsAt: Date }>(insert, [hash, name, scope, madeBy, seconds])
  return row?.endsAt
}

/** Ends a token; false where none of this name is good. */
export const revokeOperatorToken = async (queries: Queries, name: string) => (await queries.changed(revoke, [name])) === 1

/** Ends the tokens that a person made; their names. */
export const endTokensOf = async (queries: Queries, email: string): Promise<string[]> =>
  (await queries.writing<{ name: string }>(endAllOf, [email])).map(({ name }) => name).sort()
