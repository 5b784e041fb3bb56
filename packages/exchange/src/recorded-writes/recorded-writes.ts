import { setTimeout as pause } from 'node:timers/promises'
import { outcomeUnknown } from '../connections/index.ts'
import type { LostTime } from '../lost-time/index.ts'
import { oneAtATime, pauseAfter } from '../platform/again.ts'
import { ExchangeError } from '../platform/errors.ts'
import type { Notices } from '../platform/notices.ts'
import { DatabaseAway } from '../platform/outage.ts'
import type { OpenSpool } from '../spool/index.ts'
import { ASK_AGAIN_SECONDS, type CarryingParts, carryOut, type Manner } from './carry-out.ts'
import { forgetFiles, forgetPlans, replaceFiles } from './files.store.ts'
import { Hold, HoldLost, type Moment, thisMoment } from './hold.ts'
import { claimableWrites, claimWrite, giveBackHolds, holdsOf, renewHolds } from './holds.store.ts'
import { addedBy } from './plan.ts'
import type { NewWrite, RecordedWrite } from './recorded-write.ts'
import { acceptWrite, findWrite, isReferenceBound, outdateWrite, readWrite } from './recorded-writes.store.ts'

const SAME_REQUEST_MS = 10 * 60_000
const RENEW_EVERY_MS = 5_000
const RESOLVE_EVERY_MS = 5_000
/** The resolver has so many writes of an environment under way at once: one long upload must not keep the others waiting. */
const RESOLVES_AT_ONCE = 8
const FORGET_FILES_EVERY_MS = 60_000
/** How often an equal request that vanished while it was waited for is made anew. */
const TURNS = 5
/** While the database is away it is asked at least so often whether holds can be given back: retries wait for that. */
const GIVE_BACK_EVERY_MS = 250

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
  /** Gives up what those writes asked for that are long done. */
  forgetOld(): Promise<void>
  close(): Promise<void>
}

export interface PerformOptions {
  signal: AbortSignal
  /** The error when another request has this key with other content. */
  onConflict: (existing: RecordedWrite | undefined) => ExchangeError
  /** Called when the request's spooled files now belong to the write. */
  keepFiles: () => void
  /** Called with an equal request that was done before, whose result is about to be the answer; what it throws is the answer instead. */
  onDoneBefore?: (existing: RecordedWrite) => Promise<void>
}

interface Parts extends Omit<CarryingParts, 'lookBack' | 'dropped'> {
  lostTime: Pick<LostTime, 'lookBack' | 'accepted' | 'dropped'>
  notices: Pick<Notices, 'onBack'>
}

