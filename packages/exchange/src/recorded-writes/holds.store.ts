import type { Database } from '../platform/database.ts'
import type { Environment } from '../platform/environment.ts'
import { sql } from '../platform/sql.ts'
import type { RecordedWrite } from './recorded-write.ts'
import { COLUMNS, HELD, type Held } from './write-row.ts'

const claim = sql`
  update exchange.recorded_write set holder = $2, held_until = ${HELD}, fence = fence + 1
  where write_id = $1 and state <> 'done' and (held_until is null or held_until < now())
  returning ${COLUMNS}`

const claimable = sql`
  select write_id as "writeId", environment, row_number() over (partition by environment order by next_attempt_at, place) as turn
  from exchange.recorded_write w
  where state = 'open' and next_attempt_at <= now() and (held_until is null or held_until < now())
    -- What is only to be added from another data folder's spool is left to that one; whether it is there already, anybody can see.
    and (coalesce(spool_at, $1) = $1 or under_way is not null or exists (
      select from jsonb_array_elements(plan) with ordinality as step (value, place)
      where step.value->>'kind' <> 'attach' and (progress->(step.place::int - 1)->>'done')::boolean is not true))
    -- Comments that the exchange carries to a ticket stay in their order.
    and not (partner_id is null and exists (
      select from exchange.recorded_write earlier
      where earlier.environment = w.environment and earlier.sys_id = w.sys_id and earlier.partner_id is null
        and earlier.state = 'open' and earlier.place < w.place))
    -- What waits for something that is under way on its record is taken up when that has ended.
    and not (under_way is null and exists (
      select from exchange.recorded_write other
      where other.environment = w.environment and other.sys_id = w.sys_id and other.under_way is not null))
  order by turn limit 100`

// Whoever holds it may be in the middle of an attempt: how long ago that was counts from now.
const renewHold = sql`
  update exchange.recorded_write w set held_until = ${HELD}, attempted_at = clock_timestamp()
  from unnest($1::uuid[], $3::bigint[]) as ours (write_id, fence)
  where w.write_id = ours.write_id and w.fence = ours.fence and w.holder = $2 and w.state <> 'done'
  returning w.write_id as "writeId"`
const holdsHere = sql`
  select write_id as "writeId", fence from exchange.recorded_write where holder = $1 and state <> 'done' and held_until > now()`
// What was under way when the database went away may have been sent for longer than is written down; what was only accepted was
// never sent, although it is written down as begun.
const giveBack = sql`
  update exchange.recorded_write w set holder = null, held_until = null,
    attempted_at = greatest(w.attempted_at, clock_timestamp() - make_interval(secs => ours.sent_seconds_ago)),
    progress = case when ours.never_sent then '[]' else w.progress end,
    under_way = case when ours.never_sent then null else w.under_way end
  from unnest($1::uuid[], $3::bigint[], $4::float8[], $5::boolean[]) as ours (write_id, fence, sent_seconds_ago, never_sent)
  where w.write_id = ours.write_id and w.fence = ours.fence and w.holder = $2 and w.state <> 'done'`
const freeHolds = sql`update exchange.recorded_write set holder = null, held_until = null where holder = $1 and state <> 'done'`
export const claimWrite = (database: Database, writeId: string, holder: string) => database.row<RecordedWrite>(claim, [writeId, holder])
export const findClaimableWrites = (database: Database, holder: string) =>
  database.rows<{ writeId: string; environment: Environment }>(claimable, [holder])
const idsAndFences = (held: readonly Held[], holder: string) => [held.map(({ writeId }) => writeId), holder, held.map(({ fence }) => fence)]

/** Holds these for longer, and says which of them are still held. */
export async function renewHolds(database: Database, held: readonly Held[], holder: string): Promise<Set<string>> {
  const rows = await database.writing<{ writeId: string }>(renewHold, idsAndFences(held, holder))
  return new Set(rows.map(({ writeId }) => writeId))
}

/** What this data folder's process holds, as the database has it. */
export const readHolds = (database: Database, holder: string) => database.rows<Held>(holdsHere, [holder])
export interface GivenBack extends Held {
  /** Seconds since a request of it ended that may have written something, or that none was ever sent, where that is known. */
  sent: number | 'never' | undefined
}

export const giveBackHolds = (database: Database, held: readonly GivenBack[], holder: string) =>
  database.changed(giveBack, [
    ...idsAndFences(held, holder),
    held.map(({ sent }) => (typeof sent === 'number' ? sent : null)),
    held.map(({ sent }) => sent === 'never'),
  ])

/** What the last process on this data folder held when it ended is free again. */
export const freeHoldsBy = (database: Database, holder: string) => database.changed(freeHolds, [holder])
