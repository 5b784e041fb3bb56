import { strict as assert } from 'node:assert'
import type { Desk, DeskRecord } from '../system/desk.ts'
import type { Body, Partner } from '../system/partner.ts'

export interface FiledTicket {
  number: string
  reference: string
}

/** A partner files a ticket, and the answer has exactly the documented five fields. */
export async function filed(partner: Partner, ticket: Body = {}): Promise<FiledTicket> {
  const reference = (ticket.customer_reference_number as string | undefined) ?? partner.newReference()
  const { status, body } = await partner.fileTicket({ ...ticket, customer_reference_number: reference })
  assert.equal(status, 200, `POST /Ticket was answered ${status}: ${JSON.stringify(body)}`)
  const number: string = body.kpn_ticket_number
  assert.deepEqual(Object.keys(body).sort(), ['code', 'customer_reference_number', 'kpn_ticket_number', 'note', 'state'])
  assert.equal(body.state, 'inserted')
  assert.equal(body.customer_reference_number, reference)
  return { number, reference }
}

/** The operator makes a ticket for a customer: a call to its service desk, or its monitoring (first seed, 2.3). */
export function madeByOperator(desk: Desk, customer: Partner, table: string, values: Readonly<Record<string, string>> = {}) {
  return desk.create(table, {
    short_description: 'Monitoring: line is down',
    company: customer.access.organisation.sys_id,
    ...values,
  })
}

/** A record's number as partners read it. */
export const shown = ({ number }: Pick<DeskRecord, 'number'>): string => number.replace(/^([A-Z]+)/, '$1#')

/** A customer's comment on its own ticket. */
export async function commented(partner: Partner, { number, reference }: FiledTicket, comment: string): Promise<void> {
  const { status, body } = await partner.updateTicket({
    action: 'Comment',
    kpn_ticket_number: number,
    customer_reference_number: reference,
    comment,
  })
  assert.equal(status, 200, `PATCH /Ticket was answered ${status}: ${JSON.stringify(body)}`)
}
