import type { Database, Queries } from '../platform/database.ts'
import type { Environment } from '../platform/environment.ts'
import { sql, unhurried } from '../platform/sql.ts'

/** How far capture got in an environment. Times are the instance's, in UTC, as it writes them. */
export interface Reach {
  fence: number
  baseline: string | null
  updatedOn: string | null
  attachmentsOn: string | null
}

const take = sql`
  update exchange.capture set holder = $2, held_until = now() + interval '10 seconds',
    fence = case when holder = $2 and held_until > now() then fence else fence + 1 end
  where environment = $1 and (holder = $2 or held_until is null or held_until < now())
  returning fence, baseline, updated_on as "updatedOn", attachments_on as "attachmentsOn"`

const giveUp = sql`update exchange.capture set held_until = null where environment = $1 and holder = $2`
const stillOurs = sql`select from exchange.capture where environment = $1 and fence = $2 and holder = $3 for update`
const setBaseline = sql`update exchange.capture set baseline = $2, updated_on = $2, attachments_on = $2 where environment = $1`
const moveReach = sql`update exchange.capture set updated_on = $2, attachments_on = $3 where environment = $1`

const knownRecords = sql`
  insert into exchange.captured_record (environment, sys_id, mod_count, updated_on, partners)
  select $1, *, false from unnest($2::text[], $3::integer[], $4::text[]) on conflict do nothing`

const notice = sql`
  insert into exchange.capture_due (environment, sys_id, table_name)
  select $1, seen.sys_id, seen.table_name
  from unnest($2::text[], $3::text[], $4::integer[], $5::text[]) as seen (sys_id, table_name, mod_count, updated_on)
  left join exchange.captured_record known on known.environment = $1 and known.sys_id = seen.sys_id
  where known.sys_id is null or known.mod_count <> seen.mod_count or known.updated_on <> seen.updated_on
  on conflict (environment, sys_id) do update set noticed_at = clock_timestamp()`

const noticeFiles = sql`
  insert into exchange.capture_due (environment, sys_id, table_name)
  select distinct on (seen.record_sys_id) $1, seen.record_sys_id, seen.table_name
  from unnest($2::text[], $3::text[], $4::text[]) as seen (source_id, record_sys_id, table_name)
  left join exchange.captured_source known on known.environment = $1 and known.source_id = seen.source_id
  where known.source_id is null
  on conflict (environment, sys_id) do update set noticed_at = clock_timestamp()`

const dueRecords = sql`
  select sys_id as "sysId", table_name as "table", noticed_at::text as "noticedAt" from exchange.capture_due
  where environment = $1 and not (sys_id = any($3::text[])) and (again_at is null or again_at <= now()) order by noticed_at, sys_id limit $2`

/** A record that cannot be captured is tried again after 1 s, then 2, 4 and so on, at most 15 s, each time a little differently. */
const park = sql`
  update exchange.capture_due set trouble = $3, cause = $4, parked_since = coalesce(parked_since, now()), tries = tries + 1,
    again_at = now() + make_interval(secs => least(power(2, tries), 15) * (0.75 + random() / 2))
  where environment = $1 and sys_id = any($2::text[])`

const parked = sql`
  select environment, trouble as kind, count(*)::int as count, min(parked_since) as since, min(cause) as cause, array_agg(sys_id) as records
  from exchange.capture_due where trouble is not null group by environment, trouble`

const settled = sql`
  delete from exchange.capture_due d using unnest($2::text[], $3::text[]) as done (sys_id, noticed_at)
  where d.environment = $1 and d.sys_id = done.sys_id and d.noticed_at::text = done.noticed_at`

const capturedRecords = sql`
  select sys_id as "sysId", mod_count as "modCount", updated_on as "updatedOn", fields from exchange.captured_record
  where environment = $1 and sys_id = any($2::text[])`

const saveRecords = sql`
  insert into exchange.captured_record (environment, sys_id, mod_count, updated_on, fields, partners)
  select $1, * from unnest($2::text[], $3::integer[], $4::text[], $5::jsonb[], $6::boolean[])
  on conflict (environment, sys_id) do update set mod_count = excluded.mod_count, updated_on = excluded.updated_on, fields = excluded.fields,
    partners = excluded.partners, captured_at = now()`

const knownOf = sql`
  select sys_id as "sysId" from exchange.captured_record where environment = $1 and sys_id = any($2::text[]) and fields is not null
  union select sys_id from exchange.bond where environment = $1 and sys_id = any($2::text[])`

// What a bond remembers stays: were it forgotten, a record that comes back would be told from its beginning.
const forgetNobodys = unhurried(sql`
  delete from exchange.captured_record r
  where not partners and captured_at < now() - make_interval(secs => $1)
    and not exists (select from exchange.bond b where b.environment = r.environment and b.sys_id = r.sys_id)`)

const sourcesOf = sql`
  select source_id as "sourceId", write_id as "writeId" from exchange.captured_source where environment = $1 and record_sys_id = any($2::text[])`

const saveSources = sql`
  insert into exchange.captured_source (environment, source_id, record_sys_id, write_id)
  select $1, * from unnest($2::text[], $3::text[], $4::uuid[])`

const forgetSources = unhurried(sql`delete from exchange.captured_source where captured_at < now() - make_interval(days => $1)`)

/** A save waits so long for its update only when something is wrong. */
const BEHIND_AFTER_SECONDS = 60

const behind = sql`
  select environment, count(*)::int as count, min(noticed_at) as since from exchange.capture_due
  where noticed_at < now() - make_interval(secs => ${String(BEHIND_AFTER_SECONDS)}) and trouble is null group by environment`

