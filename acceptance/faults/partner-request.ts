import type { Answer } from '../system/answer.ts'
import { carried, type Partner } from '../system/partner.ts'

/** Two customers: what one of them does must not show at the other. */
export const CUSTOMERS = ['customer', 'otherCustomer'] as const
export type Customer = (typeof CUSTOMERS)[number]

/** One thing that a partner wants, however often it must ask for it. */
export interface PartnerRequest {
  readonly what: 'ticket' | 'comment'
  readonly by: Customer
  readonly reference: string
  /** A ticket's description, or what a comment says; no other request has it. */
  readonly text: string
  readonly ticketType: 'Incident' | 'Service Request'
  /** The name of the file that goes with it; no other request has it. */
  readonly file: string | undefined
  readonly key: string | undefined
  /** The number of its ticket: known to a comment from the beginning, to a filing as soon as it is acknowledged. */
  number: string | undefined
  acknowledged: boolean
}

/** Sends it; word for word the same however often. */
export function sendRequest(partner: Partner, { what, reference, text, ticketType, file, key, number }: PartnerRequest): Promise<Answer> {
  const attachments = file ? { attachments: [carried({ name: file, bytes: Buffer.from(text) })] } : {}
  if (what === 'ticket')
    return partner.fileTicket({ customer_reference_number: reference, ticket_type: ticketType, description: text, ...attachments })
  const update = { action: 'Comment', kpn_ticket_number: number, customer_reference_number: reference, comment: text, ...attachments }
  return partner.updateTicket(update, key ? { 'idempotency-key': key } : {})
}