export function openRecordedWrites(parts: Parts): RecordedWrites {
  const { database, spool, log, holder, lostTime } = parts
  const carrying: CarryingParts = { ...parts, lookBack: lostTime.lookBack, dropped: lostTime.dropped }
  const running = new Map<string, { work: Promise<RecordedWrite>; hold: Hold }>()
  /** How often each write is being taken right now: its hold may be ours before we know. */
  const taking = new Map<string, number>()
  /** What is known of writes whose hold could not be given back: when their last request ended, or that none was sent. */
  const sentUntil = new Map<string, number | 'never'>()
  const isOurs = (writeId: string) => running.has(writeId) || taking.has(writeId)
  let closing = false

  function run(write: RecordedWrite, hold: Hold, how: Manner): Promise<RecordedWrite> {
    const { writeId } = write
    const work = carryOut(carrying, write, hold, how)
      .catch(error => {
        if (!(error instanceof ExchangeError)) log.error('a recorded write failed', { writeId, error })
        if (error instanceof DatabaseAway && hold.sentUntil !== undefined) sentUntil.set(writeId, hold.sentUntil)
        throw notKnown(error)
      })
      .finally(() => running.delete(writeId))
    running.set(writeId, { work, hold })
    // Whoever waits hears of a failure; when nobody does, the resolver goes on from what is written down.
    work.catch(() => {})
    return work
  }

  async function whileTaking<T>(writeId: string, take: (asked: Moment) => Promise<T>): Promise<T> {
    const others = () => taking.get(writeId) ?? 0
    taking.set(writeId, others() + 1)
    try {
      return await take(thisMoment())
    } finally {
      if (others() > 1) taking.set(writeId, others() - 1)
      else taking.delete(writeId)
    }
  }

  /** Accepts the write, if it can begin now: its first step too, unless an equal one is under way on its record. */
  const accept = (write: NewWrite, waits: boolean) =>
    whileTaking(write.writeId, async asked => {
      const { writeId } = write
      const accepted = await acceptWrite(database, write, holder, waits).catch(error => {
        // It may be there all the same, as if it were begun.
        if (error instanceof DatabaseAway) sentUntil.set(writeId, 'never')
        throw error
      })
      if (!accepted) return undefined
      lostTime.accepted(writeId)
      const fresh = accepted === 'accepted'
      return { work: run(asAccepted(write, holder, waits), new Hold({ writeId, fence: 0 }, asked), { fresh, waits: true }) }
    })

  /** Takes up a write that nobody holds, once what it needs is there. */
  const takeUp = (writeId: string, waits: boolean, prepare: (claimed: RecordedWrite, hold: Hold) => Promise<RecordedWrite>) =>
    whileTaking(writeId, async asked => {
      const claimed = await claimWrite(database, writeId, holder)
      if (!claimed) return undefined
      const hold = new Hold(claimed, asked)
      return { work: run(await prepare(claimed, hold), hold, { fresh: false, waits }) }
    })

  /** From the moment it is accepted nobody can say any more that nothing was done. */
  function notKnown(error: unknown): unknown {
    if (error instanceof DatabaseAway) giveBackSoon()
    return error instanceof DatabaseAway || error instanceof HoldLost ? outcomeUnknown(ASK_AGAIN_SECONDS, error) : error
  }

  async function join(write: NewWrite, options: PerformOptions): Promise<RecordedWrite | 'absent' | 'gone'> {
    const existing = await findWrite(database, write)
    if (!existing) return 'absent'
    const sameKey =
      existing.requestKey === write.requestKey ||
      existing.idempotencyKey === write.idempotencyKey ||
      (write.filing !== undefined && existing.reference === write.reference)
    if (!sameKey || !hasContentOf(write, existing)) throw options.onConflict(existing)
    if (isOutdated(existing, write)) {
      await outdateWrite(database, existing.writeId)
      return 'gone'
    }
    if (existing.state === 'done') await options.onDoneBefore?.(existing)
    return finishing(existing, write, options)
  }

  async function finishing(
    existing: RecordedWrite,
    write: NewWrite,
    { signal, keepFiles }: PerformOptions,
  ): Promise<RecordedWrite | 'gone'> {
    // Also where nobody is to wait any more it is looked at once: what is done is told.
    for (let wait = 20; ; wait = Math.min(wait * 2, 250)) {
      const here = running.get(existing.writeId)
      if (here) return before(here.work, signal)
      const taken = await takeUp(existing.writeId, true, (claimed, hold) => withFiles(claimed, hold, write, keepFiles))
      if (taken) return before(taken.work, signal)
      const now = await readWrite(database, existing.writeId)
      if (!now) return 'gone'
      if (now.state === 'done') return now
      if (signal.aborted) throw outcomeUnknown(ASK_AGAIN_SECONDS)
      await pause(wait)
    }
  }

  /** After a crash the spool may have lost the files, or another process has them; the retry has brought them again. */
  async function withFiles(claimed: RecordedWrite, hold: Hold, write: NewWrite, keepFiles: () => void): Promise<RecordedWrite> {
    const lost = await anyFileLost(claimed, spool)
    if (!lost || !write.spoolFolder) return claimed
    const old = claimed.spoolFolder
    // Only where the files are has changed: the steps stay those whose progress was written down.
    const brought = write.plan.filter(step => step.kind === 'attach')
    const plan = claimed.plan.map(step => {
      const again = step.kind === 'attach' ? brought.shift() : undefined
      return step.kind === 'attach' && again ? { ...step, folder: again.folder, file: again.file } : step
    })
    keepFiles()
    if (!(await replaceFiles(database, hold, holder, plan, write.spoolFolder))) hold.lose()
    else if (old) await spool.remove(old)
    return { ...claimed, plan, spoolFolder: write.spoolFolder, spoolAt: holder }
  }

  const resolverHas = { sandbox: 0, production: 0 }
  /** Takes up what nobody works on; a comment that waited for an earlier one comes when that one has ended. */
  async function resolve(): Promise<void> {
    for (const { writeId, environment } of await claimableWrites(database, holder)) {
      if (closing) return
      if (resolverHas[environment] >= RESOLVES_AT_ONCE || running.has(writeId)) continue
      // It does not wait for what is under way on a record: it comes back when that has ended.
      const taken = await takeUp(writeId, false, async claimed => claimed)
      if (!taken) continue
      resolverHas[environment] += 1
      const ended = () => {
        resolverHas[environment] -= 1
        if (!closing) resolveSoon()
      }
      taken.work.then(ended, ended)
    }
  }

  const resolveSoon = oneAtATime(() =>
    resolve().catch(error => {
      notKnown(error)
      log.error('resolver failed', { error })
    }),
  )

  let givingBack: Promise<void> | undefined
  /**
   * After a failure of the database nobody knows what of it was done: a hold may be ours although we do not work on it, and its retries
   * would wait for its end. So it is given back with the first statement that works.
   */
  const giveBackSoon = () => {
    givingBack ??= giveBack().finally(() => {
      givingBack = undefined
    })
  }
  async function giveBack(): Promise<void> {
    for (let failures = 1; !closing; failures++) {
      await pause(Math.min(pauseAfter(failures), GIVE_BACK_EVERY_MS), undefined, { ref: false })
      try {
        const held = (await holdsOf(database, holder)).filter(({ writeId }) => !isOurs(writeId))
        const known = new Map(sentUntil)
        const back = held.map(one => ({ ...one, sent: sentSecondsAgo(known.get(one.writeId)) }))
        if (back.length) await giveBackHolds(database, back, holder)
        for (const writeId of known.keys()) sentUntil.delete(writeId)
        if (held.length) resolveSoon()
        return
      } catch (error) {
        if (!(error instanceof DatabaseAway)) return log.error('holds not given back', { error })
      }
    }
  }

  async function renew(): Promise<void> {
    const holds = [...running.values()].map(({ hold }) => hold)
    if (!holds.length) return
    const asked = thisMoment()
    const held = await renewHolds(database, holds, holder)
    for (const hold of holds) if (held.has(hold.writeId)) hold.confirm(asked)
  }

  /** A retry brings its files again. */
  async function forgetWaitingFiles(): Promise<void> {
    for (const { folder } of await forgetFiles(database, holder)) await spool.remove(folder)
  }

  const timers = [
    setInterval(resolveSoon, RESOLVE_EVERY_MS),
    setInterval(() => {
      renew().catch(error => log.error('holds not renewed', { error }))
      // What a statement did that arrived late, long after we gave it up, shows only by looking.
      giveBackSoon()
    }, RENEW_EVERY_MS),
    setInterval(() => {
      forgetWaitingFiles().catch(error => log.error('files of refused requests not removed', { error }))
    }, FORGET_FILES_EVERY_MS),
  ]
  for (const timer of timers) timer.unref()
  parts.notices.onBack(giveBackSoon)
  // What the last process left unfinished is taken up at once.
  resolveSoon()

  async function performNow(write: NewWrite, options: PerformOptions): Promise<RecordedWrite> {
    let waits = false
    for (let turn = 0; turn < TURNS; turn++) {
      const begun = await accept(write, waits)
      if (begun) {
        options.keepFiles()
        return before(begun.work, options.signal)
      }
      const joined = await join(write, options)
      if (joined === 'absent' && write.bond && (await isReferenceBound(database, write))) throw options.onConflict(undefined)
      if (joined !== 'absent' && joined !== 'gone') return joined
      // Nobody has its key: then it is an equal thing on the same record that is under way.
      waits = joined === 'absent'
    }
    throw new ExchangeError('queue_busy', 'Another request with the same content is being worked on.', { retryAfter: 1 })
  }

  return {
    perform: (write, options) =>
      performNow(write, options).catch(error => {
        const answer = notKnown(error)
        throw error instanceof DatabaseAway && error.nothingDone ? error : answer
      }),
    isKnown: async write => {
      const existing = await findWrite(database, write)
      return existing !== undefined && hasContentOf(write, existing) && !isOutdated(existing, write)
    },
    async forgetOld() {
      while ((await forgetPlans(database)) > 0);
    },
    wake: resolveSoon,
    async close() {
      closing = true
      for (const timer of timers) clearInterval(timer)
      await Promise.allSettled([resolveSoon.settled(), givingBack, ...[...running.values()].map(({ work }) => work)])
    },
  }
}

