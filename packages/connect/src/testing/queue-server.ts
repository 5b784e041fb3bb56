import type { TicketUpdate } from '../messages/ticket-update.ts'
import { type Answer, type ContractServer, contractServer, json } from './contract-server.ts'

/** A partner's update queue with the semantics of the exchange (DESIGN.md, "The queue"), and misfortune on demand. */
export interface QueueServer extends ContractServer {
  updates: TicketUpdate[]
  /** How many of the updates exist already. */
  arrived: number
  /** Index of the first update that a plain read gives. */
  position: number
  /** Called for each read; may take the answer over. */
  misfortune: ((read: number, text: string) => Answer | undefined) | undefined
  /** Index of the first update that the server still has. */
  keptFrom: number
}

export async function queueServer(count: number, { acknowledge = false } = {}): Promise<QueueServer> {
  const updates = numberedUpdates(count)
  const base = await contractServer(async (response, request) => {
    if (request.url.pathname === '/ListOpenTickets') return json(response, 200, { result: [] })
    const { searchParams: asked } = request.url
    const limit = Number(asked.get('limit') ?? 1000)
    const from = asked.get('from')
    const since = asked.get('since')
    const ack = asked.get('ack')
    let at = server.position
    for (const id of [from, ack]) {
      if (id === null) continue
      const index = server.updates.findIndex(({ transaction_id }) => transaction_id === id)
      if (index < server.keptFrom) return json(response, 404, { error: { code: 'unknown_transaction', message: `no update ${id}` } })
      if (id === ack) at = server.position = Math.max(server.position, index + 1)
      else at = index
    }
    if (since !== null) at = server.updates.findIndex(({ message_datetime_utc }) => Date.parse(message_datetime_utc) >= Date.parse(since))
    if (at === -1) at = server.arrived
    at = Math.max(at, server.keptFrom)
    const page = server.updates.slice(at, Math.min(at + limit, server.arrived))
    const consumes = from === null && since === null && !acknowledge
    if (consumes) server.position = at + page.length
    const text = JSON.stringify(page)
    const misfortune = server.misfortune?.(server.seen.length, text)
    if (misfortune !== undefined) return await misfortune(response, request)
    response.writeHead(200, { 'content-type': 'application/json' }).end(text)
  })
  const server: QueueServer = Object.assign(base, { updates, arrived: count, position: 0, misfortune: undefined, keptFrom: 0 })
  return server
}

export function numberedUpdates(count: number): TicketUpdate[] {
  return Array.from({ length: count }, (_, index) => ({
    transaction_id: `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`,
    // Several in one second, and not always rising: the queue's order is what counts.
    message_datetime_utc: new Date(Date.UTC(2026, 9, 3, 11, 0, Math.floor(index / 7) - (index % 3))).toISOString().replace('.000', ''),
    ticket_type: 'Incident',
    action: 'Comment',
    kpn_ticket_number: `INC#${10_000 + (index % 20)}`,
    customer_reference_number: `REF-${index % 20}`,
    ticket_attributes: { comments: `update ${index} — 日本語 \u2028 "quoted"` },
  }))
}
