import { DEMO } from '@deskbridge/instance'
import type { Queries } from '../platform/database.ts'
import { sql, unhurried } from '../platform/sql.ts'

/** What of the demo company signs in somewhere. Known by its names, so that a database from before is known too. */
export const DEMO_PROJECT = 'Demo project'
export const DEMO_PEOPLE = { operator: 'operator@deskbridge.example', partner: 'partner@north.example' } as const

/**
 * A pattern of their addresses. Starts on an empty data folder used to make people beside those that were there, with six letters after
 * their names.
 */
export const DEMO_ADDRESSES = String.raw`^(operator(\.[0-9a-f]{6})?@deskbridge|partner(\.[0-9a-f]{6})?@north)\.example$`
/** The partners of the demo company. */
export const DEMO_PARTNERS = [...DEMO.customers, DEMO.provider].map(({ name }) => name)

/** One process at a time makes demo data or ends it; several may start on one database together. */
const alone = unhurried(sql`select pg_advisory_xact_lock(5063924117)`)
const madeBy = sql`select folder_id as "folderId", first_steps as "file", host from exchange.demo_credentials`
const remember = sql`
  insert into exchange.demo_credentials (folder_id, first_steps, host) values ($1, $2, $3)
  on conflict (only_one) do update set folder_id = excluded.folder_id, first_steps = excluded.first_steps, host = excluded.host`
const isLive = sql`
  select from exchange.client_secret s join exchange.project p using (project_id)
  where p.client_id = $1 and s.secret_sha256 = $2 and s.revoked_at is null and (s.ends_at is null or s.ends_at > now()) and p.active`
const openProject = sql`update exchange.project set active = true, ended_at = null where project_id = $1`

const liveSecrets = sql`
  select r.name as partner, p.environment, count(*)::int as secrets
  from exchange.client_secret s join exchange.project p using (project_id) join exchange.partner r using (partner_id)
  where r.name = any($1) and p.name = $2 and s.revoked_at is null and (s.ends_at is null or s.ends_at > now()) group by r.name, p.environment order by r.name, p.environment`
const people = sql`select email, role from exchange.person where email ~ $1 order by email`

/** First, and alone: whoever makes a token of one of them at this moment was first, or finds nobody. A later statement sees its token. */
const removePeople = sql`
  with places as (delete from exchange.known_place where kind = 'person' and name ~ $1)
  delete from exchange.person where email ~ $1`
/** Whatever a credential has opened is shut too: tokens go with their secrets, and with the people who made them. */
const end = sql`
  with demo as (
    select p.project_id from exchange.project p join exchange.partner r using (partner_id) where r.name = any($1) and p.name = $2),
  secrets as (
    update exchange.client_secret set revoked_at = now() where project_id in (table demo) and revoked_at is null),
  tokens as (
    update exchange.access_token set revoked_at = now() where project_id in (table demo) and revoked_at is null),
  made as (
    update exchange.operator_token set revoked_at = now() where made_by ~ $3 and revoked_at is null),
  memory as (delete from exchange.demo_credentials)
  update exchange.project set active = false, ended_at = coalesce(ended_at, now()) where project_id in (table demo)`
const tellAll = sql`select pg_notify('deskbridge_exchange', 'sign-in')`

/** Who has made the demo credentials of a database. */
export interface DemoMaker {
  /** The id of the data folder. */
  folderId: string
  /** The path of its first-steps.json. */
  file: string
  host: string
}

/** The demo credentials that a database holds. */
export interface DemoRemains {
  projects: { partner: string; environment: string; secrets: number }[]
  people: { email: string; role: string }[]
}

/** Waits until no other process makes demo data or ends it; until the end of the transaction. */
export const waitForDemo = (queries: Queries) => queries.rows(alone)
/** Undefined where nobody has, or a version that did not say so. */
export const findDemoMaker = (queries: Queries) => queries.row<DemoMaker>(madeBy)
export const recordDemoMaker = (queries: Queries, { folderId, file, host }: DemoMaker) => queries.changed(remember, [folderId, file, host])
/** Whether a client signs in with this secret, given by its SHA-256. */
export const isLiveSecret = async (queries: Queries, clientId: string, secretHash: Buffer) =>
  (await queries.row(isLive, [clientId, secretHash])) !== undefined
export const activateProject = (queries: Queries, projectId: string) => queries.changed(openProject, [projectId])

/** What opens a door with demo credentials, whoever has made them. */
export async function readDemoRemains(queries: Queries): Promise<DemoRemains> {
  return {
    projects: await queries.rows<DemoRemains['projects'][number]>(liveSecrets, [DEMO_PARTNERS, DEMO_PROJECT]),
    people: await queries.rows<DemoRemains['people'][number]>(people, [DEMO_ADDRESSES]),
  }
}

/** Shuts every door that demo credentials open, in every process at once; after `waitForDemo`. */
export async function shutDemoDoors(queries: Queries): Promise<void> {
  await queries.changed(removePeople, [DEMO_ADDRESSES])
  await queries.changed(end, [DEMO_PARTNERS, DEMO_PROJECT, DEMO_ADDRESSES])
  await queries.rows(tellAll)
}
