import type { Database, Queries } from '../platform/database.ts'
import type { Environment } from '../platform/environment.ts'
import { sql } from '../platform/sql.ts'
import type { Step, StepProgress } from './plan.ts'

export interface NewWrite {
  writeId: string
  environment: Environment
  /** Null: the exchange's own. */
  partnerId: string | null
  operation: string
  /** What makes two requests the same one: unique per environment and partner. */
  requestKey: string
  idempotencyKey: string | null
  contentSha256: string
  table: string
  sysId: string | null
  number: string | null
  reference: string | null
  plan: Step[]
  spoolFolder: string | null
  /** A filing makes its bond in the same commit. */
  bond?: { word: string; correlationId: string }
}

export interface RecordedWrite extends Omit<NewWrite, 'bond'> {
  progress: StepProgress[]
  state: 'open' | 'halted' | 'done'
  /** Milliseconds since it was accepted, and since its current step was begun; the database's clock. */
  ageMs: number
  attemptAgeMs: number
}

const COLUMNS = `write_id as "writeId", environment, partner_id as "partnerId", operation, request_key as "requestKey",
  idempotency_key as "idempotencyKey", content_sha256 as "contentSha256", table_name as "table", sys_id as "sysId", number, reference, plan, progress,
  state, spool_folder as "spoolFolder", (extract(epoch from clock_timestamp() - accepted_at) * 1000)::float8 as "ageMs",
  (extract(epoch from clock_timestamp() - attempted_at) * 1000)::float8 as "attemptAgeMs"`

/** PostgreSQL, appendix A: unique_violation. */
const UNIQUE_VIOLATION = '23505'
const HELD = `now() + interval '30 seconds'`

const insertWrite = sql`
  insert into exchange.recorded_write (write_id, environment, partner_id, operation, request_key, idempotency_key, content_sha256,
    table_name, sys_id, number, reference, plan, spool_folder, progress, holder, held_until)
  values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, '[{"begun":true}]', $14, ${HELD})
  on conflict do nothing`

const insertOwn = sql`
  insert into exchange.recorded_write (write_id, environment, operation, request_key, content_sha256, table_name, sys_id, number, plan)
  values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
  on conflict do nothing`

const insertFiling = sql`
  with bond as (
    insert into exchange.bond (environment, partner_id, word, is_task, reference, correlation_id, table_name)
    values ($2, $3, $15, false, $11, $16, $8) on conflict do nothing returning bond_id
  )
  insert into exchange.recorded_write (write_id, environment, partner_id, operation, request_key, idempotency_key, content_sha256,
    table_name, sys_id, number, reference, plan, spool_folder, progress, holder, held_until)
  select $1::uuid, $2, $3::uuid, $4, $5, $6, $7, $8, $9, $10, $11, $12::jsonb, $13, '[{"begun":true}]'::jsonb, $14, ${HELD} from bond`

const byRequest = sql`
  select ${COLUMNS} from exchange.recorded_write
  where environment = $1 and partner_id is not distinct from $2 and (request_key = $3 or idempotency_key = $4)
  order by (idempotency_key is not distinct from $4) desc limit 1`

const outdate = sql`
  update exchange.recorded_write set request_key = request_key || ':' || write_id
  where write_id = $1 and state = 'done' and accepted_at < now() - interval '10 minutes'`

const byId = sql`select ${COLUMNS} from exchange.recorded_write where write_id = $1`

const claim = sql`
  update exchange.recorded_write set holder = $2, held_until = ${HELD}
  where write_id = $1 and state <> 'done' and (held_until is null or held_until < now())
  returning ${COLUMNS}`

const claimable = sql`
  select write_id as "writeId" from exchange.recorded_write w
  where state = 'open' and next_attempt_at <= now() and (held_until is null or held_until < now())
    -- Comments that the exchange carries to a ticket stay in their order.
    and not (partner_id is null and exists (
      select from exchange.recorded_write earlier
      where earlier.environment = w.environment and earlier.sys_id = w.sys_id and earlier.partner_id is null
        and earlier.state = 'open' and earlier.place < w.place))
  order by place limit 50`

