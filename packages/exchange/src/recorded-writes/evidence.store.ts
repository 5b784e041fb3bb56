import type { Database, Queries } from '../platform/database.ts'
import type { Environment } from '../platform/environment.ts'
import { sql } from '../platform/sql.ts'
import type { RecordedWrite } from './recorded-write.ts'
import { COLUMNS } from './write-row.ts'

const otherSaves = sql`
  select step.value->'values'->>$4 as text, w.finished_at >= $5 as recent
  from exchange.recorded_write w, jsonb_array_elements(w.plan) with ordinality as step (value, place)
  where w.environment = $1 and w.write_id <> $2 and step.value->>'kind' = 'save' and w.sys_id = $3 and step.value->'values' ? $4
    and (w.progress->(step.place::int - 1)->>'done')::boolean`

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

export interface OtherSave {
  text: string
  /** Finished at or after the moment that was asked about. */
  recent: boolean
}

/** What the saves of other writes, those that are done, have put into this journal of this record. */
export const readOtherSaves = (
  database: Database,
  write: RecordedWrite,
  { sysId, element, since }: { sysId: string; element: string; since: Date },
) => database.rows<OtherSave>(otherSaves, [write.environment, write.writeId, sysId, element, since])

/** The attachments of a record that are known to come from some write. */
export async function readKnownAttachments(database: Database, environment: string, sysId: string): Promise<Set<string>> {
  const rows = await database.rows<{ sysId: string }>(sameFileBefore, [environment, sysId])
  return new Set(rows.map(row => row.sysId))
}

/** The writes of the last day, and the unfinished ones, on these records. `inFlight`: somebody works on it now. */
export const findWritesOn = (queries: Queries, environment: string, sysIds: readonly string[]) =>
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
export const readParkedWrites = (queries: Queries) => queries.rows<ParkedWrite>(parked)
