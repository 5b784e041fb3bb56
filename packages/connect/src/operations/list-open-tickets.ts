import { readJson } from '../calling/ask.ts'
import { type CallOptions, type CallSettings, call } from '../calling/call.ts'
import { TicketList, type TicketSummary } from '../messages/ticket.ts'

/** GET /ListOpenTickets: all of them in one answer; the contract knows no paging. */
export async function listOpenTickets(settings: CallSettings, options?: CallOptions): Promise<TicketSummary[]> {
  const { result } = await call(
    settings,
    { method: 'GET', path: '/ListOpenTickets', repeat: 'read', read: chunks => readJson(chunks, TicketList) },
    options,
  )
  return result
}
