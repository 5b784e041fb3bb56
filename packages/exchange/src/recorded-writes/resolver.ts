import { oneAtATime } from '../platform/again.ts'
import type { Database } from '../platform/database.ts'
import type { Log } from '../platform/log.ts'
import { findClaimableWrites } from './holds.store.ts'
import type { RunningWrites } from './running-writes.ts'

/** The resolver has so many writes of an environment under way at once: one long upload must not keep the others waiting. */
const RESOLVES_AT_ONCE = 8

/** Takes up the open writes on which nobody works. */
export interface Resolver {
  /** Looks for such writes, now or as soon as the look under way has ended. */
  wake(): void
  /** Takes up nothing more, and settles when the look under way has ended. */
  close(): Promise<unknown>
}

export function openResolver(
  { database, holder, log }: { database: Database; holder: string; log: Log },
  running: RunningWrites,
): Resolver {
  const underWay = { sandbox: 0, production: 0 }
  let closing = false

  /** A comment that waited for an earlier one comes when that one has ended. */
  async function takeUpClaimable(): Promise<void> {
    for (const { writeId, environment } of await findClaimableWrites(database, holder)) {
      if (closing) return
      if (underWay[environment] >= RESOLVES_AT_ONCE || running.findWork(writeId)) continue
      // It does not wait for what is under way on a record: it comes back when that has ended.
      const takenUp = await running.takeUp(writeId, false, async claimed => claimed)
      if (!takenUp) continue
      underWay[environment] += 1
      const ended = () => {
        underWay[environment] -= 1
        if (!closing) wake()
      }
      takenUp.work.then(ended, ended)
    }
  }

  const wake = oneAtATime(() =>
    takeUpClaimable().catch(error => {
      running.recordFailure(error)
      log.error('resolver failed', { error })
    }),
  )

  return {
    wake,
    close() {
      closing = true
      return wake.settled()
    },
  }
}
