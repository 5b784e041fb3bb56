import { ConnectError } from '../calling/connect-error.ts'
import { type Patience, waitAfter } from '../calling/repetition.ts'
import type { ConnectClient } from '../client.ts'
import type { TicketUpdate } from '../messages/ticket-update.ts'
import type { UpdateQuestion } from '../operations/ticket-updates.ts'
import { compareTickets, type TicketComparison } from './comparison.ts'
import { lockFolder } from './folder-lock.ts'
import { makeFolder, UpdateJournal } from './journal.ts'
import { type PollerMode, RISK, readNext } from './reading.ts'
import { Rest } from './rest.ts'
import { type PollerTrouble, tellTrouble } from './trouble.ts'

/** The interval of the first seed (1.2): "we recommend … every 5 minutes". */
const EVERY_MS = 5 * 60 * 1000

/** "As far back as kept." */
const THE_BEGINNING = '1970-01-01T00:00:00Z'

/** Of an answer in mode `from` the first update is the known one, so a page of one would never move on. */
const SMALLEST_PAGE = 2

/** How an update comes to the callback. */
export interface Handing {
  /** 1, and one more each time the callback rejected. */
  attempt: number
  /** Whether the callback may have been given this update before: it rejected, or the process ended while it was at work. */
  again: boolean
}

/** What a poller follows, where it keeps what it has read, and whom it tells. */
export interface PollerOptions {
  client: Pick<ConnectClient, 'queue' | 'ticketUpdates' | 'listOpenTickets'>
  /** A folder on a local disk that belongs to this poller alone; made when missing (mode 0700: it holds ticket text). */
  folder: string
  /**
   * Given the updates one by one, in the order of the queue. The next one comes when the promise is fulfilled; when it rejects, the
   * same one comes again. An update may come twice, with the same transaction_id, when the process is killed in between.
   */
  onUpdate: (update: TicketUpdate, handing: Handing) => Promise<void>
  /** Milliseconds from one poll to the next; default 5 minutes. A full page is followed up at once. */
  every?: number | undefined
  /** Default `from`. */
  mode?: PollerMode | undefined
  /** Updates of one answer, 2 to 1,000; left out, the server decides (this exchange: 1,000). */
  limit?: number | undefined
  /** Mode `from`, and only for an empty folder: the time to begin at; default as far back as the server keeps. */
  startAt?: Date | string | undefined
  onTrouble?: ((trouble: PollerTrouble) => void) | undefined
  /** The name under which the folder knows its queue; default that of the client. Give the old one after replacing a credential. */
  queue?: string | undefined
  /** Waits after failures: default first 1 s, longest 60 s. */
  patience?: Partial<Pick<Patience, 'firstWaitMs' | 'longestWaitMs'>> | undefined
  /** Stops the poller like `stop()`. */
  signal?: AbortSignal | undefined
  /** The size from which the journal is compacted; default 4 MiB. */
  compactBytes?: number | undefined
}

/** A poller that runs, until `stop()` or its signal. */
export interface Poller {
  /** What this mode may still lose. */
  readonly risk: string
  /** Fulfilled when the poller has stopped; rejects if it had to give up, which only a folder that refuses writing at a stop can cause. */
  readonly finished: Promise<void>
  /** Polls now, not at the next interval: for a webhook that says "there is something". */
  pollNow(): void
  /** Holds the operator's open tickets against what the updates told: the only repair for a missed update that the first seed knows. */
  compare(): Promise<TicketComparison>
  /** How many updates were ever stored and handed over, and how many wait. */
  counts(): { stored: number; handed: number; waiting: number }
  /**
   * Lets the callback at work finish (so do not await this inside it), notes it, gives the folder free. What is stored and not handed
   * over comes after the next start. In mode read-once a poll under way is waited for, because its answer would be lost.
   */
  stop(): Promise<void>
}

/**
 * Starts to follow a partner's update queue. Each answer is on disk before any of it is handed over, and the position moves only
 * when the callback's promise was fulfilled; the process may be killed at any time. No clock decides what is read or kept.
 * @throws ConnectError `folder_in_use`, `other_queue`, `journal_damaged`; TypeError for an impossible limit.
 */
export async function startPoller(options: PollerOptions): Promise<Poller> {
  const { limit, folder } = options
  if (limit !== undefined && !(Number.isInteger(limit) && limit >= SMALLEST_PAGE && limit <= 1000)) {
    throw new TypeError(`a poller's limit is a whole number from ${SMALLEST_PAGE} to 1000`)
  }
  await makeFolder(folder)
  const unlock = await lockFolder(folder)
  try {
    const journal = await UpdateJournal.open({
      folder,
      queue: options.queue ?? options.client.queue,
      startAt: options.startAt instanceof Date ? options.startAt.toISOString() : (options.startAt ?? THE_BEGINNING),
      compactBytes: options.compactBytes,
    })
    return new QueueFollower(options, journal, unlock).start()
  } catch (error) {
    unlock()
    throw error
  }
}

