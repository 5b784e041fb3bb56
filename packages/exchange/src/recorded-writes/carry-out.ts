import { setTimeout as pause } from 'node:timers/promises'
import { ServiceNowError } from '@deskbridge/servicenow'
import { type Desks, outcomeUnknown, passes, refusedWrite, toPartner } from '../connections/index.ts'
import type { LookBack } from '../lost-time/index.ts'
import { shownNumber } from '../mapping/index.ts'
import { checkedBeforeWriting } from '../platform/before-writing.ts'
import type { Database } from '../platform/database.ts'
import { ExchangeError } from '../platform/errors.ts'
import type { Log } from '../platform/log.ts'
import type { OpenSpool } from '../spool/index.ts'
import { type Hold, thisMoment } from './hold.ts'
import { renewHolds } from './holds.store.ts'
import { doStep, FileGone } from './perform.ts'
import { addedBy, NEEDED_FIELDS, remainder, type Step, type StepProgress } from './plan.ts'
import { closedMeanwhile, findDone, TwoFound } from './probe.ts'
import { forgetWrite, type LettingGo, letGoOf, type Moved, saveProgress, takeUnderWay } from './progress.store.ts'
import type { RecordedWrite } from './recorded-write.ts'
import { recordDeleted } from './request.ts'

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
  isStillTheirs: (environment: RecordedWrite['environment'], table: string, sysId: string, partnerId: string | null) => Promise<boolean>
  /** Called when something was written into an environment's instance. */
  written: (environment: RecordedWrite['environment']) => void
  /** Called before a write is taken away again. */
  dropped: (writeId: string) => void
}

/** `fresh`: nothing of the write can have been done by anybody else. `waits`: for what is under way on its record, because somebody waits for it. */
export interface Manner {
  fresh: boolean
  waits: boolean
}

/** A write that is worked on: what is left of it, and the hold under which that happens. */
interface Work extends CarryingParts {
  write: RecordedWrite
  hold: Hold
  how: Manner
  back: LookBack | undefined
  /** When the record was last known to be theirs, on the clock that never jumps. */
  theirsAt: number
}

/** A write that is still held goes on in the background; the caller hears "not known yet" and asks again. */
export const ASK_AGAIN_SECONDS = 5
/** Right after a lost answer the write is usually there already, or will be in a moment. */
const FIRST_PROBES_MS = [50, 500, 1_500, 4_000] as const
/** One probe or step of a write may take this long before it is given up, whoever waits. */
const WORK_LIMIT_MS = 600_000
/** A step that comes so long after its record was looked at asks again whose it is. */
const THEIRS_FOR_MS = 10_000
/** How long a step waits for what is under way on its record and could be taken for its own. */
const EQUAL_ONE_MS = { atFirst: 20, atMost: 250, inAll: 10_000 }
const PARKED_AGAIN_SECONDS = 60
const WAITED_AGAIN_SECONDS = 2
const LEFT_OUT_AGAIN_SECONDS = 60
const STILL_WRITES_MS = 250

/** Does what is left of a write. */
export async function carryOut(parts: CarryingParts, write: RecordedWrite, hold: Hold, how: Manner): Promise<RecordedWrite> {
  const { fresh } = how
  const theirsAt = fresh ? performance.now() : Number.NEGATIVE_INFINITY
  const work: Work = { ...parts, write, hold, how, back: parts.lookBack(), theirsAt }
  /** Whether nothing of what is left can be there already. */
  let certain = fresh && !work.back
  for (const [place, planned] of write.plan.entries()) {
    const before = write.progress[place]
    if (before?.done) continue
    // What the instance left out is added alone; that it is not there is known.
    const step = remainder(planned, before ?? {})
    const wasBegun = write.progress[place]?.begun === true
    if (wasBegun) await alone(work, place)
    else await begin(work, place)
    const found = !certain && (wasBegun || work.back) ? await lookFor(work, place, wasBegun && !fresh) : undefined
    let done = found && completed(before, found)
    if (!done) {
      if (wasBegun && !certain) await begin(work, place)
      await assertTheirs(work, place)
      done = completed(before, await attempt(work, place, step))
      if (!done.done) throw await leftOut(work, place, done)
    }
    await writeDown(work, place, done)
    certain = !work.back
    parts.written(write.environment)
  }
  if (write.spoolFolder) await parts.spool.remove(write.spoolFolder)
  return { ...write, state: 'done' }
}

