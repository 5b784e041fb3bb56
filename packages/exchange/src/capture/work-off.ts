import { type FailureKind, ServiceNowError } from '@deskbridge/servicenow'
import type { Desk } from '../connections/index.ts'
import type { LookBack } from '../lost-time/index.ts'
import type { Database } from '../platform/database.ts'
import type { Log } from '../platform/log.ts'
import type { Metrics } from '../platform/metrics.ts'
import { DatabaseAway } from '../platform/outage.ts'
import { type Due, parkRecords, readDue } from './due.store.ts'
import type { Reach } from './lease.store.ts'
import type { Outcome } from './turn.ts'
import { turnIntoUpdates } from './turn-into-updates.ts'

const BATCH = 100
/** Failures about rows: that record is parked. All others are the instance's, and stop the look. */
const ABOUT_ROWS = new Set<FailureKind>(['unreadable', 'forbidden', 'broken-answer', 'not-found'])

/** What working off needs. */
export interface WorkOffParts {
  database: Database
  desk: Desk
  log: Log
  metrics: Metrics
  holder: string
  /** Whether sys_audit may be read, as it was last. */
  auditReadable: { now: boolean }
  /** From when on the database may not know who wrote what. */
  lookBack: () => LookBack | undefined
  /** Called when comments are waiting to be carried to their tickets. */
  onCarries: () => void
  /** Whether nothing more is to be begun. */
  isClosed: () => boolean
  /** Keeps the lease between two batches; false when another process has it. */
  keepLease: () => Promise<boolean>
}

/**
 * Turns all that is due into updates, batch by batch.
 * @returns whether some of it was left for later, because a partner's request is being written to it
 */
export async function workOff(parts: WorkOffParts, reach: Reach): Promise<boolean> {
  const { database, desk } = parts
  const { environment } = desk
  const postponed: string[] = []
  while (!parts.isClosed()) {
    const due = await readDue(database, environment, BATCH, postponed)
    if (!due.length) break
    const outcome = await turnOrPark(parts, reach, due)
    if (outcome.updates === undefined) break
    if (outcome.updates) parts.metrics.countUpdates(environment, outcome.updates)
    if (outcome.carries) parts.onCarries()
    postponed.push(...outcome.postponed.filter(sysId => !outcome.blind?.records.includes(sysId)))
    if (outcome.blind)
      await parkRecords(database, environment, { sysIds: outcome.blind.records, kind: 'capture-blind', cause: outcome.blind.cause })
    if (!(await parts.keepLease())) break
  }
  return postponed.length > 0
}

/** One record that cannot be read or understood must not keep the others waiting: it is parked, and tried again. */
async function turnOrPark(parts: WorkOffParts, reach: Reach, due: Due[]): Promise<Outcome> {
  const { database, desk, holder, auditReadable } = parts
  try {
    return await turnIntoUpdates(
      { database, desk, baseline: reach.baseline!, fence: reach.fence, holder, auditReadable, back: parts.lookBack() },
      due,
    )
  } catch (error) {
    if (error instanceof DatabaseAway || (error instanceof ServiceNowError && !ABOUT_ROWS.has(error.kind))) throw error
    if (due.length > 1) return await turnOneByOne(parts, reach, due)
    await park(parts, due[0]!, error)
    return { updates: 0, postponed: [], carries: false, blind: undefined }
  }
}

async function turnOneByOne(parts: WorkOffParts, reach: Reach, due: readonly Due[]): Promise<Outcome> {
  let updates = 0
  const postponed: string[] = []
  let blind: Outcome['blind']
  for (const one of due) {
    const outcome = await turnOrPark(parts, reach, [one])
    if (outcome.updates === undefined) return outcome
    updates += outcome.updates
    postponed.push(...outcome.postponed)
    if (outcome.blind) blind = { ...outcome.blind, records: [...(blind?.records ?? []), ...outcome.blind.records] }
  }
  return { updates, postponed, carries: true, blind }
}

async function park({ database, desk: { environment }, log }: WorkOffParts, { sysId }: Due, error: unknown): Promise<void> {
  const kind = error instanceof ServiceNowError ? 'capture-blind' : 'record-parked'
  log.error('a record is parked; all others go on', { environment, kind, record: sysId, error: error as Error })
  await parkRecords(database, environment, { sysIds: [sysId], kind, cause: error instanceof Error ? error.message : String(error) })
}
