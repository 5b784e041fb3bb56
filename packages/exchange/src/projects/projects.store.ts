import type { Delivery } from '../partners/index.ts'
import type { Queries } from '../platform/database.ts'
import type { Environment } from '../platform/environment.ts'
import { sql } from '../platform/sql.ts'

/** A secret is told by the beginning of its SHA-256, which says nothing of it. */
const fingerprint = `left(encode(s.secret_sha256, 'hex'), 12)`

/** Of secrets that are over, those of the last month. */
const projects = `
  select r.name as partner, p.project_id as "projectId", p.environment, p.name, p.client_id as "clientId", p.delivery, p.active,
    p.made_at as "madeAt", p.made_by as "madeBy", p.ended_at as "endedAt",
    coalesce((select jsonb_agg(jsonb_build_object('fingerprint', ${fingerprint}, 'made_at', s.made_at, 'made_by', s.made_by,
        'ends_at', s.ends_at, 'revoked_at', s.revoked_at, 'last_used_at', s.last_used_at,
        'state', case when s.revoked_at is not null then 'revoked' when s.ends_at <= now() then 'ended' else 'good' end) order by s.made_at)
      from exchange.client_secret s where s.project_id = p.project_id
        and coalesce(s.revoked_at, s.ends_at, now()) > now() - interval '30 days'), '[]') as secrets
  from exchange.project p join exchange.partner r using (partner_id)`

const all = sql`${projects}
  where ($1::text is null or r.name = $1) and ($2::text is null or p.environment = $2) order by r.name, p.environment desc, p.name, p.made_at`
const byClientId = sql`${projects} where p.client_id = $1`
const holdPartner = sql`select from exchange.partner where partner_id = $1 for update`
const taken = sql`select from exchange.project where partner_id = $1 and environment = $2 and name = $3 and active`
const insert = sql`
  insert into exchange.project (partner_id, environment, name, client_id, delivery, made_by) values ($1, $2, $3, $4, $5, $6)`
const holdProject = sql`
  select p.project_id as "projectId", p.name, p.active from exchange.project p where p.client_id = $1 for update`
const end = sql`update exchange.project set active = false, ended_at = coalesce(ended_at, now()) where client_id = $1`
const goodSecrets = sql`
  select count(*)::int as count from exchange.client_secret
  where project_id = $1 and revoked_at is null and (ends_at is null or ends_at > now())`
/** A token of before tokens knew their secret was got with one of the others, or with one of before them. */
const endOthers = sql`
  with tokens as (
    update exchange.access_token set expires_at = least(expires_at, now() + make_interval(secs => $3))
    where project_id = $1 and secret_sha256 is null and revoked_at is null)
  update exchange.client_secret set ends_at = now() + make_interval(secs => $3)
  where project_id = $1 and secret_sha256 <> $2 and revoked_at is null and (ends_at is null or ends_at > now() + make_interval(secs => $3))`
/** A token of before tokens knew their secret may have been got with this one. */
const revoke = sql`
  with secret as (
    update exchange.client_secret s set revoked_at = coalesce(revoked_at, now())
    where project_id = $1 and ${fingerprint} = $2 returning project_id),
  tokens as (
    update exchange.access_token t set revoked_at = now() from secret
    where t.project_id = secret.project_id and t.secret_sha256 is null and t.revoked_at is null)
  select from secret`

/** A secret of a project, by its fingerprint: never the secret. */
export interface ShownSecret {
  fingerprint: string
  made_at: string
  made_by: string | null
  ends_at: string | null
  revoked_at: string | null
  /** To the minute; when a token was got with it. */
  last_used_at: string | null
  state: 'good' | 'ended' | 'revoked'
}

/** A project of a partner, with its secrets. */
export interface ShownProject {
  partner: string
  projectId: string
  environment: Environment
  name: string
  clientId: string
  delivery: Delivery
  active: boolean
  madeAt: Date
  madeBy: string | null
  endedAt: Date | null
  secrets: ShownSecret[]
}

/** A project to be made. */
export interface ProjectToMake extends Pick<ShownProject, 'environment' | 'name' | 'clientId' | 'delivery'> {
  partnerId: string
  madeBy: string
}

/** The projects of one partner or of all, in one environment or in both. */
export const readProjects = (queries: Queries, partner: string | null, environment: Environment | null) =>
  queries.rows<ShownProject>(all, [partner, environment])

/** A project by its client id. */
export const readProject = (queries: Queries, clientId: string) => queries.row<ShownProject>(byClientId, [clientId])

/** Inserts a project; false where the partner has one of this name there. Within a transaction: nobody else makes one of this partner meanwhile. */
export async function insertProject(queries: Queries, project: ProjectToMake): Promise<boolean> {
  const { partnerId, environment, name, clientId, delivery, madeBy } = project
  await queries.row(holdPartner, [partnerId])
  if (await queries.row(taken, [partnerId, environment, name])) return false
  await queries.changed(insert, [partnerId, environment, name, clientId, delivery, madeBy])
  return true
}

/** A project that nobody else changes before this transaction ends. */
export const holdProjectOf = (queries: Queries, clientId: string) =>
  queries.row<{ projectId: string; name: string; active: boolean }>(holdProject, [clientId])

/** Ends a project; false where there is none of this client id. */
export const setEnded = async (queries: Queries, clientId: string) => (await queries.changed(end, [clientId])) === 1

/** How many secrets of a project open something now. */
export const countGoodSecrets = async (queries: Queries, projectId: string) =>
  (await queries.row<{ count: number }>(goodSecrets, [projectId]))!.count

/** Lets all other secrets of a project end after so many seconds with their tokens, unless they end before that; how many secrets. */
export const endOtherSecrets = (queries: Queries, projectId: string, hash: Buffer, seconds: number) =>
  queries.changed(endOthers, [projectId, hash, seconds])

/** Revokes a secret, and the project’s tokens of which nobody knows by which secret they were got; false where there is no such secret. */
export const revokeSecret = async (queries: Queries, projectId: string, fingerprint: string) =>
  (await queries.writing(revoke, [projectId, fingerprint])).length > 0
