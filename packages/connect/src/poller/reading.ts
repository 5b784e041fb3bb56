import { ConnectError } from '../calling/connect-error.ts'
import type { TicketUpdate } from '../messages/ticket-update.ts'
import { FULL_PAGE, type UpdateQuestion } from '../operations/ticket-updates.ts'
import type { Position } from './journal-record.ts'

/** How a poller reads the queue; see {@link RISK} for what each can lose. */
export type PollerMode = 'from' | 'ack' | 'read-once'

/** What may still be lost, said plainly. */
export const RISK: Record<PollerMode, string> = {
  from: 'Nothing is lost as long as this poller reads at least once in the 90 days for which the exchange keeps updates.',
  ack: 'Nothing is lost if the project is set to acknowledge. If it is not, the exchange consumes on reading and this mode is no safer than read-once.',
  'read-once':
    'An answer that is lost between the server and this disk (a broken connection, a kill in that moment, a full disk) may be gone, and with it its comments and attachments. compare() finds tickets whose state was missed; nothing brings back the rest.',
}

/** How far before the last known update to read again when the server no longer knows it: its times need not rise with its order. */
const OVERLAP_MS = 24 * 60 * 60 * 1000

/**
 * Answers that say "I do not know this transaction_id"; 404 is this exchange's. A 400 to `ack` is not among them: it says that the
 * project is not set to acknowledge, and a plain read would then consume.
 */
const UNKNOWN_POSITION = { from: new Set([400, 404, 410]), ack: new Set([404, 410]) }

export interface Reading {
  mode: PollerMode
  limit: number | undefined
  position: Position | undefined
  startAt: string
  /** Asks the server once. */
  ask(question: UpdateQuestion): Promise<TicketUpdate[]>
  /** Told when the server does not know, or does not heed, the position. */
  onLostPosition(problem: ConnectError): void
}

export interface Answer {
  updates: TicketUpdate[]
  /** Whether there may be more at once. */
  full: boolean
}

/**
 * Reads the next updates. The answer may hold updates that are known already: at the front in mode `from` (it begins with the one
 * asked for), or anywhere after a lost position. The journal leaves them out.
 */
export async function readNext(reading: Reading): Promise<Answer> {
  const { mode, limit, position } = reading
  const updates = await reading.ask(question(reading)).catch(async (error: unknown) => {
    if (!(error instanceof ConnectError) || mode === 'read-once' || position === undefined) throw error
    if (!UNKNOWN_POSITION[mode].has(error.status)) throw error
    const found = await reading.ask(questionWithoutPosition(reading, position))
    reading.onLostPosition(error)
    return found
  })
  if (mode === 'from' && position !== undefined && updates[0]?.transaction_id !== position.transaction_id)
    reportIgnoredPosition(reading, updates)
  return { updates, full: updates.length >= (limit ?? FULL_PAGE) && updates.at(-1)?.transaction_id !== position?.transaction_id }
}

function question({ mode, limit, position, startAt }: Reading): UpdateQuestion {
  if (mode === 'read-once') return { limit }
  if (mode === 'ack') return { limit, ack: position?.transaction_id }
  return position === undefined ? { limit, since: startAt } : { limit, from: position.transaction_id }
}

function questionWithoutPosition({ mode, limit, startAt }: Reading, position: Position): UpdateQuestion {
  if (mode === 'ack') return { limit }
  const last = Date.parse(position.message_datetime_utc)
  return { limit, since: Number.isNaN(last) ? startAt : `${new Date(last - OVERLAP_MS).toISOString().slice(0, 19)}Z` }
}

function reportIgnoredPosition({ position, onLostPosition }: Reading, updates: TicketUpdate[]): void {
  const first = updates[0] === undefined ? 'is empty' : `begins with ${updates[0].transaction_id}`
  onLostPosition(
    new ConnectError({
      status: 200,
      code: 'from_not_heeded',
      message: `The answer to from=${position?.transaction_id} ${first}: the server does not heed "from", or has lost that update`,
      hint: 'A service that is only KPN-compatible needs mode "read-once".',
      retryable: true,
    }),
  )
}
