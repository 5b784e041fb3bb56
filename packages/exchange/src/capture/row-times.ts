import type { CapturedRecord } from './captured.store.ts'
import { earlier } from './instance-time.ts'
import type { LiveItem } from './sources.ts'

/** So far a clock may be put back. */
const CLOCK_PUT_BACK_SECONDS = 3_600

/**
 * From when on a record's rows count by their time: nothing that was not captured is older, as long as the instance's clock goes on. Keys
 * of rows are forgotten after 90 days, this is not.
 */
export function rowsCountFrom(record: LiveItem, captured: ReadonlyMap<string, CapturedRecord>, baseline: string): string {
  const known = captured.get(record.sysId)?.updatedOn
  if (!known) return rowsReadFrom(record, captured, baseline)
  const updatedOn = record.values.sys_updated_on ?? ''
  return earlier(known < updatedOn ? known : updatedOn, 120)
}

/**
 * From when on a record's rows are read. A clock that was put back gives later saves earlier times than the record, or its creation, had;
 * their numbers tell them. Of a record from before the baseline nothing older than that counts.
 */
export function rowsReadFrom({ sysId, values }: LiveItem, captured: ReadonlyMap<string, CapturedRecord>, baseline: string): string {
  const known = captured.get(sysId)?.updatedOn
  const created = values.sys_created_on ?? baseline
  if (!known && created < baseline) return baseline
  const updatedOn = values.sys_updated_on ?? ''
  const first = known === undefined ? created : known < updatedOn ? known : updatedOn
  return earlier(first, CLOCK_PUT_BACK_SECONDS)
}
