import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { INCIDENT_WORK } from '../stories/desk-work.ts'
import { commented, type FiledTicket, filed } from '../stories/tickets.ts'
import type { DeskRecord } from '../system/desk.ts'
import { startSystem } from '../system/start-system.ts'

const system = await startSystem()
afterAll(() => system.end())
const customer = system.partner('customer')
const desk = system.desk('sandbox')

describe('2.2 the customer updates the ticket', () => {
  test.each(['Incident', 'Request for Information', 'Change Request', 'Service Request'])(
    'a comment on a %s is answered with the five documented fields and stands in its journal',
    async type => {
      const { number, reference } = await filed(customer, { ticket_type: type })
      const { status, body } = await customer.updateTicket({
        action: 'comment',
        kpn_ticket_number: number,
        customer_reference_number: reference,
        comment: 'It also happens at home.\nÉvery day – 日本語',
      })
      expect(status).toBe(200)
      expect(body).toEqual({
        code: 'TechnicalEndpointSuccess',
        state: 'updated',
        kpn_ticket_number: number,
        customer_reference_number: reference,
        note: `${type} ${number} has been updated;`,
      })
      expect(await desk.journal(await desk.record(number), 'comments')).toEqual(['It also happens at home.\nÉvery day – 日本語'])
    },
  )

  test('the customer is not told of its own comment', async () => {
    const ticket = await filed(customer)
    await commented(customer, ticket, 'My own words')
    await desk.comment(await desk.record(ticket.number), 'The desk’s words')
    const [update] = await customer.updates.untilActions(ticket.number, ['Comment'])
    expect(update!.ticket_attributes.comments).toBe('The desk’s words')
  })

  test('the same comment sent again within ten minutes is a retry, not a second comment', async () => {
    const ticket = await filed(customer)
    await commented(customer, ticket, 'Once')
    await commented(customer, ticket, 'Once')
    expect(await desk.journal(await desk.record(ticket.number), 'comments')).toEqual(['Once'])
  })

  test('with an Idempotency-Key of its own, the same words are a second comment', async () => {
    const { number, reference } = await filed(customer)
    const comment = { action: 'Comment', kpn_ticket_number: number, customer_reference_number: reference, comment: 'Still broken' }
    for (const key of ['monday', 'tuesday', 'tuesday'])
      expect((await customer.updateTicket(comment, { 'idempotency-key': `${reference}-${key}` })).status).toBe(200)
    expect(await desk.journal(await desk.record(number), 'comments')).toEqual(['Still broken', 'Still broken'])
  })

  test('a comment with neither text nor attachment is refused', async () => {
    const { number, reference } = await filed(customer)
    const { status, body } = await customer.updateTicket({
      action: 'Comment',
      kpn_ticket_number: number,
      customer_reference_number: reference,
    })
    expect(status).toBe(400)
    expect(body.error.field).toBe('comment')
  })

  test('a reference that belongs to another ticket is refused', async () => {
    const one = await filed(customer)
    const other = await filed(customer)
    const { status, body } = await customer.updateTicket({
      action: 'Comment',
      kpn_ticket_number: one.number,
      customer_reference_number: other.reference,
      comment: 'Which one?',
    })
    expect(status).toBe(400)
    expect(body.error).toMatchObject({ code: 'reference_mismatch', field: 'customer_reference_number' })
  })

  test('a closed ticket takes no comment, and the refusal says its state', async () => {
    const { number, reference } = await filed(customer)
    await desk.change(await desk.record(number), INCIDENT_WORK.cancel)
    const { status, body } = await customer.updateTicket({
      action: 'Comment',
      kpn_ticket_number: number,
      customer_reference_number: reference,
      comment: 'Wait!',
    })
    expect(status).toBe(409)
    expect(body.error.message).toContain('Canceled')
  })

  test('markup in a comment cannot reach an agent’s screen', async () => {
    const ticket = await filed(customer)
    await commented(customer, ticket, '[code]<script>alert(1)</script>[/code]')
    const [text] = await desk.journal(await desk.record(ticket.number), 'comments')
    expect(text).not.toMatch(/\[\/?code\]/)
    expect(text).toBe('［code]<script>alert(1)</script>［/code]')
  })
})

describe('an incident that waits for the caller', () => {
  let ticket: FiledTicket
  let incident: DeskRecord
  beforeAll(async () => {
    ticket = await filed(customer)
    incident = await desk.change(await desk.record(ticket.number), INCIDENT_WORK.start)
    await desk.change(incident, { ...INCIDENT_WORK.awaitCaller, comments: 'Which office?' })
  })

  test('is told as On Hold with its reason and the question', async () => {
    const [, hold] = await customer.updates.untilActions(ticket.number, ['In Progress', 'On Hold'])
    expect(hold!.ticket_attributes).toEqual({ state: 'On Hold', on_hold_reason: 'Awaiting Caller', comments: 'Which office?' })
  })

  test('moves on with the customer’s answer', async () => {
    await commented(customer, ticket, 'Utrecht')
    expect((await desk.read(incident)).fields).toMatchObject({ state: '2', hold_reason: '' })
  })

  test('and the customer is not told of its own doing', async () => {
    await desk.comment(incident, 'Thank you.')
    const updates = await customer.updates.untilActions(ticket.number, ['In Progress', 'On Hold', 'Comment'])
    expect(updates[2]!.ticket_attributes.comments).toBe('Thank you.')
  })

  test('while a wait for somebody else goes on after a comment', async () => {
    const other = await filed(customer)
    const record = await desk.change(await desk.record(other.number), INCIDENT_WORK.awaitVendor)
    await commented(customer, other, 'Any news?')
    expect((await desk.read(record)).fields.state).toBe('3')
  })
})
