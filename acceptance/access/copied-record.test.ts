import { afterAll, describe, expect, test } from 'vitest'
import { filed, shown } from '../stories/tickets.ts'
import type { DeskRecord } from '../system/desk.ts'
import { startSystem } from '../system/start-system.ts'

/** An agent copies a record (Insert and Stay, a template, an import), and the copy carries the correlation of the first one. */
const system = await startSystem()
afterAll(() => system.end())
const customer = system.partner('customer')
const other = system.partner('otherCustomer')
const desk = system.desk()

const carriedBy = ({ fields: { correlation_id = '', correlation_display = '' } }: DeskRecord) => ({ correlation_id, correlation_display })

describe.each([
  ['Incident', 'incident'],
  ['Change Request', 'change_request'],
  ['Service Request', 'sc_request'],
])('a copy of a filed %s for another company', (ticket_type, table) => {
  test('is told to that company as the desk’s own ticket, and neither told nor shown to the one that filed the first', async () => {
    const first = await filed(customer, { ticket_type })
    const original = await desk.record(first.number)
    const copy = await desk.create(table, {
      short_description: 'For the other one only',
      company: other.access.organisation.sys_id,
      ...carriedBy(original),
    })
    await desk.comment(copy, 'For the eyes of the other one')
    const told = await other.updates.until({ number: shown(copy), action: 'New' })
    expect(told.customer_reference_number).toBeUndefined()
    await other.updates.until({ number: shown(copy), action: 'Comment' })
    await desk.comment(original, 'For the one that filed it')
    await customer.updates.until({ number: first.number, action: 'Comment' })
    expect(customer.updates.of(shown(copy))).toEqual([])
    expect((await customer.readTicket(shown(copy))).status).toBe(404)
    expect((await other.readTicket(shown(copy))).status).toBe(200)
    expect((await other.readTicket(first.number)).status).toBe(404)
    const listed = async (partner: typeof customer) =>
      (await partner.listOpenTickets()).body.result.map((ticket: { kpn_ticket_number: string }) => ticket.kpn_ticket_number)
    expect(await listed(customer)).not.toContain(shown(copy))
    expect(await listed(other)).toContain(shown(copy))
  })

  test('for the company that filed the first is a ticket of the desk’s, beside its own', async () => {
    const first = await filed(customer, { ticket_type })
    const original = await desk.record(first.number)
    const copy = await desk.create(table, {
      short_description: 'The same again',
      company: customer.access.organisation.sys_id,
      ...carriedBy(original),
    })
    const told = await customer.updates.until({ number: shown(copy), action: 'New' })
    expect(told.customer_reference_number).toBeUndefined()
    expect((await customer.readTicket(first.number)).body.result[0].customer_reference_number).toBe(first.reference)
  })
})

test('a copy of a ticket that was bound by a Response is the other company’s, without the first one’s reference', async () => {
  const made = await desk.create('incident', { short_description: 'Made by the desk', company: customer.access.organisation.sys_id })
  const told = await customer.updates.until({ number: shown(made), action: 'New' })
  const reference = customer.newReference()
  const response = { action: 'Response', status: 'Success', transaction_id: told.transaction_id, kpn_ticket_number: shown(made) }
  expect((await customer.updateTicket({ ...response, customer_reference_number: reference })).status).toBe(200)
  const company = other.access.organisation.sys_id
  const copy = await desk.create('incident', { short_description: 'Copied', company, ...carriedBy(await desk.read(made)) })
  const news = await other.updates.until({ number: shown(copy), action: 'New' })
  expect(news.customer_reference_number).toBeUndefined()
  expect((await customer.readTicket(shown(copy))).status).toBe(404)
})
