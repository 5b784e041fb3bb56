import type { Database, Queries } from '../platform/database.ts'
import type { Environment } from '../platform/environment.ts'
import { sql, unhurried } from '../platform/sql.ts'

/** One partner's queue in one environment. */
export interface Queue {
  environment: Environment
  partnerId: string
}

const lease = sql`
  update exchange.queue set lease_id = $3, lease_until = now() + make_interval(secs => $5),
    lease_end = least(last_number, position + $4)
  where environment = $1 and partner_id = $2 and last_number > position and (lease_until is null or lease_until < now())
  returning position, lease_end as "end"`

const queueState = sql`
  select position, last_number as "lastNumber", (lease_until > now()) is true as leased from exchange.queue
  where environment = $1 and partner_id = $2`

const moveOn = sql`
  update exchange.queue set position = greatest(position, lease_end), lease_id = null, lease_until = null, lease_end = null
  where environment = $1 and partner_id = $2 and lease_id = $3`

const giveBack = sql`
  update exchange.queue set lease_id = null, lease_until = null, lease_end = null
  where environment = $1 and partner_id = $2 and lease_id = $3`

const between = sql`
  select message from exchange.update
  where environment = $1 and partner_id = $2 and number > $3 and number <= $4 order by number limit $5`

/** What happened then or later, and what was only noticed later: who asks from the moment of the last update it knows misses nothing. */
const sinceMoment = sql`
  select message from exchange.update
  where environment = $1 and partner_id = $2 and (at >= date_trunc('second', $3::timestamptz) or appended_at >= $3)
  order by number limit $4`

const numberOf = sql`
  select number, sys_id as "sysId" from exchange.update where environment = $1 and partner_id = $2 and transaction_id = $3`

/** One row a queue that has something unread, and one an environment (without a partner) that sums them up. By the primary key of the updates. */
const unread = sql`
  with unread as materialized (
    select q.environment, q.partner_id, q.last_number - first.number + 1 as updates, first.appended_at
    from exchange.queue q cross join lateral (
      select number, appended_at from exchange.update u
      where u.environment = q.environment and u.partner_id = q.partner_id and u.number > q.position order by u.number limit 1
    ) first
    where q.last_number > q.position
  ), oldest as (select * from unread order by appended_at limit $1)
  select environment, p.name as partner, updates, extract(epoch from now() - appended_at)::float8 as "oldestSeconds"
  from oldest join exchange.partner p using (partner_id)
  union all
  select environment, null, sum(updates)::int8, extract(epoch from now() - min(appended_at))::float8 from unread group by environment`

const acknowledge = sql`
  update exchange.queue set position = greatest(position, $3) where environment = $1 and partner_id = $2`

const hold = sql`select last_number as "lastNumber" from exchange.queue where environment = $1 and partner_id = $2 for update`

// The same happening has the same transaction_id for ever: were it captured again, it is not told again.
const append = sql`
  insert into exchange.update (environment, partner_id, number, transaction_id, at, sys_id, ticket_number, action, message)
  select $1, $2::uuid, * from unnest($3::bigint[], $4::uuid[], $5::timestamptz[], $6::text[], $7::text[], $8::text[], $9::text[])
  on conflict (environment, partner_id, transaction_id) do nothing`

const setLast = sql`update exchange.queue set last_number = $3 where environment = $1 and partner_id = $2`

const forgetOld = unhurried(sql`delete from exchange.update where appended_at < now() - make_interval(days => $1)`)

export interface Leased {
  position: number
  end: number
}

export const leaseUpdates = (
  database: Database,
  { environment, partnerId }: Queue,
  { leaseId, limit, seconds }: { leaseId: string; limit: number; seconds: number },
) => database.row<Leased>(lease, [environment, partnerId, leaseId, limit, seconds])
export const readQueueState = (database: Database, { environment, partnerId }: Queue) =>
  database.row<{ position: number; lastNumber: number; leased: boolean }>(queueState, [environment, partnerId])
export const endLease = (database: Database, { environment, partnerId }: Queue, leaseId: string, handedOver: boolean) =>
  database.changed(handedOver ? moveOn : giveBack, [environment, partnerId, leaseId])
export const moveTo = (database: Database, { environment, partnerId }: Queue, number: number) =>
  database.changed(acknowledge, [environment, partnerId, number])
export const findUpdate = (database: Database, { environment, partnerId }: Queue, transactionId: string) =>
  database.row<{ number: number; sysId: string }>(numberOf, [environment, partnerId, transactionId])
/** What nobody has read yet: of one partner, or, without one, of all in an environment. */
export interface Unread {
  environment: Environment
  partner: string | null
  /** From the first that is unread to the last; a happening that was captured twice leaves a gap, which counts. */
  updates: number
  oldestSeconds: number
}

/** The queues whose oldest unread update is the oldest, so many at most, and the sum of all by environment. */
export const readUnread = (database: Database, most: number) => database.rows<Unread>(unread, [most])
export const forgetUpdates = (database: Database, days: number) => database.changed(forgetOld, [days])

/** The messages after `from` up to and with `to`, oldest first. */
export async function readMessagesBetween(
  database: Database,
  { environment, partnerId }: Queue,
  { from, to, limit }: { from: number; to: number; limit: number },
): Promise<string[]> {
  const rows = await database.rows<{ message: string }>(between, [environment, partnerId, from, to, limit])
  return rows.map(row => row.message)
}

export async function readMessagesSince(
  database: Database,
  { environment, partnerId }: Queue,
  moment: Date,
  limit: number,
): Promise<string[]> {
  const rows = await database.rows<{ message: string }>(sinceMoment, [environment, partnerId, moment, limit])
  return rows.map(row => row.message)
}

export interface NewUpdate {
  transactionId: string
  at: Date
  sysId: string
  number: string
  action: string
  message: string
}

/**
 * Appends updates, in this order. The queue's row is held until the commit, so numbers become visible in order and no poll can
 * skip one that is still on its way.
 */
export async function appendUpdates(queries: Queries, { environment, partnerId }: Queue, updates: readonly NewUpdate[]): Promise<void> {
  const queue = await queries.row<{ lastNumber: number }>(hold, [environment, partnerId])
  if (!queue) throw new Error(`Partner ${partnerId} has no queue in ${environment}`)
  const first = queue.lastNumber + 1
  await queries.changed(append, [
    environment,
    partnerId,
    updates.map((_, place) => first + place),
    updates.map(update => update.transactionId),
    updates.map(update => update.at),
    updates.map(update => update.sysId),
    updates.map(update => update.number),
    updates.map(update => update.action),
    updates.map(update => update.message),
  ])
  await queries.changed(setLast, [environment, partnerId, first + updates.length - 1])
}
