import type { Database } from '../platform/database.ts'
import { sql, unhurried } from '../platform/sql.ts'
import type { Place } from './guess.ts'

/** So many rows for each thing that is counted. What shares a row is counted together: of 1,000 networks at once a newcomer meets one in 65 times. */
const BUCKETS = 65_536

/** From so many places somebody is known at once; a new one takes the place of the oldest. */
const MOST_PLACES = 50

/**
 * A minute begins with its first try, and ends at once where the clock was put back. `clock_timestamp` and not `now`: who has waited for
 * the row must not take a count that began meanwhile for one of the future.
 */
const reserve = sql`
  insert into exchange.sign_in_try as t (counted, bucket, began_at, tries)
  select $1, abs(hashtextextended($2, seed) % ${String(BUCKETS)}), clock_timestamp(), 1 from exchange.sign_in_seed
  on conflict (counted, bucket) do update set
    tries = case when clock_timestamp() - t.began_at between '0' and interval '1 minute' then t.tries + 1 else 1 end,
    began_at = case when clock_timestamp() - t.began_at between '0' and interval '1 minute' then t.began_at else clock_timestamp() end
  where t.tries < $3 or clock_timestamp() - t.began_at not between '0' and interval '1 minute'
  returning counted, bucket, extract(epoch from began_at)::text as "beganAt", tries`

const giveBack = sql`
  update exchange.sign_in_try set tries = tries - 1 where counted = $1 and bucket = $2 and extract(epoch from began_at) = $3::numeric and tries > 0`

const place = sql`
  select last_right_at < now() - interval '1 day' as long_ago from exchange.known_place
  where kind = $1 and name = $2 and network = $3 and last_right_at > now() - interval '30 days'`

const remember = sql`
  with oldest as (
    select kind, name, network from exchange.known_place where kind = $1 and name = $2 and network <> $3
    order by last_right_at desc offset ${String(MOST_PLACES - 1)}),
  forgotten as (
    delete from exchange.known_place p using oldest o where (p.kind, p.name, p.network) = (o.kind, o.name, o.network))
  insert into exchange.known_place (kind, name, network) values ($1, $2, $3)
  on conflict (kind, name, network) do update set last_right_at = excluded.last_right_at`

const forget = unhurried(sql`
  with counts as (delete from exchange.sign_in_try where began_at < now() - interval '1 hour')
  delete from exchange.known_place where last_right_at < now() - interval '30 days'`)

/** A try that is counted, until it is given back. */
export interface ReservedTry {
  counted: string
  bucket: number
  /** Seconds since 1970, to the microsecond. */
  beganAt: string
  /** The how manyeth it is of its minute. */
  tries: number
}

// Asked as questions, not as writes: what a caller hears in an outage must not depend on counts.

/** Counts a try, or nothing when there were `most` in its minute already. */
export const reserveTry = (database: Database, counted: string, what: string, most: number) =>
  database.row<ReservedTry>(reserve, [counted, what, most])

export const giveBackTry = (database: Database, { counted, bucket, beganAt }: ReservedTry) =>
  database.row(giveBack, [counted, bucket, beganAt])

/** Whether this name has signed in from there within 30 days, and whether the last time was more than a day ago. */
export async function findKnownPlace(database: Database, { kind, name, network }: Place): Promise<{ known: boolean; longAgo: boolean }> {
  const row = await database.row<{ long_ago: boolean }>(place, [kind, name, network])
  return { known: row !== undefined, longAgo: row?.long_ago ?? true }
}

export const rememberPlace = (database: Database, { kind, name, network }: Place) => database.row(remember, [kind, name, network])

/** Removes counts that are over, and places from which nobody has signed in for 30 days. */
export const forgetOldTries = (database: Database) => database.changed(forget)
