import type { Database, Queries } from '../platform/database.ts'
import type { Environment } from '../platform/environment.ts'
import { sql, unhurried } from '../platform/sql.ts'
import { HOLD_SECONDS } from './hold.ts'
import { addedBy, type Step, type StepProgress } from './plan.ts'

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
  /** A filing's reference as it is compared, and its hash as if it had been sent with another form of it. */
  filing?: { referenceKey: string; hashWith(reference: string): string }
  /**
   * sys_mod_count of the record, where it does not show what this request asks for. If an equal request was done before that save,
   * somebody has changed it since, and this one is no retry.
   */
  movedOn?: number | undefined
}

export interface RecordedWrite extends Omit<NewWrite, 'bond' | 'filing' | 'movedOn'> {
  progress: StepProgress[]
  state: 'open' | 'halted' | 'done'
  /** Goes up with each new holder: what an earlier one still wants to write down is not taken. */
  fence: number
  /** What the step adds that is begun; nobody else adds an equal one to the record meanwhile. */
  underWay: string | null
  /** The data folder whose spool has the files. */
  spoolAt: string | null
  /** Milliseconds since it was accepted, and since its current step was begun; the database's clock. */
  ageMs: number
  attemptAgeMs: number
}

const COLUMNS = `write_id as "writeId", environment, partner_id as "partnerId", operation, request_key as "requestKey",
  idempotency_key as "idempotencyKey", content_sha256 as "contentSha256", table_name as "table", sys_id as "sysId", number, reference, plan, progress,
  state, fence, under_way as "underWay", spool_folder as "spoolFolder", spool_at as "spoolAt", (extract(epoch from clock_timestamp() - accepted_at) * 1000)::float8 as "ageMs",
  (extract(epoch from clock_timestamp() - attempted_at) * 1000)::float8 as "attemptAgeMs"`

/** PostgreSQL, appendix A: unique_violation. */
const UNIQUE_VIOLATION = '23505'
const HELD = `now() + interval '${String(HOLD_SECONDS)} seconds'`
/** Whoever stood still for longer than its hold has lost it, and moves nothing any more. $1 is the write, $2 its holder, $3 the fence. */
const STILL_HELD = `write_id = $1 and holder = $2 and fence = $3 and state <> 'done'`

const INTO_WRITES = `insert into exchange.recorded_write (write_id, environment, partner_id, operation, request_key, idempotency_key,
    content_sha256, table_name, sys_id, number, reference, plan, spool_folder, spool_at, progress, holder, held_until, under_way)`

const insertWrite = sql`
  ${INTO_WRITES}
  values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $14, ${HELD}, $16)
  on conflict do nothing`

const insertOwn = sql`
  insert into exchange.recorded_write (write_id, environment, operation, request_key, content_sha256, table_name, sys_id, number, plan)
  values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
  on conflict do nothing`

// A filing's bond has the write's id. A plan that was made while the tables were empty took the first index that fits, and
// looked through all bonds of the partner: 3.5 ms for each of the first 5,000 tickets, 0.4 by this key.
// A bond that was made again from the record, because the database had lost its filing, is the filing's when that comes again. What is
// asked of the bond stands in its own row: another table would be seen as it was before a filing that runs beside this one.
const insertFiling = sql`
  with bond as (
    insert into exchange.bond as known (bond_id, environment, partner_id, word, is_task, reference, reference_key, correlation_id, table_name)
    values ($1::uuid, $2, $3, $17, false, $11, $19, $18, $8)
    on conflict (environment, partner_id, is_task, reference_key) do update set bond_id = excluded.bond_id, remade = false
      where known.remade and known.correlation_id = excluded.correlation_id
    returning bond_id, sys_id
  ), accepted as (
    ${INTO_WRITES}
    select $1::uuid, $2, $3::uuid, $4, $5, $6, $7, $8, $9, $10, $11, $12::jsonb, $13, $14, $15::jsonb, $14, ${HELD}, $16 from bond
  )
  select sys_id is not null as made from bond`

/** A reference that was given to a record which the operator made. One statement sees a filing's two rows both, or neither. */
const referenceBound = sql`
  select from exchange.bond b where b.environment = $1 and b.partner_id = $2 and not b.is_task and b.reference_key = $3
    and not exists (select from exchange.recorded_write w where w.environment = $1 and w.partner_id = $2 and w.request_key = $4)`

