import { readJson } from '../calling/ask.ts'
import { type CallOptions, type CallSettings, call } from '../calling/call.ts'
import { type TicketUpdate, UpdateAnswer } from '../messages/ticket-update.ts'

/**
 * Which updates to read. All four belong to this exchange; a service that is only KPN-compatible knows none of them and consumes
 * on every read.
 */
export interface UpdateQuestion {
  /** At most this many, oldest first: 1 to 1,000. Left out, the service gives what it has, this exchange 1,000. */
  limit?: number | undefined
  /** A transaction_id: that update and everything after it. Does not move the position. */
  from?: string | undefined
  /** Everything from that time. Does not move the position. */
  since?: Date | string | undefined
  /** A transaction_id: everything up to it is done with. For a project set to *acknowledge*. */
  ack?: string | undefined
}

/** The most updates of one answer. */
export const FULL_PAGE = 1000

/**
 * GET /TicketUpdates. Without `from`, `since` and `ack` the read consumes, so an answer that is lost on the way may be gone: it is
 * never retried here; a caller who retries it may lose updates.
 */
export async function readTicketUpdates(
  settings: CallSettings,
  question: UpdateQuestion = {},
  options?: CallOptions,
): Promise<TicketUpdate[]> {
  const { limit, from, since, ack } = question
  const asked = new URLSearchParams()
  if (limit !== undefined) asked.set('limit', String(limit))
  if (from !== undefined) asked.set('from', from)
  if (since !== undefined) asked.set('since', since instanceof Date ? since.toISOString() : since)
  if (ack !== undefined) asked.set('ack', ack)
  const path = asked.size === 0 ? '/TicketUpdates' : `/TicketUpdates?${asked}`
  const consumes = from === undefined && since === undefined && ack === undefined
  return await call(
    settings,
    { method: 'GET', path, repeat: consumes ? 'never' : 'read', read: chunks => readJson(chunks, UpdateAnswer) },
    options,
  )
}
