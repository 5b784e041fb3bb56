import { setTimeout as pause } from 'node:timers/promises'
import { ServiceNowError } from '@deskbridge/servicenow'
import { type Desks, outcomeUnknown, passes, toPartner } from '../connections/index.ts'
import type { Database } from '../platform/database.ts'
import { ExchangeError } from '../platform/errors.ts'
import type { Log } from '../platform/log.ts'
import type { OpenSpool } from '../spool/index.ts'
import { doStep, FileGone } from './perform.ts'
import { closedMeanwhile, findDone } from './probe.ts'
import {
  acceptWrite,
  claimableWrites,
  claimWrite,
  findWrite,
  forgetFiles,
  forgetWrite,
  isReferenceBound,
  type LettingGo,
  letGoOf,
  type NewWrite,
  outdateWrite,
  type RecordedWrite,
  readWrite,
  renewHolds,
  replaceFiles,
  saveProgress,
} from './recorded-writes.store.ts'

const SAME_REQUEST_MS = 10 * 60_000
const RENEW_EVERY_MS = 5_000
const RESOLVE_EVERY_MS = 5_000
/** A write that is still held goes on in the background; the caller hears "not known yet" and asks again. */
const ASK_AGAIN_SECONDS = 5
/** Right after a lost answer the write is usually there already, or will be in a moment. */
const FIRST_PROBES_MS = [50, 500, 1_500, 4_000] as const
/** The resolver has so many writes under way at once: one long upload must not keep the others waiting. */
const RESOLVES_AT_ONCE = 8
/** After a refusal the files wait so long for the partner's next try; after that it must bring them again. */
const KEPT_DAYS = 1
/** One probe or step of a write may take this long before it is given up, whoever waits. */
const WORK_LIMIT_MS = 600_000
/** How often an equal request that vanished while it was waited for is made anew. */
const TURNS = 5

export interface RecordedWrites {
  /**
   * Does a write, once, whatever is retried: the same request joins the one under way or gets its result.
   * @throws ExchangeError when it was refused, or when it is not finished by the time the signal fires
   */
  perform(write: NewWrite, { signal, onConflict, keepFiles }: PerformOptions): Promise<RecordedWrite>
  /** Whether this very request was accepted before, and is done or still on its way. */
  isKnown(write: NewWrite): Promise<boolean>
  /** Has the open writes looked at soon. */
  wake(): void
  /** Gives up the files of requests that were refused and not sent again. */
  forgetOld(): Promise<void>
  close(): Promise<void>
}

export interface PerformOptions {
  signal: AbortSignal
  /** The error when another request has this key with other content. */
  onConflict: (existing: RecordedWrite | undefined) => ExchangeError
  /** Called when the request's spooled files now belong to the write. */
  keepFiles: () => void
}

interface Parts {
  database: Database
  desks: Desks
  spool: OpenSpool
  log: Log
  /** Stays the same for a data folder. */
  holder: string
  /** Called when something was written into an environment's instance. */
  written: (environment: RecordedWrite['environment']) => void
}

