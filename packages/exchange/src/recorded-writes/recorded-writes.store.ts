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
  /**
   * sys_mod_count of the record, where it does not show what this request asks for. If an equal request was done before that save,
   * somebody has changed it since, and this one is no retry.
   */
  movedOn?: number | undefined
}

export interface RecordedWrite extends Omit<NewWrite, 'bond' | 'movedOn'> {
  progress: StepProgress[]
  state: 'open' | 'halted' | 'done'
  /** The data folder whose spool has the files. */
  spoolAt: string | null
  /** Milliseconds since it was accepted, and since its current step was begun; the database's clock. */
  ageMs: number
  attemptAgeMs: number
}

const COLUMNS = `write_id as "writeId", environment, partner_id as "partnerId", operation, request_key as "requestKey",
  idempotency_key as "idempotencyKey", content_sha256 as "contentSha256", table_name as "table", sys_id as "sysId", number, reference, plan, progress,
  state, spool_folder as "spoolFolder", spool_at as "spoolAt", (extract(epoch from clock_timestamp() - accepted_at) * 1000)::float8 as "ageMs",
  (extract(epoch from clock_timestamp() - attempted_at) * 1000)::float8 as "attemptAgeMs"`

/** PostgreSQL, appendix A: unique_violation. */
const UNIQUE_VIOLATION = '23505'
const HELD = `now() + interval '30 seconds'`

const insertWrite = sql`
  insert into exchange.recorded_write (write_id, environment, partner_id, operation, request_key, idempotency_key, content_sha256,
    table_name, sys_id, number, reference, plan, spool_folder, spool_at, progress, holder, held_until)
  values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, '[{"begun":true}]', $14, ${HELD})
  on conflict do nothing`

const insertOwn = sql`
  insert into exchange.recorded_write (write_id, environment, operation, request_key, content_sha256, table_name, sys_id, number, plan)
  values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
  on conflict do nothing`

// A filing's bond has the write's id. A plan that was made while the tables were empty took the first index that fits, and
// looked through all bonds of the partner: 3.5 ms for each of the first 5,000 tickets, 0.4 by this key.
const insertFiling = sql`
  with bond as (
    insert into exchange.bond (bond_id, environment, partner_id, word, is_task, reference, correlation_id, table_name)
    values ($1::uuid, $2, $3, $15, false, $11, $16, $8) on conflict do nothing returning bond_id
  )
  insert into exchange.recorded_write (write_id, environment, partner_id, operation, request_key, idempotency_key, content_sha256,
    table_name, sys_id, number, reference, plan, spool_folder, spool_at, progress, holder, held_until)
  select $1::uuid, $2, $3::uuid, $4, $5, $6, $7, $8, $9, $10, $11, $12::jsonb, $13, $14, '[{"begun":true}]'::jsonb, $14, ${HELD} from bond`

/** A reference that was given to a record which the operator made. One statement sees a filing's two rows both, or neither. */
const referenceBound = sql`
  select from exchange.bond b where b.environment = $1 and b.partner_id = $2 and not b.is_task and b.reference = $3
    and not exists (select from exchange.recorded_write w where w.environment = $1 and w.partner_id = $2 and w.request_key = $4)`

const byRequest = sql`
  select ${COLUMNS} from exchange.recorded_write
  where environment = $1 and partner_id is not distinct from $2 and (request_key = $3 or idempotency_key = $4)
  order by (idempotency_key is not distinct from $4) desc limit 1`

const outdate = sql`
  update exchange.recorded_write set request_key = request_key || ':' || write_id
  where write_id = $1 and state = 'done'`

const byId = sql`select ${COLUMNS} from exchange.recorded_write where write_id = $1`

const claim = sql`
  update exchange.recorded_write set holder = $2, held_until = ${HELD}
  where write_id = $1 and state <> 'done' and (held_until is null or held_until < now())
  returning ${COLUMNS}`

const claimable = sql`
  select write_id as "writeId" from exchange.recorded_write w
  where state = 'open' and next_attempt_at <= now() and (held_until is null or held_until < now())
    -- What is only to be added from another data folder's spool is left to that one.
    and (coalesce(spool_at, $1) = $1 or exists (
      select from jsonb_array_elements(plan) with ordinality as step (value, place)
      where step.value->>'kind' <> 'attach' and (progress->(step.place::int - 1)->>'done')::boolean is not true))
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
    update exchange.bond set sys_id = $3, number = $4 where bond_id = $1
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
    update exchange.bond set sys_id = $3, number = $4 where bond_id = $1
  )
  update exchange.recorded_write set progress = $2, sys_id = coalesce(sys_id, $3), number = coalesce(number, $4), state = 'done',
    finished_at = clock_timestamp(), spool_folder = null, holder = null, held_until = null
  where write_id = $1`

const letGo = sql`
  update exchange.recorded_write set progress = $2, state = $3, holder = null, held_until = null,
    next_attempt_at = now() + make_interval(secs => $4),
    attempted_at = case when $5::float8 is null then attempted_at else clock_timestamp() - make_interval(secs => $5) end
  where write_id = $1 and state <> 'done'`

const forget = sql`
  with gone as (delete from exchange.recorded_write where write_id = $1 returning write_id)
  delete from exchange.bond b using gone where b.bond_id = gone.write_id and b.sys_id is null`

