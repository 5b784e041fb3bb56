import { setTimeout as pause } from 'node:timers/promises'
import { pauseAfter } from '../platform/again.ts'
import type { Database } from '../platform/database.ts'
import type { Log } from '../platform/log.ts'
import { DatabaseAway } from '../platform/outage.ts'
import { thisMoment } from './hold.ts'
import { giveBackHolds, readHolds, renewHolds } from './holds.store.ts'
import type { RunningWrites } from './running-writes.ts'

/** While the database is away it is asked at least so often whether holds can be given back: retries wait for that. */
const GIVE_BACK_EVERY_MS = 250

/** Keeps the holds of the writes that this process works on, and gives back the others. */
export interface HoldKeeping {
  /** Holds the writes that are worked on for longer. */
  renew(): Promise<void>
  /** Gives back, with the first statement that works, what is held here and not worked on. */
  giveBackSoon(): void
  close(): Promise<unknown>
}

interface KeepingParts {
  database: Database
  holder: string
  log: Log
  /** Called when writes were given back. */
  onGivenBack: () => void
}

/**
 * After a failure of the database nobody knows what of it was done: a hold may be ours although we do not work on it, and its retries
 * would wait for its end. So it is given back with the first statement that works.
 */
export function openHoldKeeping({ database, holder, log, onGivenBack }: KeepingParts, running: RunningWrites): HoldKeeping {
  let givingBack: Promise<void> | undefined
  let closing = false

  async function giveBack(): Promise<void> {
    for (let failures = 1; !closing; failures++) {
      await pause(Math.min(pauseAfter(failures), GIVE_BACK_EVERY_MS), undefined, { ref: false })
      try {
        const held = (await readHolds(database, holder)).filter(({ writeId }) => !running.isOurs(writeId))
        const known = running.sentUntil()
        const back = held.map(one => ({ ...one, sent: sentSecondsAgo(known.get(one.writeId)) }))
        if (back.length) await giveBackHolds(database, back, holder)
        running.forgetSentUntil(known.keys())
        if (held.length) onGivenBack()
        return
      } catch (error) {
        if (!(error instanceof DatabaseAway)) return log.error('holds not given back', { error })
      }
    }
  }

  return {
    async renew() {
      const holds = running.holds()
      if (!holds.length) return
      const asked = thisMoment()
      const held = await renewHolds(database, holds, holder)
      for (const hold of holds) if (held.has(hold.writeId)) hold.confirm(asked)
    },
    giveBackSoon() {
      givingBack ??= giveBack().finally(() => {
        givingBack = undefined
      })
    },
    async close() {
      closing = true
      await givingBack
    },
  }
}

const sentSecondsAgo = (until: number | 'never' | undefined) => (typeof until === 'number' ? (performance.now() - until) / 1_000 : until)