export function openRecordedWrites(parts: Parts): RecordedWrites {
  const { database, spool, log, holder } = parts
  const running = new Map<string, Promise<RecordedWrite>>()
  let closing = false

  function run(write: RecordedWrite, fresh: boolean): Promise<RecordedWrite> {
    const work = carryOut(parts, write, fresh).finally(() => running.delete(write.writeId))
    running.set(write.writeId, work)
    // Whoever waits hears of a failure; when nobody does, the resolver goes on from what is written down.
    work.catch(error => {
      if (!(error instanceof ExchangeError)) log.error('a recorded write failed', { writeId: write.writeId, error })
    })
    return work
  }

  async function join(write: NewWrite, options: PerformOptions): Promise<RecordedWrite | 'absent' | 'gone'> {
    const existing = await findWrite(database, write)
    if (!existing) return 'absent'
    const sameKey = existing.requestKey === write.requestKey || existing.idempotencyKey === write.idempotencyKey
    if (!sameKey || existing.contentSha256 !== write.contentSha256) throw options.onConflict(existing)
    if (isOutdated(existing, write)) {
      await outdateWrite(database, existing.writeId)
      return 'gone'
    }
    return finishing(existing, write, options)
  }

  async function finishing(
    existing: RecordedWrite,
    write: NewWrite,
    { signal, keepFiles }: PerformOptions,
  ): Promise<RecordedWrite | 'gone'> {
    for (let wait = 20; !signal.aborted; wait = Math.min(wait * 2, 250)) {
      const here = running.get(existing.writeId)
      if (here) return before(here, signal)
      const claimed = await claimWrite(database, existing.writeId, holder)
      if (claimed) return before(run(await withFiles(claimed, write, keepFiles), false), signal)
      const now = await readWrite(database, existing.writeId)
      if (!now) return 'gone'
      if (now.state === 'done') return now
      await pause(wait)
    }
    throw outcomeUnknown(ASK_AGAIN_SECONDS)
  }

  /** After a crash the spool may have lost the files, or another process has them; the retry has brought them again. */
  async function withFiles(claimed: RecordedWrite, write: NewWrite, keepFiles: () => void): Promise<RecordedWrite> {
    const lost = await anyFileLost(claimed, spool)
    if (!lost || !write.spoolFolder) return claimed
    keepFiles()
    const old = claimed.spoolFolder
    // Only where the files are has changed: the steps stay those whose progress was written down.
    const brought = write.plan.filter(step => step.kind === 'attach')
    const plan = claimed.plan.map(step => {
      const again = step.kind === 'attach' ? brought.shift() : undefined
      return step.kind === 'attach' && again ? { ...step, folder: again.folder, file: again.file } : step
    })
    await replaceFiles(database, claimed.writeId, plan, write.spoolFolder, holder)
    if (old) await spool.remove(old)
    return { ...claimed, plan, spoolFolder: write.spoolFolder, spoolAt: holder }
  }

  let resolverHas = 0
  /** Takes up what nobody works on; a comment that waited for an earlier one comes when that one has ended. */
  async function resolve(): Promise<void> {
    for (const { writeId } of await claimableWrites(database, holder)) {
      if (closing || resolverHas >= RESOLVES_AT_ONCE) return
      if (running.has(writeId)) continue
      const claimed = await claimWrite(database, writeId, holder)
      if (!claimed) continue
      resolverHas += 1
      const ended = () => {
        resolverHas -= 1
        if (!closing) resolveSoon()
      }
      run(claimed, false).then(ended, ended)
    }
  }

  let resolving = Promise.resolve()
  const resolveSoon = () => {
    resolving = resolving.then(resolve).catch(error => log.error('resolver failed', { error }))
  }
  const timers = [
    setInterval(resolveSoon, RESOLVE_EVERY_MS),
    setInterval(() => {
      if (running.size) renewHolds(database, [...running.keys()], holder).catch(error => log.error('holds not renewed', { error }))
    }, RENEW_EVERY_MS),
  ]
  for (const timer of timers) timer.unref()
  // What the last process left unfinished is taken up at once.
  resolveSoon()

  return {
    async perform(write, options) {
      for (let turn = 0; turn < TURNS; turn++) {
        if (await acceptWrite(database, write, holder)) {
          options.keepFiles()
          return before(run(asAccepted(write, holder), true), options.signal)
        }
        const joined = await join(write, options)
        if (joined === 'absent' && write.bond && (await isReferenceBound(database, write))) throw options.onConflict(undefined)
        if (joined !== 'absent' && joined !== 'gone') return joined
      }
      throw new ExchangeError('queue_busy', 'Another request with the same content is being worked on.', { retryAfter: 1 })
    },
    isKnown: async write => {
      const existing = await findWrite(database, write)
      return existing?.contentSha256 === write.contentSha256 && !isOutdated(existing, write)
    },
    async forgetOld() {
      for (const { folder } of await forgetFiles(database, holder, KEPT_DAYS)) await spool.remove(folder)
    },
    wake: resolveSoon,
    async close() {
      closing = true
      for (const timer of timers) clearInterval(timer)
      await Promise.allSettled([resolving, ...running.values()])
    },
  }
}

