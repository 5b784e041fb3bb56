import type { Queries } from '../platform/database.ts'
import { sql } from '../platform/sql.ts'

/** A record that was somebody's became somebody else's. */
export interface Handover {
  /** The instance's time of the save. */
  at: string
  /** The journal entries of that very save, and those that came after it and have no later time. */
  entries: readonly string[]
  /** Partners; null is nobody. */
  from: string | null
  to: string | null
}

const handoversOf = sql`
  select sys_id as "sysId", at, entries, from_partner as "from", to_partner as "to" from exchange.handover
  where environment = $1 and sys_id = any($2::text[]) order by sys_id, place`

const addHandover = sql`
  insert into exchange.handover (environment, sys_id, at, entries, from_partner, to_partner) values ($1, $2, $3, $4, $5, $6)`

const addToLastHandover = sql`
  update exchange.handover h set entries = h.entries || $3::text[]
  where h.environment = $1 and h.sys_id = $2 and h.place = (select max(place) from exchange.handover where environment = $1 and sys_id = $2)`

const history = sql`
  select c.baseline, c.updated_on as reached, r.fields as captured,
    exists (select from exchange.capture_due d where d.environment = c.environment and d.sys_id = $2) as pending,
    coalesce((select jsonb_agg(jsonb_build_object('at', h.at, 'entries', h.entries, 'from', h.from_partner, 'to', h.to_partner) order by h.place)
      from exchange.handover h where h.environment = c.environment and h.sys_id = $2), '[]') as handovers
  from exchange.capture c left join exchange.captured_record r on r.environment = c.environment and r.sys_id = $2
  where c.environment = $1`

/** The handovers of these records, in order. */
export const readHandovers = (queries: Queries, environment: string, sysIds: readonly string[]) =>
  queries.rows<Handover & { sysId: string }>(handoversOf, [environment, sysIds])

/** Writes down that a record was moved. */
export const recordHandover = (queries: Queries, environment: string, sysId: string, { at, entries, from, to }: Handover) =>
  queries.changed(addHandover, [environment, sysId, at, entries, from, to])

/** Writes down entries that came after a record was moved last, though their time is not later. */
export const recordSaidAfterHandover = (queries: Queries, environment: string, sysId: string, entries: readonly string[]) =>
  queries.changed(addToLastHandover, [environment, sysId, entries])

export interface History {
  handovers: readonly Handover[]
  /** The record as capture saw it last; null where it has not, or keeps nothing of it. */
  captured: Readonly<Record<string, string>> | null
  /** Whether capture has still to look at what happened to it. */
  pending: boolean
  /** What was saved before is from before Deskbridge. */
  baseline: string | null
  /** How far capture has noticed changes. */
  reached: string | null
}

/** Whose a record was, as capture knows it. */
export const readHistory = async (queries: Queries, environment: string, sysId: string): Promise<History> =>
  (await queries.row<History>(history, [environment, sysId]))!