const advance = sql`
  update exchange.recorded_write set progress = $2, sys_id = coalesce(sys_id, $3), number = coalesce(number, $4),
    attempted_at = clock_timestamp(), held_until = ${HELD}
  where write_id = $1`

const bind = sql`
  with bond as (
    update exchange.bond set sys_id = $3, number = $4
    where (environment, partner_id, is_task, reference) = (select environment, partner_id, false, reference from exchange.recorded_write where write_id = $1)
  )
  update exchange.recorded_write set progress = $2, sys_id = coalesce(sys_id, $3), number = coalesce(number, $4),
    attempted_at = clock_timestamp(), held_until = ${HELD}
  where write_id = $1`

const finish = sql`
  update exchange.recorded_write set progress = $2, sys_id = coalesce(sys_id, $3), number = coalesce(number, $4), state = 'done',
    finished_at = clock_timestamp(), spool_folder = null, holder = null, held_until = null
  where write_id = $1`

const bindAndFinish = sql`
  with bond as (
    update exchange.bond set sys_id = $3, number = $4
    where (environment, partner_id, is_task, reference) = (select environment, partner_id, false, reference from exchange.recorded_write where write_id = $1)
  )
  update exchange.recorded_write set progress = $2, sys_id = coalesce(sys_id, $3), number = coalesce(number, $4), state = 'done',
    finished_at = clock_timestamp(), spool_folder = null, holder = null, held_until = null
  where write_id = $1`

const letGo = sql`
  update exchange.recorded_write set progress = $2, state = $3, holder = null, held_until = null,
    next_attempt_at = now() + make_interval(secs => $4)
  where write_id = $1 and state <> 'done'`

const forget = sql`
  with gone as (delete from exchange.recorded_write where write_id = $1 returning environment, partner_id, reference, operation)
  delete from exchange.bond b using gone
  where gone.operation = 'file-ticket' and b.environment = gone.environment and b.partner_id = gone.partner_id
    and not b.is_task and b.reference = gone.reference and b.sys_id is null`

const refreshFiles = sql`update exchange.recorded_write set plan = $2, spool_folder = $3 where write_id = $1`
const renewHold = sql`update exchange.recorded_write set held_until = ${HELD} where write_id = any($1::uuid[]) and holder = $2`
const freeHolds = sql`update exchange.recorded_write set holder = null, held_until = null where holder = $1 and state <> 'done'`
const unfinishedFolders = sql`select spool_folder as folder from exchange.recorded_write where spool_folder is not null`

const sameTextBefore = sql`
  select count(*)::int as count from exchange.recorded_write w, jsonb_array_elements(w.plan) with ordinality as step (value, place)
  where w.environment = $1 and w.write_id <> $2 and step.value->>'kind' = 'save' and w.sys_id = $3
    and step.value->'values'->>$4 = $5 and (w.progress->(step.place::int - 1)->>'done')::boolean`

const sameFileBefore = sql`
  select progress_step.value->>'sysId' as "sysId" from exchange.recorded_write w, jsonb_array_elements(w.progress) as progress_step (value)
  where w.environment = $1 and w.sys_id = $2 and progress_step.value ? 'sysId'`

const ofRecords = sql`
  select ${COLUMNS}, (held_until > now()) is true as "inFlight" from exchange.recorded_write
  where environment = $1 and sys_id = any($2::text[]) and (state <> 'done' or finished_at > now() - interval '1 day')
  order by accepted_at`

