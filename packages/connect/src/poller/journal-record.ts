import { z } from 'zod'
import type { TicketUpdate } from '../messages/ticket-update.ts'

/** The last update that came from the server: where to go on. The time is the server's, and only for when it no longer knows the id. */
export interface Position {
  transaction_id: string
  message_datetime_utc: string
}

/** The state that the updates seen so far give a ticket or task. */
export interface SeenTicket {
  state?: string | undefined
  action: string
  ticket_type: string
  transaction_id: string
  message_datetime_utc: string
}

/** The lines of a journal. Each is whole by itself; `known` only begins a journal, new or compacted. */
export type JournalRecord =
  | {
      line: 'known'
      version: 1
      queue: string
      startAt: string
      position: Position | null
      /** How many updates were ever stored, and handed over. */
      stored: number
      handed: number
      remembered: string[]
      tickets: [number: string, SeenTicket][]
    }
  /** One answer of the server, as far as it was new. One line, so that it is there whole or not at all. */
  | { line: 'batch'; updates: TicketUpdate[]; position: Position }
  /** The callback's promise for this update was fulfilled. */
  | { line: 'handed'; transaction_id: string }

const Shape = z.discriminatedUnion('line', [
  z.looseObject({ line: z.literal('known'), version: z.literal(1), queue: z.string(), startAt: z.string() }),
  z.looseObject({ line: z.literal('batch'), updates: z.array(z.unknown()) }),
  z.looseObject({ line: z.literal('handed'), transaction_id: z.string() }),
])

/** A line that passes its checksum was written by this package; only a later version can have written something else. */
export function asJournalRecord(value: unknown): JournalRecord {
  if (!Shape.safeParse(value).success) throw new Error('The journal was written by another version of @deskbridge/connect')
  return value as JournalRecord
}