const sentSecondsAgo = (until: number | 'never' | undefined) => (typeof until === 'number' ? (performance.now() - until) / 1_000 : until)

/** An equal request without a key of its own is a retry for 10 minutes, unless the record has moved on since it was done. */
function isOutdated(existing: RecordedWrite, write: NewWrite): boolean {
  if (!write.requestKey.startsWith('content:') || existing.state !== 'done') return false
  const lastSave = Math.max(...existing.progress.map(({ checkpoint }) => checkpoint ?? Number.NEGATIVE_INFINITY))
  return existing.ageMs > SAME_REQUEST_MS || (write.movedOn !== undefined && Number.isFinite(lastSave) && lastSave < write.movedOn)
}

/** Whether a request asks for what an accepted one has asked for: a reference in another form than it was first sent in is the same. */
function hasContentOf({ contentSha256, filing }: NewWrite, existing: RecordedWrite): boolean {
  if (existing.contentSha256 === contentSha256) return true
  return filing !== undefined && existing.reference !== null && existing.contentSha256 === filing.hashWith(existing.reference)
}

const asAccepted = (
  { bond: _bond, filing: _filing, movedOn: _movedOn, ...write }: NewWrite,
  holder: string,
  waits: boolean,
): RecordedWrite => ({
  ...write,
  spoolAt: write.spoolFolder === null ? null : holder,
  progress: waits ? [] : [{ begun: true }],
  state: 'open',
  fence: 0,
  underWay: waits ? null : addedBy(write.plan[0]),
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
