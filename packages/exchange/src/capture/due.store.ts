import type { Database, Queries } from '../platform/database.ts'
import type { Environment } from '../platform/environment.ts'
import { sql } from '../platform/sql.ts'

const setBaseline = sql`update exchange.capture set baseline = $2, updated_on = $2, attachments_on = $2 where environment = $1`
const moveReach = sql`update exchange.capture set updated_on = $2, attachments_on = $3 where environment = $1`

const knownRecords = sql`
  insert into exchange.captured_record (environment, sys_id, mod_count, updated_on, partners)
  select $1, *, false from unnest($2::text[], $3::integer[], $4::text[]) on conflict do nothing`

const insertDue = sql`
  insert into exchange.capture_due (environment, sys_id, table_name)
  select $1, seen.sys_id, seen.table_name
  from unnest($2::text[], $3::text[], $4::integer[], $5::text[]) as seen (sys_id, table_name, mod_count, updated_on)
  left join exchange.captured_record known on known.environment = $1 and known.sys_id = seen.sys_id
  where known.sys_id is null or known.mod_count <> seen.mod_count or known.updated_on <> seen.updated_on
  on conflict (environment, sys_id) do update set noticed_at = clock_timestamp()`

const insertDueByFiles = sql`
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

const removeDue = sql`
  delete from exchange.capture_due d using unnest($2::text[], $3::text[]) as done (sys_id, noticed_at)
  where d.environment = $1 and d.sys_id = done.sys_id and d.noticed_at::text = done.noticed_at`

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

/** A record as a look saw it. */
export interface SeenRecord {
  sysId: string
  table: string
  modCount: number
  updatedOn: string
}

/** A file as a look saw it. */
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
    await queries.changed(insertDue, [
      environment,
      records.map(one => one.sysId),
      records.map(one => one.table),
      records.map(one => one.modCount),
      records.map(one => one.updatedOn),
    ])
  if (files.length)
    await queries.changed(insertDueByFiles, [
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
  queries.changed(removeDue, [environment, due.map(one => one.sysId), due.map(one => one.noticedAt)])