/** What is known of a step from before, and what came of doing what was left of it. */
function completed({ sysId, number }: StepProgress = {}, { sysId: saved, number: told, ...outcome }: StepProgress): StepProgress {
  return { ...outcome, ...((sysId ?? saved) ? { sysId: sysId ?? saved! } : {}), ...((number ?? told) ? { number: number ?? told! } : {}) }
}

/** The instance said yes and left something out. Its record is written down, so that a retry adds that alone. */
async function leftOut(work: Work, place: number, done: StepProgress): Promise<unknown> {
  const { write } = work
  const { begun: _begun, ...known } = done
  const lacks = done.lacks ?? []
  const needed = lacks.some(field => NEEDED_FIELDS.includes(field))
  write.progress[place] = known
  write.underWay = null
  const binds = bindsAt(write, place, done)
  await save(work, { finished: false, binds })
  const what = `The service desk did not take ${lacks.join(', ')} of ${numberOf(work)}`
  await letGo(work, needed ? { state: 'open', againInSeconds: PARKED_AGAIN_SECONDS, parked: what } : { state: 'halted', againInSeconds: 0 })
  return new ExchangeError('left_out_by_service_desk', `${what}. Everything else was done.`, {
    retryAfter: LEFT_OUT_AGAIN_SECONDS,
    extra: { left_out: lacks },
  })
}

/** As the partner writes it. */
const numberOf = ({ desks, write }: Work): string =>
  write.number === null ? 'the record' : shownNumber(write.number, desks[write.environment].mapping.numberLook)

/** The first step of a filing names its record. */
function bindsAt(write: RecordedWrite, place: number, done: StepProgress): boolean {
  if (place !== 0 || write.plan[0]!.kind !== 'create') return false
  write.sysId = done.sysId ?? null
  write.number = done.number ?? null
  return true
}

async function attempt(work: Work, place: number, step: Step): Promise<StepProgress> {
  const { write, hold, desks, spool } = work
  try {
    return await checkedBeforeWriting(
      () => assertHeld(work),
      () => doStep(desks[write.environment], write, step, spool, () => hold.isPossible),
    )
  } catch (failure) {
    hold.assertNotLost()
    return await afterFailure(work, place, step, failure)
  } finally {
    hold.sentUntil = performance.now()
  }
}

/** Whoever stood still asks before it writes; at any other time this costs nothing. @throws HoldLost */
function assertHeld({ database, hold, holder }: Work): Promise<void> | undefined {
  hold.assertNotLost()
  return hold.isSure ? undefined : holdAgain(database, hold, holder)
}

async function holdAgain(database: Database, hold: Hold, holder: string): Promise<void> {
  const asked = thisMoment()
  if ((await renewHolds(database, [hold], holder)).has(hold.writeId)) hold.confirm(asked)
  else hold.lose()
  hold.assertNotLost()
}