class QueueFollower implements Poller {
  readonly risk: string
  readonly #options: PollerOptions
  readonly #mode: PollerMode
  readonly #patience: Pick<Patience, 'firstWaitMs' | 'longestWaitMs'>
  readonly #journal: UpdateJournal
  readonly #rest = new Rest()
  /** Ends a poll under way, where asking again gives the same answer. */
  readonly #leave = new AbortController()
  readonly #unlock: () => void
  /** Of a poller that has not started there is nothing to wait for. */
  #finished: Promise<void> = Promise.resolve()
  #stopping = false
  #pollAgain = false
  /** Whether the first waiting update was left over by an earlier process. */
  #leftOver: boolean

  constructor(options: PollerOptions, journal: UpdateJournal, unlock: () => void) {
    this.#options = options
    this.#mode = options.mode ?? 'from'
    this.risk = RISK[this.#mode]
    this.#patience = { firstWaitMs: 1000, longestWaitMs: 60_000, ...options.patience }
    this.#journal = journal
    this.#leftOver = journal.content.waiting.length > 0
    this.#unlock = unlock
  }

  get finished(): Promise<void> {
    return this.#finished
  }

  /** Begins to follow; called once. */
  start(): this {
    const { signal } = this.#options
    const stop = () => this.#stopSoon()
    signal?.addEventListener('abort', stop, { once: true })
    if (signal?.aborted) stop()
    this.#finished = this.#follow().finally(async () => {
      signal?.removeEventListener('abort', stop)
      await this.#journal.close()
      this.#unlock()
    })
    this.#finished.catch(() => undefined)
    return this
  }

  pollNow(): void {
    this.#pollAgain = true
    this.#rest.end()
  }

  async compare(): Promise<TicketComparison> {
    return compareTickets(await this.#options.client.listOpenTickets(), this.#journal.content.tickets)
  }

  counts(): { stored: number; handed: number; waiting: number } {
    const { stored, handed, waiting } = this.#journal.content
    return { stored, handed, waiting: waiting.length }
  }

  async stop(): Promise<void> {
    this.#stopSoon()
    await this.finished
  }

  #stopSoon(): void {
    this.#stopping = true
    this.#leave.abort(new Error('the poller is stopping'))
    this.#rest.end()
  }

  async #follow(): Promise<void> {
    const { repaired } = this.#journal
    if (repaired > 0) this.#tell({ at: 'journal', error: new Error(`a torn last line of ${repaired} bytes was taken away`) })
    await this.#handOver()
    for (let failures = 0; !this.#stopping; ) {
      const began = performance.now()
      this.#pollAgain = false
      const outcome = await this.#poll().catch((error: unknown) => ({ error }))
      if ('error' in outcome) {
        if (this.#stopping) return
        const wait = Math.max(askedToWait(outcome.error), waitAfter(++failures, this.#patience))
        this.#tell({ at: 'poll', error: outcome.error, failures, nextTryMs: wait })
        await this.#rest.during(wait)
        continue
      }
      failures = 0
      await this.#write(() => this.#journal.store(outcome.updates), outcome.updates)
      await this.#handOver()
      if (!outcome.full && !this.#pollAgain && !this.#stopping) {
        await this.#rest.during((this.#options.every ?? EVERY_MS) - (performance.now() - began))
      }
    }
  }

  async #poll(): Promise<{ updates: TicketUpdate[]; full: boolean }> {
    const { client, limit } = this.#options
    const { position, startAt } = this.#journal.content
    // To break off a read that consumes would throw its answer away.
    const signal = this.#mode === 'read-once' ? undefined : this.#leave.signal
    return await readNext({
      mode: this.#mode,
      limit,
      position,
      startAt,
      ask: (question: UpdateQuestion) => client.ticketUpdates(question, { signal }),
      onLostPosition: problem => this.#tell({ at: 'position', error: problem }),
    })
  }

  async #handOver(): Promise<void> {
    for (let attempt = 1; !this.#stopping; ) {
      const update = this.#journal.content.waiting[0]
      if (update === undefined) return
      try {
        await this.#options.onUpdate(update, { attempt, again: attempt > 1 || this.#leftOver })
      } catch (error) {
        const wait = waitAfter(attempt, this.#patience)
        this.#tell({ at: 'callback', error, failures: attempt, nextTryMs: wait, updates: [update] })
        attempt++
        if (!this.#stopping) await this.#rest.during(wait)
        continue
      }
      this.#leftOver = false
      attempt = 1
      await this.#write(() => this.#journal.recordHanded(), [update])
    }
  }

  /** Writes to the journal until it takes it: going on without would lose an answer, or hand an update over twice for no reason. */
  async #write(write: () => Promise<unknown>, updates: readonly TicketUpdate[]): Promise<void> {
    for (let failures = 1; ; failures++) {
      try {
        await write()
        return
      } catch (error) {
        if (this.#stopping) throw error
        const wait = waitAfter(failures, this.#patience)
        this.#tell({ at: 'journal', error, failures, nextTryMs: wait, updates })
        await this.#rest.during(wait)
      }
    }
  }

  #tell(trouble: Pick<PollerTrouble, 'at' | 'error'> & Partial<PollerTrouble>): void {
    tellTrouble(this.#options.onTrouble, { failures: 1, nextTryMs: undefined, updates: [], ...trouble })
  }
}

/** How long the service asked us to stay away; one usual interval at most, so that one odd answer does not silence a poller. */
function askedToWait(error: unknown): number {
  return error instanceof ConnectError ? Math.min(error.retryAfterMs ?? 0, EVERY_MS) : 0
}
