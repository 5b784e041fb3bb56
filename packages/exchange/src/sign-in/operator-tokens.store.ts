import type { Database } from '../platform/database.ts'
import { sql } from '../platform/sql.ts'
import { randomSecret } from './secrets.ts'

/** What a token of the operator’s begins with, so that whoever looks for secrets in code and logs knows one. */
const PREFIX = 'dbo_'

/** `Bearer dbo_…`, as a header has it. */
export const OPERATOR_TOKEN = /^bearer +(dbo_[\w-]{43}) *$/i

/** A new token of the operator’s: 256 random bits behind its prefix. */
export const newOperatorToken = (): string => `${PREFIX}${randomSecret()}`

/** It opens nothing without the person who made it. Its last use is written down once a minute: a program may call every second. */
const byHash = sql`
  with found as (
    select name, scope, last_used_at from exchange.operator_token
    join (select email from exchange.person where role = 'operator') maker on maker.email = made_by
    where token_sha256 = $1 and revoked_at is null and ends_at > now()),
  used as (
    update exchange.operator_token t set last_used_at = now() from found
    where t.token_sha256 = $1 and (found.last_used_at is null or found.last_used_at < now() - interval '1 minute'))
  select name, scope from found`

/** The operator’s token with this SHA-256 hash, if it is good now and its maker is still there. */
export const findOperatorToken = (database: Database, hash: Buffer) =>
  database.row<{ name: string; scope: 'read' | 'write' }>(byHash, [hash])
