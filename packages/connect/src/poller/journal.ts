import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { ConnectError } from '../calling/connect-error.ts'
import type { TicketUpdate } from '../messages/ticket-update.ts'
import { JournalFile, readJournalFile } from './journal-file.ts'
import { asJournalRecord, type JournalRecord, type Position, type SeenTicket } from './journal-record.ts'

/** So many transaction ids are remembered to recognise an update that comes twice; 20,000 of them are about 800 kB. */
const REMEMBERED_IDS = 20_000
/** So many tickets are remembered for comparing; the least recently updated goes first. */
const REMEMBERED_TICKETS = 10_000
/** A journal is compacted when it is larger than this and has doubled since the last time. */
const COMPACT_BYTES = 4 * 1024 * 1024

/** Actions that name the state they lead to, for updates that carry none. */
const STATES = new Set(['In Progress', 'On Hold', 'Resolved', 'Executed', 'Completed', 'Canceled', 'Closed'])

/** What a journal says. */
export interface JournalContent {
  queue: string
  startAt: string
  position: Position | undefined
  stored: number
  handed: number
  /** Stored and not yet handed over, in order. */
  waiting: TicketUpdate[]
  /** The last transaction ids stored, oldest first. */
  remembered: Set<string>
  tickets: Map<string, SeenTicket>
}

export interface JournalSettings {
  folder: string
  queue: string
  startAt: string
  compactBytes?: number | undefined
}

/** What one poller knows, in memory and on disk: changed on disk first, in memory when that is done. */
export class UpdateJournal {
  readonly content: JournalContent
  readonly #file: JournalFile
  readonly #compactBytes: number
  #compactAt: number

  private constructor(content: JournalContent, file: JournalFile, compactBytes: number) {
    this.content = content
    this.#file = file
    this.#compactBytes = compactBytes
    this.#compactAt = compactBytes
  }

  /** @throws ConnectError `other_queue`, `journal_damaged`. */
  static async open({ folder, queue, startAt, compactBytes = COMPACT_BYTES }: JournalSettings): Promise<UpdateJournal> {
    const content = emptyContent()
    const file = await JournalFile.open(journalPath(folder), record => applyRecord(content, asJournalRecord(record)))
    try {
      if (file.size === 0) {
        const begin = knownRecord({ ...content, queue, startAt })
        await file.append(begin)
        applyRecord(content, begin)
      }
      if (content.queue !== queue) throw otherQueue(folder, content.queue, queue)
      return new UpdateJournal(content, file, compactBytes)
    } catch (error) {
      await file.close()
      throw error
    }
  }

  /** Bytes of a torn last line that opening took away. */
  get repaired(): number {
    return this.#file.repaired
  }

  /** Stores what is new of an answer, durably, and where the server stood. Returns how many were new. */
  async store(answer: readonly TicketUpdate[]): Promise<number> {
    const last = answer.at(-1)
    if (last === undefined) return 0
    const updates = unknownUpdates(answer, this.content.remembered)
    if (updates.length === 0 && this.content.position?.transaction_id === last.transaction_id) return 0
    const { transaction_id, message_datetime_utc } = last
    await this.#write({ line: 'batch', updates, position: { transaction_id, message_datetime_utc } })
    return updates.length
  }

  /** Notes durably that the first waiting update is done with. */
  async recordHanded(): Promise<void> {
    const first = this.content.waiting[0]
    if (first !== undefined) await this.#write({ line: 'handed', transaction_id: first.transaction_id })
  }

  async close(): Promise<void> {
    await this.#file.close()
  }

  async #write(record: JournalRecord): Promise<void> {
    await this.#compactIfLarge()
    await this.#file.append(record)
    applyRecord(this.content, record)
  }

  /** Before a line is written and not after it: were it to fail after, the line would be written and its caller would get an error. */
  async #compactIfLarge(): Promise<void> {
    if (this.#file.size < this.#compactAt) return
    const { content } = this
    const waiting: JournalRecord[] =
      content.position === undefined ? [] : [{ line: 'batch', updates: content.waiting, position: content.position }]
    const before: JournalContent = {
      ...content,
      stored: content.stored - content.waiting.length,
      remembered: new Set([...content.remembered].slice(0, content.remembered.size - content.waiting.length)),
    }
    await this.#file.replace([knownRecord(before), ...waiting])
    this.#compactAt = Math.max(this.#compactBytes, 2 * this.#file.size)
  }
}

/** Reads the journal in a folder, also while its poller runs or after it was killed; changes nothing. */
export async function readJournal(folder: string): Promise<JournalContent> {
  const content = emptyContent()
  await readJournalFile(journalPath(folder), record => applyRecord(content, asJournalRecord(record)))
  return content
}

export async function makeFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
}

function journalPath(folder: string): string {
  return join(folder, 'journal')
}

function emptyContent(): JournalContent {
  return { queue: '', startAt: '', position: undefined, stored: 0, handed: 0, waiting: [], remembered: new Set(), tickets: new Map() }
}

function knownRecord(content: JournalContent): JournalRecord {
  const { queue, startAt, stored, handed } = content
  return {
    line: 'known',
    version: 1,
    queue,
    startAt,
    position: content.position ?? null,
    stored,
    handed,
    remembered: [...content.remembered],
    tickets: [...content.tickets],
  }
}

function applyRecord(content: JournalContent, record: JournalRecord): void {
  if (record.line === 'known') {
    const { queue, startAt, stored, handed, position, remembered, tickets } = record
    Object.assign(content, { queue, startAt, stored, handed, position: position ?? undefined })
    content.remembered = new Set(remembered)
    content.tickets = new Map(tickets)
  } else if (record.line === 'batch') {
    for (const update of record.updates) recordSeen(content, update)
    content.stored += record.updates.length
    content.position = record.position
  } else if (content.waiting[0]?.transaction_id === record.transaction_id) {
    content.waiting.shift()
    content.handed++
  }
}

function recordSeen(content: JournalContent, update: TicketUpdate): void {
  content.waiting.push(update)
  content.remembered.add(update.transaction_id)
  // What still waits stays, so that a compacted journal can tell it from what is done with.
  if (content.remembered.size > REMEMBERED_IDS + content.waiting.length) forgetFirst(content.remembered)
  const { kpn_ticket_number: number, action, ticket_type, transaction_id, message_datetime_utc } = update
  const before = content.tickets.get(number)
  const state = update.ticket_attributes?.state ?? (STATES.has(action) ? action : before?.state)
  content.tickets.delete(number)
  content.tickets.set(number, { state, action, ticket_type, transaction_id, message_datetime_utc })
  if (content.tickets.size > REMEMBERED_TICKETS) forgetFirst(content.tickets)
}

function forgetFirst(kept: Set<string> | Map<string, unknown>): void {
  for (const first of kept.keys()) {
    kept.delete(first)
    return
  }
}

function unknownUpdates(answer: readonly TicketUpdate[], remembered: ReadonlySet<string>): TicketUpdate[] {
  const here = new Set<string>()
  return answer.filter(({ transaction_id }) => {
    if (remembered.has(transaction_id) || here.has(transaction_id)) return false
    here.add(transaction_id)
    return true
  })
}

function otherQueue(folder: string, held: string, asked: string): ConnectError {
  return new ConnectError({
    status: 0,
    code: 'other_queue',
    message: `The folder ${folder} holds the journal of the queue “${held}”, not of “${asked}”`,
    hint: `Use another folder. If it is the same queue, because only the credential was replaced, give the poller queue: ${JSON.stringify(held)}.`,
    retryable: false,
  })
}