/** Moves the write on in the database. @throws HoldLost when it is somebody else's now */
async function move({ hold }: Work, statement: () => Promise<'held' | 'lost' | 'busy'>): Promise<'held' | 'busy'> {
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

const save = (work: Work, how: Moved) => move(work, () => saveProgress(work.database, work.write, work.holder, how))

/** Begins a step, as soon as nothing is under way on its record that could be taken for its own. */
async function begin(work: Work, place: number): Promise<void> {
  const { write } = work
  const before = write.progress[place]
  write.progress[place] = { ...before, begun: true }
  write.underWay = addedBy(write.plan[place])
  const undo = () => {
    write.progress[place] = before ?? {}
  }
  await whenAlone(work, () => save(work, { finished: false, binds: false }), undo)
  write.attemptAgeMs = 0
}

/** The same for a step that was begun before. */
async function alone(work: Work, place: number): Promise<void> {
  const { write, database, holder } = work
  const added = addedBy(write.plan[place])
  if (added === null || write.underWay === added) return
  await whenAlone(
    work,
    () => move(work, () => takeUnderWay(database, write, holder, added)),
    () => {},
  )
  write.underWay = added
}

async function whenAlone(work: Work, take: () => Promise<'held' | 'busy'>, undo: () => void): Promise<void> {
  const until = performance.now() + (work.how.waits ? EQUAL_ONE_MS.inAll : 0)
  for (let wait = EQUAL_ONE_MS.atFirst; (await take()) === 'busy'; wait = Math.min(wait * 2, EQUAL_ONE_MS.atMost)) {
    if (performance.now() > until) {
      undo()
      work.write.underWay = null
      // Taken up as soon as that has ended: until then nobody may.
      await letGo(work, { state: 'open', againInSeconds: 0 })
      throw outcomeUnknown(WAITED_AGAIN_SECONDS, new Error('Another entry, or an equal file, is under way on the same record'))
    }
    await pause(wait)
  }
}

/** Writes down that a step is done, and that the next one is begun. */
async function writeDown(work: Work, place: number, done: StepProgress): Promise<void> {
  const { write } = work
  const binds = bindsAt(write, place, done)
  write.progress[place] = done
  const finished = place === write.plan.length - 1
  const next = write.progress[place + 1]
  write.underWay = finished ? null : addedBy(write.plan[place + 1])
  if (!finished) write.progress[place + 1] = { ...next, begun: true }
  if ((await save(work, { finished, binds })) === 'held') return
  // The next one has to wait; this one is done all the same.
  write.underWay = null
  write.progress[place + 1] = next ?? {}
  await save(work, { finished, binds })
}

/** A step that may be there already: found, or certainly absent, or not known yet. `sent`: it may have been sent before. */
async function lookFor(work: Work, place: number, sent: boolean): Promise<StepProgress | undefined> {
  const { database, desks, write, back } = work
  const desk = desks[write.environment]
  const mayStillArrive = sent && desk.mayStillWrite()
  const step = remainder(write.plan[place]!, write.progress[place] ?? {})
  const signal = AbortSignal.timeout(WORK_LIMIT_MS)
  let closed: boolean
  try {
    const found = await findDone(database, desk, write, step, { signal, since: back?.since })
    if (found) return found
    closed = await closedMeanwhile(desk, step, signal)
  } catch (failure) {
    if (!(failure instanceof TwoFound)) throw await givenUp(work, failure, { againInSeconds: 15 })
    await letGo(work, { state: 'open', againInSeconds: PARKED_AGAIN_SECONDS, parked: failure.message })
    throw new ExchangeError(
      'outcome_unknown',
      'The service desk has more than one record for this request; its people have to say which one it is.',
      { retryAfter: PARKED_AGAIN_SECONDS, cause: failure },
    )
  }
  const { settleMs } = desk.connection
  const settles = Math.max(
    mayStillArrive ? 1_000 : sent ? settleMs - write.attemptAgeMs : 0,
    // What was on its way when time was lost was sent by somebody whom the database does not know.
    back ? settleMs - back.noticedMsAgo : 0,
  )
  if (settles > 0) throw await givenUp(work, outcomeUnknown(settles / 1_000), { againInSeconds: settles / 1_000 })
  if (closed)
    throw await refused(
      work,
      place,
      new ServiceNowError({ kind: 'refused', action: 'table.update', written: 'no', detail: 'The record was closed meanwhile' }),
    )
  return undefined
}

/** What comes later than its request asks again whose the record is: it may have been given to somebody else. */
async function assertTheirs(work: Work, place: number): Promise<void> {
  const { write, isStillTheirs } = work
  const step = write.plan[place]!
  const sysId = step.kind === 'create' ? write.sysId : (step.sysId ?? write.sysId)
  const owner = step.kind === 'save' && step.ownedBy !== undefined ? step.ownedBy : write.partnerId
  const isOwnFromBefore = owner === null && !(step.kind === 'save' && step.ownedBy === null)
  if (!sysId || isOwnFromBefore || performance.now() - work.theirsAt < THEIRS_FOR_MS) return
  const asked = performance.now()
  let theirs: boolean
  try {
    theirs = await isStillTheirs(write.environment, step.kind === 'create' ? write.table : step.table, sysId, owner)
  } catch (failure) {
    throw await givenUp(work, failure, { againInSeconds: 15 })
  }
  if (!theirs) {
    const error = new ExchangeError('not_found', `${numberOf(work)} is not yours any more.`, { field: 'kpn_ticket_number' })
    throw await refused(work, place, error)
  }
  work.theirsAt = asked
}

async function afterFailure(work: Work, place: number, step: Step, failure: unknown): Promise<StepProgress> {
  const { database, desks, write, log, back, holder } = work
  const desk = desks[write.environment]
  log.info('a step failed', { writeId: write.writeId, step: place, error: failure as Error })
  if (failure instanceof FileGone) {
    notBegun(write, place)
    const elsewhere = write.spoolAt !== null && write.spoolAt !== holder
    await letGo(work, elsewhere ? { state: 'open', againInSeconds: 15 } : { state: 'halted', againInSeconds: 0 })
    throw toPartner(outcomeUnknown(ASK_AGAIN_SECONDS, failure))
  }
  if (failure instanceof ServiceNowError && failure.written === 'no') throw await refused(work, place, failure)
  const ended = performance.now()
  for (const wait of FIRST_PROBES_MS) {
    await pause(Math.min(wait, Math.max(desk.connection.settleMs, FIRST_PROBES_MS[0])))
    const search = { signal: AbortSignal.timeout(WORK_LIMIT_MS), since: back?.since }
    const found = await findDone(database, desk, write, step, search).catch(() => undefined)
    if (found) return found
    if (performance.now() - ended >= desk.connection.settleMs) break
  }
  // Nobody else may look for it while it can still arrive; and who waits for us has its own end.
  while (desk.mayStillWrite()) await pause(STILL_WRITES_MS)
  const endedSecondsAgo = (performance.now() - ended) / 1_000
  const againInSeconds = Math.max(1, desk.connection.settleMs / 1_000 - endedSecondsAgo)
  throw await givenUp(work, failure, { againInSeconds, endedSecondsAgo })
}

function notBegun(write: RecordedWrite, place: number): void {
  const { begun: _begun, ...rest } = write.progress[place] ?? {}
  write.progress[place] = rest
  write.underWay = null
}

async function letGo({ database, write, hold, holder }: Work, when: LettingGo): Promise<void> {
  if (!(await letGoOf(database, write, holder, when))) hold.lose()
  hold.assertNotLost()
}

/** Certainly not written. If nothing of the request is there yet, it never was; else the partner's retry adds what is missing. */
async function refused(work: Work, place: number, failure: ServiceNowError | ExchangeError): Promise<unknown> {
  const { database, spool, write, hold, holder, dropped } = work
  const error = deletedMeanwhile(work, place, failure) ?? refusedWrite(failure)
  if (place === 0 && write.partnerId !== null) {
    dropped(write.writeId)
    if (!(await forgetWrite(database, write, holder))) hold.lose()
    hold.assertNotLost()
    if (write.spoolFolder) await spool.remove(write.spoolFolder)
    return error
  }
  notBegun(write, place)
  await letGo(work, { state: passes(failure) ? 'open' : 'halted', againInSeconds: 15 })
  return partly(work, place, error)
}

async function givenUp(work: Work, failure: unknown, when: Omit<LettingGo, 'state'>): Promise<unknown> {
  await letGo(work, { state: 'open', ...when })
  const error = toPartner(failure)
  return error instanceof ExchangeError && error.code === 'outcome_unknown' ? error : outcomeUnknown(when.againInSeconds, failure)
}

/** The record of a later step, or of any update, is not there any more. */
function deletedMeanwhile(work: Work, place: number, failure: unknown): ExchangeError | undefined {
  const { write } = work
  const isGone = failure instanceof ServiceNowError && failure.kind === 'not-found' && !passes(failure)
  if (!isGone || (place === 0 && write.plan[0]!.kind === 'create')) return undefined
  return recordDeleted(numberOf(work), failure)
}

/** The ticket is there and one of its files is not: the partner must know both. */
function partly(work: Work, place: number, error: unknown): unknown {
  const step = work.write.plan[place]
  if (!(error instanceof ExchangeError) || step?.kind !== 'attach' || error.code === 'record_deleted') return error
  const isFinal = error.status < 500
  return new ExchangeError(
    error.code,
    `${error.message} The attachment "${step.name}" is not added${isFinal ? '' : ' yet'} to ${numberOf(work)}.`,
    {
      ...error.detail,
      field: 'attachments',
      hint: isFinal
        ? 'The rest of the request was done. Send the file in another form with a PATCH of its own.'
        : 'The rest of the request was done. Send the same request again to add only what is missing.',
    },
  )
}
