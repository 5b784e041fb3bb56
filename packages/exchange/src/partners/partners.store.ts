import type { Queries } from '../platform/database.ts'
import type { Environment } from '../platform/environment.ts'
import { sql } from '../platform/sql.ts'

/** Nobody else makes a partner meanwhile: the same name in other bytes is no second partner. */
const alone = sql`lock table exchange.partner in share row exclusive mode`
const insertPartner = sql`
  insert into exchange.partner (name) select $1 where not exists (select from exchange.partner where name = any($2::text[]))
  on conflict do nothing returning partner_id as "partnerId"`
const suspend = sql`update exchange.partner set suspended_at = case when $2 then coalesce(suspended_at, now()) end where partner_id = $1`
const partnerNamed = sql`select partner_id as "partnerId" from exchange.partner where name = $1`
const insertProject = sql`
  insert into exchange.project (partner_id, environment, name, client_id, delivery) values ($1, $2, $3, $4, $5)
  returning project_id as "projectId"`
const projectNamed = sql`
  select project_id as "projectId", client_id as "clientId" from exchange.project where partner_id = $1 and environment = $2 and name = $3`

/** How updates move on: by reading them, or by acknowledging them. */
export type Delivery = 'read-once' | 'acknowledge'

/**
 * Inserts a partner; its id, or undefined where the name is taken. Within a transaction.
 * @param alsoCalled other bytes of the same name
 */
export async function makePartner(queries: Queries, name: string, alsoCalled: readonly string[] = []): Promise<string | undefined> {
  await queries.changed(alone)
  const [row] = await queries.writing<{ partnerId: string }>(insertPartner, [name, [name, ...alsoCalled]])
  return row?.partnerId
}

/** From now on nothing of the partner's signs in, or does again. */
export const suspendPartner = (queries: Queries, partnerId: string, suspended: boolean) => queries.changed(suspend, [partnerId, suspended])

/** The id of the partner with this name; undefined where there is none. */
export async function findPartner(queries: Queries, name: string): Promise<string | undefined> {
  return (await queries.row<{ partnerId: string }>(partnerNamed, [name]))?.partnerId
}

export interface NewProject {
  partnerId: string
  environment: Environment
  name: string
  clientId: string
  delivery?: Delivery
}

/** Inserts a project of a partner; its id. It reads its updates once unless told otherwise. */
export async function makeProject(queries: Queries, project: NewProject): Promise<string> {
  const { partnerId, environment, name, clientId, delivery = 'read-once' } = project
  const row = await queries.row<{ projectId: string }>(insertProject, [partnerId, environment, name, clientId, delivery])
  return row!.projectId
}

/** A partner’s project of this name in an environment; undefined where there is none. */
export const findProject = (queries: Queries, partnerId: string, environment: Environment, name: string) =>
  queries.row<{ projectId: string; clientId: string }>(projectNamed, [partnerId, environment, name])
