import type { Database, Queries } from '../platform/database.ts'
import { sql, unhurried } from '../platform/sql.ts'
import type { Caller } from './caller.ts'
import { forgetOldTries } from './guesses.store.ts'

const insertSecret = sql`insert into exchange.client_secret (secret_sha256, project_id, made_by) values ($1, $2, $3)`

const secretsOf = sql`
  select p.project_id as "projectId", p.name as "projectName", p.environment, p.active,
    array(select s.secret_sha256 from exchange.client_secret s
      where s.project_id = p.project_id and s.revoked_at is null and (s.ends_at is null or s.ends_at > now())) as secrets
  from exchange.project p join exchange.partner r using (partner_id) where p.client_id = $1 and r.suspended_at is null`

/** A program may ask for a token before each call. */
const TOKENS_A_PROJECT = '1000'
/** It ends with its secret at the latest, whose last use is written down once a minute. */
const insertToken = sql`
  with older as (
    delete from exchange.access_token where token_sha256 in (
      select token_sha256 from exchange.access_token where project_id = $2 order by issued_at desc offset ${TOKENS_A_PROJECT}::int - 1)
  ), used as (
    update exchange.client_secret set last_used_at = now()
    where secret_sha256 = $4 and (last_used_at is null or last_used_at < now() - interval '1 minute')
  )
  insert into exchange.access_token (token_sha256, project_id, secret_sha256, expires_at)
  select $1, $2, secret_sha256, least(now() + make_interval(secs => $3), ends_at) from exchange.client_secret where secret_sha256 = $4
  returning issued_at as "issuedAt", extract(epoch from expires_at - issued_at)::float8 as seconds`

const byToken = sql`
  select p.project_id as "projectId", p.name as "projectName", p.delivery, p.environment, p.partner_id as "partnerId",
    r.name as "partnerName", a.terms, extract(epoch from least(t.expires_at, s.ends_at) - now())::float8 as "secondsLeft"
  from exchange.access_token t
  join exchange.project p using (project_id)
  join exchange.partner r using (partner_id)
  left join exchange.client_secret s on s.secret_sha256 = t.secret_sha256
  left join exchange.agreement a on a.partner_id = p.partner_id and a.environment = p.environment
  where t.token_sha256 = $1 and t.revoked_at is null and t.expires_at > now() and p.active and r.suspended_at is null
    and s.revoked_at is null and (s.ends_at is null or s.ends_at > now())`

const revoke = sql`update exchange.access_token set revoked_at = now() where token_sha256 = $1 and project_id = $2 and revoked_at is null`

const person = sql`select password_argon2 as "passwordHash", role from exchange.person where email = $1`
const insertPerson = sql`
  insert into exchange.person (email, password_argon2, role, partner_id) values ($1, $2, $3, $4)
  on conflict do nothing`

const forgetOld = unhurried(sql`
  with tokens as (delete from exchange.access_token where expires_at < now() - interval '1 day')
  delete from exchange.quota_window where starts_at < now() - interval '1 day'`)

/** Removes expired tokens, past quota windows, and what was counted of guesses. */
export async function forgetOldSignIns(database: Database): Promise<void> {
  await database.changed(forgetOld)
  await forgetOldTries(database)
}

export interface ProjectSecrets {
  projectId: string
  projectName: string
  environment: string
  active: boolean
  secrets: Buffer[]
}

export type TokenHolder = Omit<Caller, 'terms'> & { terms: Caller['terms'] | null; secondsLeft: number }

interface NewPerson {
  email: string
  passwordHash: string
  role: string
  /** Null: of the operator. */
  partnerId: string | null
}

/** Adds a client secret to a project, by its SHA-256 hash. `madeBy`: null where the exchange makes it itself. */
export const addSecret = (queries: Queries, secretHash: Buffer, projectId: string, madeBy: string | null = null) =>
  queries.changed(insertSecret, [secretHash, projectId, madeBy])
export const findProjectSecrets = (database: Database, clientId: string) => database.row<ProjectSecrets>(secretsOf, [clientId])
export const findTokenHolder = (database: Database, tokenHash: Buffer) => database.row<TokenHolder>(byToken, [tokenHash])

/** Ends a token, if it is one of this project. */
export const revokeToken = (queries: Queries, tokenHash: Buffer, projectId: string) => queries.changed(revoke, [tokenHash, projectId])

/** A person of the operator or of a partner by e-mail address; undefined where there is none. */
export const findPerson = (database: Database, email: string) => database.row<{ passwordHash: string; role: string }>(person, [email])

/** False when somebody has this e-mail address already. */
export const addPerson = async (queries: Queries, { email, passwordHash, role, partnerId }: NewPerson): Promise<boolean> =>
  (await queries.changed(insertPerson, [email, passwordHash, role, partnerId])) === 1

/** A token to be: the hashes of it and of the secret that it is got with, and for how many seconds it is good at most. */
export interface NewToken {
  tokenHash: Buffer
  secretHash: Buffer
  projectId: string
  seconds: number
}

/** Saves an access token: since when, and for how many seconds it is good. */
export async function saveToken(database: Database, token: NewToken): Promise<{ issuedAt: Date; seconds: number }> {
  const { tokenHash, secretHash, projectId, seconds } = token
  const row = await database.row<{ issuedAt: Date; seconds: number }>(insertToken, [tokenHash, projectId, seconds, secretHash])
  return row!
}