const byRequest = sql`
  select ${COLUMNS} from exchange.recorded_write
  where environment = $1 and partner_id is not distinct from $2 and (request_key = any($3::text[]) or idempotency_key = $4)
  order by (idempotency_key is not distinct from $4) desc, (request_key = $3[1]) desc limit 1`

const outdate = sql`
  update exchange.recorded_write set request_key = request_key || ':' || write_id
  where write_id = $1 and state = 'done'`

const byId = sql`select ${COLUMNS} from exchange.recorded_write where write_id = $1`

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

const PROGRESS = `progress = $4, sys_id = coalesce(sys_id, $5), number = coalesce(number, $6), under_way = $7, parked = null, parked_since = null`
const FINISHED = `state = 'done', finished_at = clock_timestamp(), spool_folder = null, holder = null, held_until = null`
const GOES_ON = `attempted_at = clock_timestamp(), held_until = ${HELD}`
/** The first step of a filing binds its reference to the record in the same commit. */
const BINDS = `
  bound as (update exchange.bond b set sys_id = $5, number = $6 from moved where b.bond_id = moved.write_id)`

const advance = sql`update exchange.recorded_write set ${PROGRESS}, ${GOES_ON} where ${STILL_HELD}`
const finish = sql`update exchange.recorded_write set ${PROGRESS}, ${FINISHED} where ${STILL_HELD}`
const bind = sql`
  with moved as (update exchange.recorded_write set ${PROGRESS}, ${GOES_ON} where ${STILL_HELD} returning write_id), ${BINDS}
  select from moved`
const bindAndFinish = sql`
  with moved as (update exchange.recorded_write set ${PROGRESS}, ${FINISHED} where ${STILL_HELD} returning write_id), ${BINDS}
  select from moved`

const take = sql`update exchange.recorded_write set under_way = $4, held_until = ${HELD} where ${STILL_HELD}`

const letGo = sql`
  update exchange.recorded_write set progress = $4, state = $5, holder = null, held_until = null, under_way = $6,
    next_attempt_at = now() + make_interval(secs => $7),
    attempted_at = case when $8::float8 is null then attempted_at else clock_timestamp() - make_interval(secs => $8) end,
    parked = $9::text, parked_since = case when $9::text is null then null else coalesce(parked_since, now()) end
  where ${STILL_HELD}`

// A bond that the record proves stays, and waits for its filing again.
const forget = sql`
  with gone as (delete from exchange.recorded_write where ${STILL_HELD} returning write_id),
    noted as (insert into exchange.forgotten_write (write_id) select write_id from gone),
    unbound as (delete from exchange.bond b using gone where b.bond_id = gone.write_id and b.sys_id is null),
    kept as (update exchange.bond b set remade = true from gone where b.bond_id = gone.write_id and b.sys_id is not null)
  select from gone`

const refreshFiles = sql`update exchange.recorded_write set plan = $4, spool_folder = $5, spool_at = $2 where ${STILL_HELD}`
// Whoever holds it may be in the middle of an attempt: how long ago that was counts from now.
const renewHold = sql`
  update exchange.recorded_write w set held_until = ${HELD}, attempted_at = clock_timestamp()
  from unnest($1::uuid[], $3::bigint[]) as ours (write_id, fence)
  where w.write_id = ours.write_id and w.fence = ours.fence and w.holder = $2 and w.state <> 'done'
  returning w.write_id as "writeId"`