/** Accepts a write, unless one with the same key is there already. */
export async function acceptWrite(queries: Queries, write: NewWrite, holder: string): Promise<boolean> {
  const values = [
    write.writeId,
    write.environment,
    write.partnerId,
    write.operation,
    write.requestKey,
    write.idempotencyKey,
    write.contentSha256,
    write.table,
    write.sysId,
    write.number,
    write.reference,
    JSON.stringify(write.plan),
    write.spoolFolder,
    holder,
  ]
  if (!write.bond) return (await queries.changed(insertWrite, values)) === 1
  try {
    return (await queries.changed(insertFiling, [...values, write.bond.word, write.bond.correlationId])) === 1
  } catch (error) {
    // The reference was free and the Idempotency-Key was not: PostgreSQL took the whole statement back.
    if ((error as { code?: string }).code === UNIQUE_VIOLATION) return false
    throw error
  }
}

/** Accepts a write of the exchange itself; the resolver does it. */
export const acceptOwnWrite = (queries: Queries, write: NewWrite) =>
  queries.changed(insertOwn, [
    write.writeId,
    write.environment,
    write.operation,
    write.requestKey,
    write.contentSha256,
    write.table,
    write.sysId,
    write.number,
    JSON.stringify(write.plan),
  ])

export const findWrite = (database: Database, { environment, partnerId, requestKey, idempotencyKey }: NewWrite) =>
  database.row<RecordedWrite>(byRequest, [environment, partnerId, requestKey, idempotencyKey])
export const readWrite = (database: Database, writeId: string) => database.row<RecordedWrite>(byId, [writeId])
/** An equal request more than 10 minutes later is a new one: the old one gives its key away. */
export const outdateWrite = (database: Database, writeId: string) => database.changed(outdate, [writeId])
export const claimWrite = (database: Database, writeId: string, holder: string) => database.row<RecordedWrite>(claim, [writeId, holder])
export const claimableWrites = (database: Database) => database.rows<{ writeId: string }>(claimable)
export const forgetWrite = (database: Database, writeId: string) => database.changed(forget, [writeId])
export const replaceFiles = (database: Database, writeId: string, plan: Step[], folder: string) =>
  database.changed(refreshFiles, [writeId, JSON.stringify(plan), folder])
export const renewHolds = (database: Database, writeIds: string[], holder: string) => database.changed(renewHold, [writeIds, holder])
/** What the last process on this data folder held when it ended is free again. */
export const freeHoldsOf = (database: Database, holder: string) => database.changed(freeHolds, [holder])
export const foldersInUse = (database: Database) => database.rows<{ folder: string }>(unfinishedFolders)
export const letGoOf = (database: Database, { writeId, progress }: RecordedWrite, state: 'open' | 'halted', againInSeconds: number) =>
  database.changed(letGo, [writeId, JSON.stringify(progress), state, againInSeconds])

/** Writes down how far a write is; the first step of a filing binds its reference to the record in the same commit. */
export function saveProgress(
  database: Database,
  write: RecordedWrite,
  { finished, binds }: { finished: boolean; binds: boolean },
): Promise<number> {
  const how = finished ? (binds ? bindAndFinish : finish) : binds ? bind : advance
  return database.changed(how, [write.writeId, JSON.stringify(write.progress), write.sysId, write.number])
}

/** How many other writes have put this very text into this journal of this record. */
export async function countSameText(
  database: Database,
  write: RecordedWrite,
  sysId: string,
  element: string,
  text: string,
): Promise<number> {
  const row = await database.row<{ count: number }>(sameTextBefore, [write.environment, write.writeId, sysId, element, text])
  return row?.count ?? 0
}

/** The attachments of a record that are known to come from some write. */
export async function knownAttachments(database: Database, environment: string, sysId: string): Promise<Set<string>> {
  const rows = await database.rows<{ sysId: string }>(sameFileBefore, [environment, sysId])
  return new Set(rows.map(row => row.sysId))
}

/** The writes of the last day, and the unfinished ones, on these records. `inFlight`: somebody works on it now. */
export const writesOn = (queries: Queries, environment: string, sysIds: readonly string[]) =>
  queries.rows<RecordedWrite & { inFlight: boolean }>(ofRecords, [environment, sysIds])
