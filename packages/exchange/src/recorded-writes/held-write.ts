import type { Desks } from '../connections/index.ts'
import type { LookBack } from '../lost-time/index.ts'
import { shownNumber } from '../mapping/index.ts'
import type { Database } from '../platform/database.ts'
import type { Log } from '../platform/log.ts'
import type { OpenSpool } from '../spool/index.ts'
import { type Hold, thisMoment } from './hold.ts'
import { renewHolds } from './holds.store.ts'
import type { StepProgress } from './plan.ts'
import { type LettingGo, type Moved, releaseWrite, saveProgress } from './progress.store.ts'
import type { RecordedWrite } from './recorded-write.ts'

export interface CarryingParts {
  database: Database
  desks: Desks
  spool: OpenSpool
  log: Log
  /** Stays the same for a data folder. */
  holder: string
  /** From when on the database may not know what was written. */
  lookBack: () => LookBack | undefined
  /** Whether a record still belongs to this partner; null: to none. */
  isStillTheirs: (
    environment: RecordedWrite['environment'],
    record: { table: string; sysId: string; partnerId: string | null },
  ) => Promise<boolean>
  /** Called when something was written into an environment's instance. */
  onWritten: (environment: RecordedWrite['environment']) => void
  /** Called before a write is taken away again. */
  onDropped: (writeId: string) => void
}

/** `fresh`: nothing of the write can have been done by anybody else. `waits`: for what is under way on its record, because somebody waits for it. */
export interface Manner {
  fresh: boolean
  waits: boolean
}

/** A write that is worked on: what is left of it, and the hold under which that happens. */
export interface HeldWrite extends CarryingParts {
  write: RecordedWrite
  hold: Hold
  how: Manner
  back: LookBack | undefined
  /** When the record was last known to be theirs, on the clock that never jumps. */
  theirsAt: number
}

/** A write that is still held goes on in the background; the caller hears "not known yet" and asks again. */
export const ASK_AGAIN_SECONDS = 5
/** One probe or step of a write may take this long before it is given up, whoever waits. */
export const WORK_LIMIT_MS = 600_000

/** As the partner writes it. */
export const numberOf = ({ desks, write }: HeldWrite): string =>
  write.number === null ? 'the record' : shownNumber(write.number, desks[write.environment].mapping.numberLook)

/** The first step of a filing names its record. */
export function bindRecord(write: RecordedWrite, place: number, done: StepProgress): boolean {
  if (place !== 0 || write.plan[0]!.kind !== 'create') return false
  write.sysId = done.sysId ?? null
  write.number = done.number ?? null
  return true
}

/** A step that certainly did nothing is as if it had not been begun. */
export function markNotBegun(write: RecordedWrite, place: number): void {
  const { begun: _begun, ...rest } = write.progress[place] ?? {}
  write.progress[place] = rest
  write.underWay = null
}

/** After a pause of the process the database is asked before anything is written; at any other time this costs nothing. @throws HoldLost */
export function assertHeld({ database, hold, holder }: HeldWrite): Promise<void> | undefined {
  hold.assertNotLost()
  return hold.isSure ? undefined : renewHold(database, hold, holder)
}

async function renewHold(database: Database, hold: Hold, holder: string): Promise<void> {
  const asked = thisMoment()
  if ((await renewHolds(database, [hold], holder)).has(hold.writeId)) hold.confirm(asked)
  else hold.lose()
  hold.assertNotLost()
}

/** Moves the write on in the database. @throws HoldLost when it is somebody else's now */
export async function moveOn({ hold }: HeldWrite, statement: () => Promise<'held' | 'lost' | 'busy'>): Promise<'held' | 'busy'> {
  const asked = thisMoment()
  const moved = await statement()
  if (moved === 'lost') hold.lose()
  hold.assertNotLost()
  if (moved === 'held') {
    hold.confirm(asked)
    hold.sentUntil = undefined
  }
  return moved as 'held' | 'busy'
}

/** Saves how far the write is. */
export const saveStep = (held: HeldWrite, how: Moved) => moveOn(held, () => saveProgress(held.database, held.write, held.holder, how))

/** Gives the write back. @throws HoldLost when it was somebody else's already */
export async function release({ database, write, hold, holder }: HeldWrite, when: LettingGo): Promise<void> {
  if (!(await releaseWrite(database, write, holder, when))) hold.lose()
  hold.assertNotLost()
}