const refreshFiles = sql`update exchange.recorded_write set plan = $2, spool_folder = $3, spool_at = $4 where write_id = $1`
// Whoever holds it may be in the middle of an attempt: how long ago that was counts from now.
const renewHold = sql`
  update exchange.recorded_write set held_until = ${HELD}, attempted_at = clock_timestamp()
  where write_id = any($1::uuid[]) and holder = $2 and state <> 'done'`
const freeHolds = sql`update exchange.recorded_write set holder = null, held_until = null where holder = $1 and state <> 'done'`
const unfinishedFolders = sql`select spool_folder as folder from exchange.recorded_write where spool_folder is not null`

const otherSaves = sql`
  select step.value->'values'->>$4 as text, (w.progress->(step.place::int - 1)->>'done')::boolean is true as done,
    (w.progress->(step.place::int - 1)->>'begun')::boolean is true as begun,
    w.place < (select place from exchange.recorded_write where write_id = $2) as earlier, (w.held_until > now()) is true as held
  from exchange.recorded_write w, jsonb_array_elements(w.plan) with ordinality as step (value, place)
  where w.environment = $1 and w.write_id <> $2 and step.value->>'kind' = 'save' and w.sys_id = $3 and step.value->'values' ? $4`

const abandonedFiles = sql`
  with old as (
    select write_id, spool_folder from exchange.recorded_write
    where state = 'halted' and spool_at = $1 and spool_folder is not null and next_attempt_at < now() - make_interval(days => $2) for update
  )
  update exchange.recorded_write w set spool_folder = null from old where w.write_id = old.write_id returning old.spool_folder as folder`

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
/** An equal request that is a new one all the same: the old one gives its key away. */
export const outdateWrite = (database: Database, writeId: string) => database.changed(outdate, [writeId])
export const claimWrite = (database: Database, writeId: string, holder: string) => database.row<RecordedWrite>(claim, [writeId, holder])
export const claimableWrites = (database: Database, holder: string) => database.rows<{ writeId: string }>(claimable, [holder])
export const forgetWrite = (database: Database, writeId: string) => database.changed(forget, [writeId])
/** Whether a partner's reference is that of a record which it did not file. */
export const isReferenceBound = async (database: Database, { environment, partnerId, reference, requestKey }: NewWrite) =>
  (await database.row(referenceBound, [environment, partnerId, reference, requestKey])) !== undefined
export const replaceFiles = (database: Database, writeId: string, plan: Step[], folder: string, holder: string) =>
  database.changed(refreshFiles, [writeId, JSON.stringify(plan), folder, holder])
export const renewHolds = (database: Database, writeIds: string[], holder: string) => database.changed(renewHold, [writeIds, holder])
/** What the last process on this data folder held when it ended is free again. */
export const freeHoldsOf = (database: Database, holder: string) => database.changed(freeHolds, [holder])
export const foldersInUse = (database: Database) => database.rows<{ folder: string }>(unfinishedFolders)

export interface LettingGo {
  state: 'open' | 'halted'
  againInSeconds: number
  /** When an attempt has just ended without an answer. */
  endedSecondsAgo?: number
}

export const letGoOf = (
  database: Database,
  { writeId, progress }: RecordedWrite,
  { state, againInSeconds, endedSecondsAgo = undefined }: LettingGo,
) => database.changed(letGo, [writeId, JSON.stringify(progress), state, againInSeconds, endedSecondsAgo ?? null])

/** The spool folders of writes that were refused so many days ago and not asked for again; their files are forgotten. */
export const forgetFiles = (database: Database, holder: string, days: number) =>
  database.rows<{ folder: string }>(abandonedFiles, [holder, days])

/** Writes down how far a write is; the first step of a filing binds its reference to the record in the same commit. */
export function saveProgress(
  database: Database,
  write: RecordedWrite,
  { finished, binds }: { finished: boolean; binds: boolean },
): Promise<number> {
  const how = finished ? (binds ? bindAndFinish : finish) : binds ? bind : advance
  return database.changed(how, [write.writeId, JSON.stringify(write.progress), write.sysId, write.number])
}

export interface OtherSave {
  text: string
  done: boolean
  begun: boolean
  /** Accepted before this write. */
  earlier: boolean
  /** Somebody works on it now. */
  held: boolean
}

/** The saves of other writes that put something into this journal of this record. */
export const otherSavesOf = (database: Database, write: RecordedWrite, sysId: string, element: string) =>
  database.rows<OtherSave>(otherSaves, [write.environment, write.writeId, sysId, element])

/** The attachments of a record that are known to come from some write. */
export async function knownAttachments(database: Database, environment: string, sysId: string): Promise<Set<string>> {
  const rows = await database.rows<{ sysId: string }>(sameFileBefore, [environment, sysId])
  return new Set(rows.map(row => row.sysId))
}

/** The writes of the last day, and the unfinished ones, on these records. `inFlight`: somebody works on it now. */
export const writesOn = (queries: Queries, environment: string, sysIds: readonly string[]) =>
  queries.rows<RecordedWrite & { inFlight: boolean }>(ofRecords, [environment, sysIds])