/** An equal request without a key of its own is a retry for 10 minutes, unless the record has moved on since it was done. */
function isOutdated(existing: RecordedWrite, write: NewWrite): boolean {
  if (!write.requestKey.startsWith('content:') || existing.state !== 'done') return false
  const lastSave = Math.max(...existing.progress.map(({ checkpoint }) => checkpoint ?? Number.NEGATIVE_INFINITY))
  return existing.ageMs > SAME_REQUEST_MS || (write.movedOn !== undefined && Number.isFinite(lastSave) && lastSave < write.movedOn)
}

const asAccepted = ({ bond: _bond, movedOn: _movedOn, ...write }: NewWrite, holder: string): RecordedWrite => ({
  ...write,
  spoolAt: write.spoolFolder === null ? null : holder,
  progress: [{ begun: true }],
  state: 'open',
  ageMs: 0,
  attemptAgeMs: 0,
})

async function before<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  if (signal.aborted) throw outcomeUnknown(ASK_AGAIN_SECONDS)
  const { promise: late, reject } = Promise.withResolvers<never>()
  const tooLate = () => reject(outcomeUnknown(ASK_AGAIN_SECONDS))
  signal.addEventListener('abort', tooLate, { once: true })
  try {
    return await Promise.race([work, late])
  } finally {
    signal.removeEventListener('abort', tooLate)
  }
}

async function anyFileLost(write: RecordedWrite, spool: OpenSpool): Promise<boolean> {
  for (const [place, step] of write.plan.entries()) {
    if (step.kind !== 'attach' || write.progress[place]?.done) continue
    if (!(await spool.verify(spool.recall({ folder: step.folder, name: step.file, size: step.size, sha256: step.sha256 })))) return true
  }
  return false
}

/** Does what is left of a write. `fresh`: nothing of it can have been done by anybody else. */
async function carryOut(parts: Parts, write: RecordedWrite, fresh: boolean): Promise<RecordedWrite> {
  const { database, desks, spool } = parts
  const desk = desks[write.environment]
  let known = fresh
  for (const [place, step] of write.plan.entries()) {
    if (write.progress[place]?.done) continue
    let done = known || !write.progress[place]?.begun ? undefined : await lookFor(parts, write, place)
    if (!done) {
      if (!known) await begin(database, write, place)
      try {
        done = await doStep(desk, write, step, spool)
      } catch (failure) {
        done = await afterFailure(parts, write, place, failure)
      }
    }
    write.progress[place] = done
    if (place === 0 && step.kind === 'create') {
      write.sysId = done.sysId ?? null
      write.number = done.number ?? null
    }
    const finished = place === write.plan.length - 1
    if (!finished) write.progress[place + 1] = { ...write.progress[place + 1], begun: true }
    await saveProgress(database, write, { finished, binds: place === 0 && step.kind === 'create' })
    known = true
    parts.written(write.environment)
  }
  if (write.spoolFolder) await spool.remove(write.spoolFolder)
  return { ...write, state: 'done' }
}

async function begin(database: Database, write: RecordedWrite, place: number): Promise<void> {
  write.progress[place] = { begun: true }
  await saveProgress(database, write, { finished: false, binds: false })
  write.attemptAgeMs = 0
}