const heldBy = sql`
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
const unfinishedFolders = sql`select spool_folder as folder from exchange.recorded_write where spool_folder is not null`

const otherSaves = sql`
  select step.value->'values'->>$4 as text, w.finished_at >= $5 as recent
  from exchange.recorded_write w, jsonb_array_elements(w.plan) with ordinality as step (value, place)
  where w.environment = $1 and w.write_id <> $2 and step.value->>'kind' = 'save' and w.sys_id = $3 and step.value->'values' ? $4
    and (w.progress->(step.place::int - 1)->>'done')::boolean`

/** What was asked is needed as long as it may have to be looked for: a lost time is looked back on for 7 days. The key and the hash stay. */
const PLANS_KEPT_DAYS = '8'
const dropPlans = unhurried(sql`
  update exchange.recorded_write set plan = '[]', progress = '[]' where write_id in (
    select write_id from exchange.recorded_write
    where state = 'done' and plan <> '[]' and finished_at < now() - make_interval(days => ${PLANS_KEPT_DAYS}) limit 10000)`)

/** After a refusal the files wait so long for the partner's next try; while the service desk is away, so long for it. */
const FILES_KEPT = { refusedMinutes: '15', waitingDays: '7' }
const abandonedFiles = sql`
  with old as (
    select write_id, spool_folder from exchange.recorded_write
    where spool_at = $1 and spool_folder is not null and (held_until is null or held_until < now())
      and (state = 'halted' and next_attempt_at < now() - make_interval(mins => ${FILES_KEPT.refusedMinutes})
        or state = 'open' and accepted_at < now() - make_interval(days => ${FILES_KEPT.waitingDays})) for update
  )
  update exchange.recorded_write w set spool_folder = null from old where w.write_id = old.write_id returning old.spool_folder as folder`

const sameFileBefore = sql`
  select progress_step.value->>'sysId' as "sysId" from exchange.recorded_write w, jsonb_array_elements(w.progress) as progress_step (value)
  where w.environment = $1 and w.sys_id = $2 and progress_step.value ? 'sysId'`

const ofRecords = sql`
  select ${COLUMNS}, (held_until > now()) is true as "inFlight" from exchange.recorded_write
  where environment = $1 and sys_id = any($2::text[]) and (state <> 'done' or finished_at > now() - interval '1 day')
  order by accepted_at`

const parked = sql`
  select w.environment, p.name as partner, w.operation, w.reference, w.number, w.parked as why, w.parked_since as since
  from exchange.recorded_write w left join exchange.partner p using (partner_id)
  where w.parked is not null order by w.parked_since`

/**
 * Accepts a write with its first step begun, unless one with the same key is there already, or an equal thing is under way on the
 * same record. `waits`: the first step is not begun yet, so that only the key counts. `made`: its ticket was made before, as its bond says,
 * and the database has lost how.
 */
export async function acceptWrite(
  queries: Queries,
  write: NewWrite,
  holder: string,
  waits: boolean,
): Promise<'accepted' | 'made' | undefined> {
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
    JSON.stringify(waits ? [] : [{ begun: true }]),
    waits ? null : addedBy(write.plan[0]),
  ]
  if (!write.bond) return (await queries.changed(insertWrite, values)) === 1 ? 'accepted' : undefined
  try {
    const rows = await queries.writing<{ made: boolean }>(insertFiling, [
      ...values,
      write.bond.word,
      write.bond.correlationId,
      write.filing!.referenceKey,
    ])
    return rows[0] && (rows[0].made ? 'made' : 'accepted')
  } catch (error) {
    // The reference was free and the Idempotency-Key was not: PostgreSQL took the whole statement back.
    if ((error as { code?: string }).code === UNIQUE_VIOLATION) return undefined
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

/** A filing whose reference was there in its very form before forms were compared is found by that first. */
export const findWrite = (database: Database, { environment, partnerId, requestKey, idempotencyKey, filing, reference }: NewWrite) =>
  database.row<RecordedWrite>(byRequest, [
    environment,
    partnerId,
    filing ? [...new Set([`reference:${reference}`, requestKey])] : [requestKey],
    idempotencyKey,
  ])
export const readWrite = (database: Database, writeId: string) => database.row<RecordedWrite>(byId, [writeId])
/** An equal request that is a new one all the same: the old one gives its key away. */
export const outdateWrite = (database: Database, writeId: string) => database.changed(outdate, [writeId])
export const claimWrite = (database: Database, writeId: string, holder: string) => database.row<RecordedWrite>(claim, [writeId, holder])
export const claimableWrites = (database: Database, holder: string) =>
  database.rows<{ writeId: string; environment: Environment }>(claimable, [holder])
/** Whether a partner's reference is that of a record which it did not file. */
export const isReferenceBound = async (database: Database, { environment, partnerId, filing, requestKey }: NewWrite) =>
  (await database.row(referenceBound, [environment, partnerId, filing!.referenceKey, requestKey])) !== undefined

/** A write that this process holds, as every statement that moves it must say. */
export interface Held {
  writeId: string
  fence: number
}

const proof = ({ writeId, fence }: Held, holder: string) => [writeId, holder, fence]

export const forgetWrite = async (database: Database, held: Held, holder: string) =>
  (await database.writing(forget, proof(held, holder))).length === 1
export const replaceFiles = async (database: Database, held: Held, holder: string, plan: Step[], folder: string) =>
  (await database.changed(refreshFiles, [...proof(held, holder), JSON.stringify(plan), folder])) === 1
const idsAndFences = (held: readonly Held[], holder: string) => [held.map(({ writeId }) => writeId), holder, held.map(({ fence }) => fence)]

/** Holds these for longer, and says which of them are still held. */
export async function renewHolds(database: Database, held: readonly Held[], holder: string): Promise<Set<string>> {
  const rows = await database.writing<{ writeId: string }>(renewHold, idsAndFences(held, holder))
  return new Set(rows.map(({ writeId }) => writeId))
}
/** What this data folder's process holds, as the database has it. */
export const holdsOf = (database: Database, holder: string) => database.rows<Held>(heldBy, [holder])
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
export const freeHoldsOf = (database: Database, holder: string) => database.changed(freeHolds, [holder])
export const foldersInUse = (database: Database) => database.rows<{ folder: string }>(unfinishedFolders)

export interface LettingGo {
  state: 'open' | 'halted'
  againInSeconds: number
  /** When an attempt has just ended without an answer. */
  endedSecondsAgo?: number
  /** Why only a person can say how it goes on. */
  parked?: string
}

/** Gives a write back; false when it was not held any more. */
export const letGoOf = async (
  database: Database,
  write: RecordedWrite,
  holder: string,
  { state, againInSeconds, endedSecondsAgo, parked }: LettingGo,
): Promise<boolean> =>
  (await database.changed(letGo, [
    ...proof(write, holder),
    JSON.stringify(write.progress),
    state,
    write.underWay,
    againInSeconds,
    endedSecondsAgo ?? null,
    parked ?? null,
  ])) === 1

/** Gives up what finished writes had asked for, 10,000 at a time; how many. */
export const forgetPlans = (database: Database) => database.changed(dropPlans)

/** The spool folders of writes that were refused, or have waited, for too long and were not asked for again; their files are forgotten. */
export const forgetFiles = (database: Database, holder: string) => database.rows<{ folder: string }>(abandonedFiles, [holder])

export interface Moved {
  finished: boolean
  binds: boolean
}

/**
 * Writes down how far a write is: `held` when it was, `lost` when somebody else holds it now, `busy` when the step that is begun with
 * it adds what is under way on the record already.
 */
export async function saveProgress(
  database: Database,
  write: RecordedWrite,
  holder: string,
  { finished, binds }: Moved,
): Promise<'held' | 'lost' | 'busy'> {
  const values = [...proof(write, holder), JSON.stringify(write.progress), write.sysId, write.number, write.underWay]
  const moved = binds
    ? async () => (await database.writing(finished ? bindAndFinish : bind, values)).length
    : () => database.changed(finished ? finish : advance, values)
  return (await unlessBusy(moved)) ?? 'busy'
}

/** Nobody else adds this to the record from now on. */
export const takeUnderWay = async (database: Database, held: Held, holder: string, added: string): Promise<'held' | 'lost' | 'busy'> =>
  (await unlessBusy(() => database.changed(take, [...proof(held, holder), added]))) ?? 'busy'

async function unlessBusy(move: () => Promise<number>): Promise<'held' | 'lost' | undefined> {
  try {
    return (await move()) === 1 ? 'held' : 'lost'
  } catch (error) {
    const { code, constraint } = error as { code?: string; constraint?: string }
    if (code === UNIQUE_VIOLATION && constraint === 'recorded_write_under_way') return undefined
    throw error
  }
}

export interface OtherSave {
  text: string
  /** Finished at or after the moment that was asked about. */
  recent: boolean
}

/** What the saves of other writes, those that are done, have put into this journal of this record. */
export const otherSavesOf = (database: Database, write: RecordedWrite, sysId: string, element: string, since: Date) =>
  database.rows<OtherSave>(otherSaves, [write.environment, write.writeId, sysId, element, since])

/** The attachments of a record that are known to come from some write. */
export async function knownAttachments(database: Database, environment: string, sysId: string): Promise<Set<string>> {
  const rows = await database.rows<{ sysId: string }>(sameFileBefore, [environment, sysId])
  return new Set(rows.map(row => row.sysId))
}

/** The writes of the last day, and the unfinished ones, on these records. `inFlight`: somebody works on it now. */
export const writesOn = (queries: Queries, environment: string, sysIds: readonly string[]) =>
  queries.rows<RecordedWrite & { inFlight: boolean }>(ofRecords, [environment, sysIds])

export interface ParkedWrite {
  environment: Environment
  partner: string | null
  operation: string
  reference: string | null
  number: string | null
  why: string
  since: Date
}

/** The writes that only a person can say how to go on with. */
export const parkedWrites = (queries: Queries) => queries.rows<ParkedWrite>(parked)
