import type { Database } from '../platform/database.ts'
import { sql } from '../platform/sql.ts'
import type { There } from './waits-for.ts'

const columns = `
  p.partner_id as "partnerId", p.name, p.made_at as "madeAt", p.suspended_at as "suspendedAt", e.name as environment,
  a.terms, a.changed_at as "changedAt", (q.last_number - q.position)::int as unread,
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

const allNames = sql`select name from exchange.partner order by name limit 2000`

/** One partner in one environment. */
export interface PartnerThere extends There {
  partnerId: string
  name: string
  madeAt: Date
  suspendedAt: Date | null
  /** When its agreement was changed last; null without one. */
  changedAt: Date | null
  /** Updates that wait in its queue; null without an agreement. */
  unread: number | null
}

/** Partners by name, from after `after` on: a row for each environment, sandbox first. */
export const readPartnersThere = (database: Database, after: string, limit: number) => database.rows<PartnerThere>(page, [after, limit])

/** The partners that are called one of these, a row for each environment. */
export const readPartnersNamed = (database: Database, names: readonly string[]) => database.rows<PartnerThere>(named, [names])

/** The names of partners, at most 2,000. */
export const readPartnerNames = async (database: Database) => (await database.rows<{ name: string }>(allNames)).map(({ name }) => name)
