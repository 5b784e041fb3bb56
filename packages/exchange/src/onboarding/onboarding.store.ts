import type { Database, Queries } from '../platform/database.ts'
import { sql } from '../platform/sql.ts'
import type { There } from './waits-for.ts'

const columns = `
  p.partner_id as "partnerId", p.name, p.made_at as "madeAt", p.suspended_at as "suspendedAt", e.name as environment,
  a.terms, a.changed_at as "changedAt", coalesce((select q.last_number - min(u.number) + 1 from exchange.update u
    where u.environment = e.name and u.partner_id = p.partner_id and u.number > q.position), 0)::int as unread,
  (select count(*)::int from exchange.project j
    where j.partner_id = p.partner_id and j.environment = e.name and j.active) as projects,
  (select count(*)::int from exchange.project j join exchange.client_secret s using (project_id)
    where j.partner_id = p.partner_id and j.environment = e.name and j.active and s.revoked_at is null and (s.ends_at is null or s.ends_at > now())) as secrets`

/** Each partner in each environment, whether it has anything there or not. */
const everywhere = `
  cross join exchange.environment e
  left join exchange.agreement a on a.partner_id = p.partner_id and a.environment = e.name
  left join exchange.queue q on q.partner_id = p.partner_id and q.environment = e.name`

const page = sql`
  select ${columns} from (select * from exchange.partner where name > $1 order by name limit $2) p ${everywhere}
  order by p.name, e.name desc`

const named = sql`select ${columns} from exchange.partner p ${everywhere} where p.name = any($1::text[]) order by p.name, e.name desc`

const groupHolders = sql`
  select p.name, g.value->>'name' as "group" from exchange.agreement a join exchange.partner p using (partner_id),
    jsonb_array_elements(a.terms->'solverGroups') g
  where a.environment = $1 and a.partner_id <> $2 and a.terms->'roles' ? 'provider' and g.value->>'sysId' = any($3::text[])
  order by p.name limit 1`

const allNames = sql`select name from exchange.partner order by name limit 2000`

/** One partner in one environment. */
export interface PartnerThere extends There {
  partnerId: string
  name: string
  madeAt: Date
  suspendedAt: Date | null
  /** When its agreement was changed last; null without one. */
  changedAt: Date | null
  /** Updates that wait in its queue. */
  unread: number
}

/** Partners by name, from after `after` on: a row for each environment, sandbox first. */
export const readPartnersThere = (database: Database, after: string, limit: number) => database.rows<PartnerThere>(page, [after, limit])

/** The partners that are called one of these, a row for each environment. */
export const readPartnersNamed = (database: Database, names: readonly string[]) => database.rows<PartnerThere>(named, [names])

/** Another provider of the environment that has one of these groups, by their sys_ids; undefined where none has. */
export const findGroupHolder = (queries: Pick<Queries, 'row'>, { environment, partnerId }: PartnerThere, groups: readonly string[]) =>
  queries.row<{ name: string; group: string }>(groupHolders, [environment, partnerId, groups])

/** The names of partners, at most 2,000. */
export const readPartnerNames = async (database: Database) => (await database.rows<{ name: string }>(allNames)).map(({ name }) => name)
