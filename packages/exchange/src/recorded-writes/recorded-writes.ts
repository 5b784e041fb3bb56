import type { LostTime } from '../lost-time/index.ts'
import { ExchangeError } from '../platform/errors.ts'
import type { Notices } from '../platform/notices.ts'
import { DatabaseAway } from '../platform/outage.ts'
import { acceptWrite } from './accept-write.ts'
import { forgetFiles, forgetPlans } from './files.store.ts'
import type { CarryingParts } from './held-write.ts'
import { openHoldKeeping } from './hold-keeping.ts'
import { joinWrite, type PerformOptions, waitUntil } from './join-write.ts'
import type { NewWrite, RecordedWrite } from './recorded-write.ts'
import { findWrite, isReferenceBound } from './recorded-writes.store.ts'
import { openResolver } from './resolver.ts'
import { RunningWrites, toCaller } from './running-writes.ts'
import { hasContentOf, isOutdated } from './same-request.ts'

const RENEW_EVERY_MS = 5_000
const RESOLVE_EVERY_MS = 5_000
const FORGET_FILES_EVERY_MS = 60_000
/** How often an equal request that vanished while it was waited for is made anew. */
const TURNS = 5

/** Every write into ServiceNow: accepted, done once whatever fails, by this process or another one. */
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
  /** Takes up nothing more, and settles when what is under way has ended. */
  close(): Promise<void>
}

interface WritesParts extends Omit<CarryingParts, 'lookBack' | 'onDropped'> {
  lostTime: Pick<LostTime, 'lookBack' | 'recordAccepted' | 'forgetAccepted'>
  notices: Pick<Notices, 'onBack'>
}

/** Opens the recorded writes; what the last process left unfinished is taken up at once. */
export function openRecordedWrites(parts: WritesParts): RecordedWrites {
  const { database, spool, log, holder, lostTime } = parts
  const carrying: CarryingParts = { ...parts, lookBack: lostTime.lookBack, onDropped: lostTime.forgetAccepted }
  const running = new RunningWrites(carrying, () => holds.giveBackSoon())
  const resolver = openResolver(parts, running)
  const holds = openHoldKeeping({ ...parts, onGivenBack: resolver.wake }, running)

  /** A retry brings its files again. */
  async function removeAbandonedFiles(): Promise<void> {
    for (const { folder } of await forgetFiles(database, holder)) await spool.remove(folder)
  }

  const timers = [
    setInterval(resolver.wake, RESOLVE_EVERY_MS),
    setInterval(() => {
      holds.renew().catch(error => log.error('holds not renewed', { error }))
      // What a statement did that arrived late, long after we gave it up, shows only by looking.
      holds.giveBackSoon()
    }, RENEW_EVERY_MS),
    setInterval(() => {
      removeAbandonedFiles().catch(error => log.error('files of refused requests not removed', { error }))
    }, FORGET_FILES_EVERY_MS),
  ]
  for (const timer of timers) timer.unref()
  parts.notices.onBack(holds.giveBackSoon)
  resolver.wake()

  async function acceptOrJoin(write: NewWrite, options: PerformOptions): Promise<RecordedWrite> {
    let waits = false
    for (let turn = 0; turn < TURNS; turn++) {
      const accepted = await acceptWrite(parts, running, write, waits)
      if (accepted) {
        options.keepFiles()
        return waitUntil(accepted.work, options.signal)
      }
      const joined = await joinWrite(parts, running, write, options)
      if (joined === 'absent' && write.bond && (await isReferenceBound(database, write))) throw options.onConflict(undefined)
      if (joined !== 'absent' && joined !== 'gone') return joined
      // Nobody has its key: then it is an equal thing on the same record that is under way.
      waits = joined === 'absent'
    }
    throw new ExchangeError('queue_busy', 'Another request with the same content is being worked on.', { retryAfter: 1 })
  }

  return {
    perform: (write, options) =>
      acceptOrJoin(write, options).catch(error => {
        running.recordFailure(error)
        throw error instanceof DatabaseAway && error.nothingDone ? error : toCaller(error)
      }),
    isKnown: async write => {
      const existing = await findWrite(database, write)
      return existing !== undefined && hasContentOf(write, existing) && !isOutdated(existing, write)
    },
    async forgetOld() {
      while ((await forgetPlans(database)) > 0);
    },
    wake: resolver.wake,
    async close() {
      for (const timer of timers) clearInterval(timer)
      // The resolver may be taking one up right now: what runs is counted when it has ended.
      await Promise.allSettled([resolver.close(), holds.close()])
      await running.settled()
    },
  }
}