export interface Behind {
  environment: Environment
  count: number
  since: Date
}

/** How many records wait for longer than a minute for their updates, by environment. */
export const readCapturesBehind = (database: Database) => database.rows<Behind>(behind)

/** Leaves records for later, because they cannot be captured now. */
export const parkRecords = (
  database: Database,
  environment: Environment,
  { sysIds, kind, cause }: { sysIds: readonly string[]; kind: ParkedRecords['kind']; cause: string },
) => database.changed(park, [environment, sysIds, kind, cause])

export interface ParkedRecords {
  kind: 'capture-blind' | 'record-parked'
  environment: Environment
  count: number
  since: Date
  cause: string
  records: readonly string[]
}

/** The records that cannot be captured now, by environment and kind. */
export const readParkedRecords = (database: Database) => database.rows<ParkedRecords>(parked)

/** Takes or keeps the lease; undefined while another process has it. The fence number goes up with every new holder. */
export const takeCapture = (database: Database, environment: Environment, holder: string) =>
  database.row<Reach>(take, [environment, holder])
export const giveCaptureUp = (database: Database, environment: Environment, holder: string) =>
  database.changed(giveUp, [environment, holder])
/** Whether this process is still the one that captures; checked inside the transaction that writes. */
export const holdsFence = async (queries: Queries, environment: Environment, fence: number, holder: string) =>
  (await queries.row(stillOurs, [environment, fence, holder])) !== undefined

export interface SeenRecord {
  sysId: string
  table: string
  modCount: number
  updatedOn: string
}

export interface SeenFile {
  sysId: string
  recordSysId: string
  table: string
}

/** The first look: what is there now is history. */
export async function recordBaseline(queries: Queries, environment: Environment, baseline: string, known: SeenRecord[]): Promise<void> {
  await queries.changed(setBaseline, [environment, baseline])
  await queries.changed(knownRecords, [
    environment,
    known.map(one => one.sysId),
    known.map(one => one.modCount),
    known.map(one => one.updatedOn),
  ])
}

/** What a look found, and how far it is. */
export interface FoundDue {
  records: readonly SeenRecord[]
  files: readonly SeenFile[]
  updatedOn: string
  attachmentsOn: string
}

/** Writes down which records changed, and moves the cursors. */
export async function recordDueRecords(
  queries: Queries,
  environment: Environment,
  { records, files, updatedOn, attachmentsOn }: FoundDue,
): Promise<void> {
  if (records.length)
    await queries.changed(notice, [
      environment,
      records.map(one => one.sysId),
      records.map(one => one.table),
      records.map(one => one.modCount),
      records.map(one => one.updatedOn),
    ])
  if (files.length)
    await queries.changed(noticeFiles, [
      environment,
      files.map(one => one.sysId),
      files.map(one => one.recordSysId),
      files.map(one => one.table),
    ])
  await queries.changed(moveReach, [environment, updatedOn, attachmentsOn])
}

export interface Due {
  sysId: string
  table: string
  noticedAt: string
}

export const readDue = (database: Database, environment: Environment, limit: number, except: readonly string[]) =>
  database.rows<Due>(dueRecords, [environment, limit, except])
/** No longer due, unless they were noticed again meanwhile. */
export const deleteDue = (queries: Queries, environment: Environment, due: readonly Due[]) =>
  queries.changed(settled, [environment, due.map(one => one.sysId), due.map(one => one.noticedAt)])

/** Which of these records are known: a partner's at the last look, or bound to a partner's reference. */
export async function findKnownRecords(database: Database, environment: Environment, sysIds: readonly string[]): Promise<Set<string>> {
  if (!sysIds.length) return new Set()
  const rows = await database.rows<{ sysId: string }>(knownOf, [environment, sysIds])
  return new Set(rows.map(({ sysId }) => sysId))
}

/** Removes what is kept of records that are nobody's, so many seconds after they were captured. */
export const forgetNobodysRecords = (database: Database, seconds: number) => database.changed(forgetNobodys, [seconds])

export interface CapturedRecord {
  sysId: string
  modCount: number
  updatedOn: string
  fields: Record<string, string> | null
}

export const readCaptured = (database: Database, environment: Environment, sysIds: readonly string[]) =>
  database.rows<CapturedRecord>(capturedRecords, [environment, sysIds])
export const saveCaptured = (queries: Queries, environment: Environment, records: readonly (CapturedRecord & { partners: boolean })[]) =>
  queries.changed(saveRecords, [
    environment,
    records.map(one => one.sysId),
    records.map(one => one.modCount),
    records.map(one => one.updatedOn),
    records.map(one => JSON.stringify(one.fields)),
    records.map(one => one.partners),
  ])

/** The rows of these records that were turned into updates already, and the write that each came from. */
export async function readCapturedSources(
  database: Database,
  environment: Environment,
  sysIds: readonly string[],
): Promise<Map<string, string | null>> {
  const rows = await database.rows<{ sourceId: string; writeId: string | null }>(sourcesOf, [environment, sysIds])
  return new Map(rows.map(row => [row.sourceId, row.writeId]))
}

export interface NewSource {
  sourceId: string
  recordSysId: string
  writeId: string | null
}

export const insertSources = (queries: Queries, environment: Environment, sources: readonly NewSource[]) =>
  queries.changed(saveSources, [
    environment,
    sources.map(one => one.sourceId),
    sources.map(one => one.recordSysId),
    sources.map(one => one.writeId),
  ])
export const forgetOldSources = (database: Database, days: number) => database.changed(forgetSources, [days])
