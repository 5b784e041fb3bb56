import type { Database, Queries } from '../platform/database.ts'
import type { Environment } from '../platform/environment.ts'
import { sql, unhurried } from '../platform/sql.ts'

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
