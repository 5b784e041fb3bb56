import { randomUUID } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import type { Database } from '../platform/database.ts'
import { ExchangeError } from '../platform/errors.ts'
import type { Log } from '../platform/log.ts'
import type { Caller } from '../sign-in/index.ts'
import {
  endLease,
  findUpdate,
  forgetUpdates,
  leaseUpdates,
  moveTo,
  type Queue,
  readMessagesBetween,
  readMessagesSince,
  readQueueState,
} from './update-queue.store.ts'

/** How many updates one answer has at most, unless asked for less. */
export const MOST_UPDATES = 1_000
const LEASE_SECONDS = 30
/** An answer that is still on its way when its lease ends is cut, so that no update is in two whole answers. */
const CUT_AFTER_MS = 28_000
const KEPT_DAYS = 90
/** A poll right behind another one of the same partner waits this long for it to be booked as handed over. */
const BOOKING_MS = 500

export interface PollRequest {
  limit: number
  from?: string | undefined
  since?: Date | undefined
  ack?: string | undefined
}

/** Where the answer to a poll goes. */
export interface Outlet {
  whenSent(done: (whole: boolean) => void): void
  cut(): void
}

/** The updates of each partner in each environment, in order, until they are read or acknowledged. */
export interface UpdateQueue {
  /** The messages of one answer. What is leased for it moves on once the outlet has taken all of it. */
  poll(caller: Caller, request: PollRequest, outlet: Outlet): Promise<string[]>
  /** Whether an update of this caller is about this record. */
  isAbout(caller: Caller, transactionId: string, sysId: string): Promise<boolean>
  /** A Response moves the queue of a project that acknowledges. */
  acknowledge(caller: Caller, transactionId: string): Promise<void>
  /** Removes what is older than 90 days, read or not. */
  forgetOld(): Promise<number>
}

/** Opens the update queue of a database. */
export function openUpdateQueue(database: Database, log: Log): UpdateQueue {
  /** Answers of this process that are not yet booked. */
  const booking = new Map<string, Promise<unknown>>()

  async function lease(queue: Queue, limit: number, outlet: Outlet): Promise<string[]> {
    const key = `${queue.environment} ${queue.partnerId}`
    const bookingNow = booking.get(key)
    if (bookingNow) await Promise.race([bookingNow, pause(BOOKING_MS, undefined, { ref: false })])
    const seen = await readQueueState(database, queue)
    if (!seen || seen.leased || seen.lastNumber <= seen.position) return []
    const leaseId = randomUUID()
    const began = performance.now()
    const lease = await leaseUpdates(database, queue, { leaseId, limit, seconds: LEASE_SECONDS })
    if (!lease) return []
    // Read before anything counts as sent: the answer that says that reading failed is handed over whole, too.
    const messages = await readMessagesBetween(database, queue, { from: lease.position, to: lease.end, limit }).catch(error => {
      // Not waited for: the database that did not answer this may not answer that either.
      endLease(database, queue, leaseId, false).catch(() => {})
      throw error
    })
    // From here on, not from when it was sent: the next poll may be read before we hear that this answer was taken.
    const booked = Promise.withResolvers<void>()
    booking.set(key, booked.promise)
    const over = () => {
      if (booking.get(key) === booked.promise) booking.delete(key)
      booked.resolve()
    }
    const tooLate = setTimeout(
      () => {
        outlet.cut()
        over()
      },
      CUT_AFTER_MS - (performance.now() - began),
    )
    outlet.whenSent(whole => {
      clearTimeout(tooLate)
      endLease(database, queue, leaseId, whole)
        .catch(error => log.error('a poll was not booked; its updates come again', { error }))
        .finally(over)
    })
    return messages
  }

  async function findNumber(queue: Queue, transactionId: string, field: string): Promise<number> {
    const update = await findUpdate(database, queue, transactionId)
    if (!update)
      throw new ExchangeError('not_found', `${field} ${transactionId} is not that of an update of yours that is still kept.`, { field })
    return update.number
  }

  return {
    async poll(caller, { limit, from, since, ack }, outlet) {
      if (ack !== undefined) {
        if (caller.delivery !== 'acknowledge')
          throw new ExchangeError(
            'invalid_field',
            'ack is for projects that are set to acknowledge; yours moves on when updates are read.',
            { field: 'ack' },
          )
        await moveTo(database, caller, await findNumber(caller, ack, 'ack'))
      }
      if (from !== undefined)
        return readMessagesBetween(database, caller, {
          from: (await findNumber(caller, from, 'from')) - 1,
          to: Number.MAX_SAFE_INTEGER,
          limit,
        })
      if (since !== undefined) return readMessagesSince(database, caller, since, limit)
      if (caller.delivery === 'read-once') return lease(caller, limit, outlet)
      const seen = await readQueueState(database, caller)
      return seen && seen.lastNumber > seen.position
        ? readMessagesBetween(database, caller, { from: seen.position, to: seen.lastNumber, limit })
        : []
    },
    async isAbout(caller, transactionId, sysId) {
      return (await findUpdate(database, caller, transactionId))?.sysId === sysId
    },
    async acknowledge(caller, transactionId) {
      if (caller.delivery !== 'acknowledge') return
      const update = await findUpdate(database, caller, transactionId)
      if (update) await moveTo(database, caller, update.number)
    },
    forgetOld: () => forgetUpdates(database, KEPT_DAYS),
  }
}
