import { prepareBody } from '../attachments/outgoing-attachment.ts'
import { readJson } from '../calling/ask.ts'
import { type CallOptions, type CallSettings, call } from '../calling/call.ts'
import { type NewTicket, type Receipt, ReceiptAnswer } from '../messages/ticket.ts'

/** POST /Ticket. Its `customer_reference_number` is what makes a repeated request safe, so it needs no Idempotency-Key. */
export async function fileTicket(settings: CallSettings, ticket: NewTicket, options?: CallOptions): Promise<Receipt> {
  const { attachments, desired_delivery_date: date, ...fields } = ticket
  const desired_delivery_date = date instanceof Date ? utcWithoutZone(date) : date
  const body = await prepareBody({ ...fields, desired_delivery_date }, attachments)
  return await call(
    settings,
    { method: 'POST', path: '/Ticket', body, repeat: 'write', read: chunks => readJson(chunks, ReceiptAnswer) },
    options,
  )
}

/** The only form in the contract (1.2) has no zone; it is UTC. */
function utcWithoutZone(date: Date): string {
  return date.toISOString().slice(0, 19).replace('T', ' ')
}
