import { readJson } from '../calling/ask.ts'
import { type CallOptions, type CallSettings, call } from '../calling/call.ts'
import { ConnectError } from '../calling/connect-error.ts'
import { type TicketDetails, TicketList } from '../messages/ticket.ts'

/** GET /Ticket?kpn_ticket_number=… */
export async function getTicket(settings: CallSettings, number: string, options?: CallOptions): Promise<TicketDetails> {
  // Without a number the service answers with all open tickets (contract 1.2): the first of them would be a wrong answer.
  if (number === '') throw new TypeError('getTicket needs a kpn_ticket_number')
  const path = `/Ticket?kpn_ticket_number=${encodeURIComponent(number)}`
  const { result } = await call(settings, { method: 'GET', path, repeat: 'read', read: chunks => readJson(chunks, TicketList) }, options)
  const ticket = result.find(({ kpn_ticket_number }) => kpn_ticket_number === number) ?? (result.length === 1 ? result[0] : undefined)
  if (ticket !== undefined) return ticket
  throw new ConnectError({ status: 404, code: 'ticket_not_found', message: `There is no ticket ${number}`, retryable: false })
}
