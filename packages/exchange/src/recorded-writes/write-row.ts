import { HOLD_SECONDS } from './hold.ts'

/** What is read of a row of exchange.recorded_write, and by whom it may be moved. */
export const COLUMNS = `write_id as "writeId", environment, partner_id as "partnerId", operation, request_key as "requestKey",
  idempotency_key as "idempotencyKey", content_sha256 as "contentSha256", table_name as "table", sys_id as "sysId", number, reference, plan, progress,
  state, fence, under_way as "underWay", spool_folder as "spoolFolder", spool_at as "spoolAt", (extract(epoch from clock_timestamp() - accepted_at) * 1000)::float8 as "ageMs",
  (extract(epoch from clock_timestamp() - attempted_at) * 1000)::float8 as "attemptAgeMs"`

/** PostgreSQL, appendix A: unique_violation. */
export const UNIQUE_VIOLATION = '23505'
export const HELD = `now() + interval '${String(HOLD_SECONDS)} seconds'`
/** A process that was paused for longer than its hold has lost it, and moves nothing any more. $1 is the write, $2 its holder, $3 the fence. */
export const STILL_HELD = `write_id = $1 and holder = $2 and fence = $3 and state <> 'done'`

/** A write that this process holds, as every statement that moves it must say. */
export interface Held {
  writeId: string
  fence: number
}

/** The first three values of each statement that moves a row: $1, $2 and $3. */
export const heldBy = ({ writeId, fence }: Held, holder: string) => [writeId, holder, fence]