/** A step begun by somebody who did not live to see its end: found, or certainly absent, or not known yet. */
async function lookFor(parts: Parts, write: RecordedWrite, place: number): Promise<StepFound> {
  const { database, desks } = parts
  const desk = desks[write.environment]
  const mayStillArrive = desk.mayStillWrite()
  const step = write.plan[place]!
  const signal = AbortSignal.timeout(WORK_LIMIT_MS)
  let closed: boolean
  try {
    const found = await findDone(database, desk, write, step, signal)
    if (found) return found
    closed = await closedMeanwhile(desk, step, signal)
  } catch (failure) {
    throw await givenUp(parts, write, failure, { againInSeconds: 15 })
  }
  const settles = mayStillArrive ? 1_000 : desk.connection.settleMs - write.attemptAgeMs
  if (settles > 0) throw await givenUp(parts, write, outcomeUnknown(settles / 1_000), { againInSeconds: settles / 1_000 })
  if (closed)
    throw await refused(
      parts,
      write,
      place,
      new ServiceNowError({ kind: 'refused', action: 'table.update', written: 'no', detail: 'The record was closed meanwhile' }),
    )
  return undefined
}

type StepFound = Awaited<ReturnType<typeof findDone>>

async function afterFailure(parts: Parts, write: RecordedWrite, place: number, failure: unknown): Promise<NonNullable<StepFound>> {
  const { database, desks, log } = parts
  const desk = desks[write.environment]
  log.info('a step failed', { writeId: write.writeId, step: place, error: failure as Error })
  if (failure instanceof FileGone) {
    const { [place]: { begun: _begun, ...rest } = {} } = write.progress
    write.progress[place] = rest
    const elsewhere = write.spoolAt !== null && write.spoolAt !== parts.holder
    await letGoOf(database, write, elsewhere ? { state: 'open', againInSeconds: 15 } : { state: 'halted', againInSeconds: 0 })
    throw toPartner(outcomeUnknown(ASK_AGAIN_SECONDS, failure))
  }
  if (failure instanceof ServiceNowError && failure.written === 'no') throw await refused(parts, write, place, failure)
  const ended = performance.now()
  for (const wait of FIRST_PROBES_MS) {
    await pause(Math.min(wait, Math.max(desk.connection.settleMs, FIRST_PROBES_MS[0])))
    const found = await findDone(database, desk, write, write.plan[place]!, AbortSignal.timeout(WORK_LIMIT_MS)).catch(() => undefined)
    if (found) return found
    if (performance.now() - ended >= desk.connection.settleMs) break
  }
  const endedSecondsAgo = (performance.now() - ended) / 1_000
  const againInSeconds = Math.max(1, desk.connection.settleMs / 1_000 - endedSecondsAgo)
  throw await givenUp(parts, write, failure, { againInSeconds, endedSecondsAgo })
}

/** Certainly not written. If nothing of the request is there yet, it never was; else the partner's retry adds what is missing. */
async function refused(parts: Parts, write: RecordedWrite, place: number, failure: ServiceNowError): Promise<unknown> {
  const { database, spool } = parts
  const error = toPartner(failure)
  if (place === 0 && write.partnerId !== null) {
    await forgetWrite(database, write.writeId)
    if (write.spoolFolder) await spool.remove(write.spoolFolder)
    return error
  }
  const { begun: _begun, ...rest } = write.progress[place] ?? {}
  write.progress[place] = rest
  await letGoOf(database, write, { state: passes(failure) ? 'open' : 'halted', againInSeconds: 15 })
  return partly(write, place, error)
}

async function givenUp(parts: Parts, write: RecordedWrite, failure: unknown, when: Omit<LettingGo, 'state'>): Promise<unknown> {
  await letGoOf(parts.database, write, { state: 'open', ...when })
  const error = toPartner(failure)
  return error instanceof ExchangeError && error.code === 'outcome_unknown' ? error : outcomeUnknown(when.againInSeconds, failure)
}

/** The ticket is there and one of its files is not: the partner must know both. */
function partly(write: RecordedWrite, place: number, error: unknown): unknown {
  const step = write.plan[place]
  if (!(error instanceof ExchangeError) || step?.kind !== 'attach') return error
  return new ExchangeError(error.code, `${error.message} The attachment "${step.name}" is not added yet.`, {
    ...error.detail,
    field: 'attachments',
    hint: 'The rest of the request was done. Send the same request again to add only what is missing.',
  })
}
