import type { Database } from '../platform/database.ts'
import { sql, unhurried } from '../platform/sql.ts'

/** A time that the database has lost. */
export interface NewHorizon {
  since: Date
  why: string
}

/** How long after it was noticed whatever the database does not know is looked for before it is written. */
const LOOKED_FOR_DAYS = 7

const count = sql`
  insert into exchange.folder_mark as mark (folder, counter) values ($1, 1)
  on conflict (folder) do update set counter = mark.counter + 1, at = clock_timestamp()
  returning counter, at`

const begin = sql`
  insert into exchange.horizon (since, until, why) values ($1, now() + make_interval(days => ${String(LOOKED_FOR_DAYS)}), $2)`

const now = sql`
  select min(since) as since, (extract(epoch from clock_timestamp() - max(noticed_at)) * 1000)::float8 as "noticedMsAgo"
  from exchange.horizon where until > now()`

const all = sql`
  select since, noticed_at as "noticedAt", until, why from exchange.horizon where until > now() order by noticed_at`

const oldMarks = unhurried(sql`
  with forgotten as (delete from exchange.forgotten_write where at < now() - interval '1 hour')
  delete from exchange.folder_mark where at < now() - interval '90 days'`)

/** Counts a data folder's mark up by one. */
export async function countUp(database: Database, folder: string): Promise<{ counter: number; at: Date }> {
  return (await database.row<{ counter: number; at: Date }>(count, [folder]))!
}

/** Writes down that the database has lost what was written since a moment; in force for 7 days. */
export const beginHorizon = (database: Database, { since, why }: NewHorizon) => database.changed(begin, [since, why])

/** All horizons in force as one: from the earliest lost moment on; noticed when the last of them was. */
export async function readHorizonInForce(database: Database): Promise<{ since: Date; noticedMsAgo: number } | undefined> {
  const row = await database.row<{ since: Date | null; noticedMsAgo: number }>(now)
  return row?.since ? { since: row.since, noticedMsAgo: row.noticedMsAgo } : undefined
}

export interface Horizon {
  since: Date
  noticedAt: Date
  until: Date
  why: string
}

/** The lost times that are still looked back on, in the order in which they were noticed. */
export const readHorizonsInForce = (database: Database) => database.rows<Horizon>(all)

/** Removes marks of data folders that were not counted for 90 days, and forgotten writes after an hour. */
export const forgetOldMarks = (database: Database) => database.changed(oldMarks)
