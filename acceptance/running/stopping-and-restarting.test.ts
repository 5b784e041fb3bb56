import { describe, expect, test } from 'vitest'
import { commented, filed } from '../stories/tickets.ts'
import { ask } from '../system/answer.ts'
import { carried } from '../system/partner.ts'
import { startSystem } from '../system/start-system.ts'

describe('a stop', () => {
  test('by SIGTERM ends with 0 and finishes what was accepted', async () => {
    await using system = await startSystem()
    const customer = system.partner('customer')
    await customer.token()
    const filings = Array.from({ length: 8 }, () =>
      customer.fileTicket({ attachments: [carried({ name: 'big.bin', bytes: Buffer.alloc(500_000, 7) })] }),
    )
    await Promise.race(filings)
    const { code, signal } = await system.stop()
    expect({ code, signal }).toEqual({ code: 0, signal: null })
    const answered = (await Promise.allSettled(filings)).flatMap(result => (result.status === 'fulfilled' ? [result.value] : []))
    expect(answered.length).toBeGreaterThan(0)
    const again = await system.startAgain()
    for (const { status, body } of answered) {
      expect(status).toBe(200)
      const incident = await again.desk().record(body.kpn_ticket_number)
      expect(await again.desk().filesOf(incident)).toHaveLength(1)
    }
  })
})

describe('a restart', () => {
  test.each(['stop', 'kill'] as const)('after %s keeps everything: credentials, tokens, tickets, updates not yet read', async how => {
    await using system = await startSystem()
    const [customer, desk] = [system.partner('customer'), system.desk()]
    const ticket = await filed(customer, { attachments: [carried({ name: 'kept.txt', bytes: Buffer.from('kept') })] })
    const incident = await desk.record(ticket.number)
    await desk.comment(incident, 'Read before')
    const before = await customer.updates.until({ number: ticket.number, action: 'Comment' })
    await desk.comment(incident, 'Not read yet')
    const token = await customer.token()
    await system[how]()

    const again = await system.startAgain()
    const { customer: known, otherCustomer, provider, productionCustomer, portalUsers, instances } = again.firstSteps
    expect({ known, otherCustomer, provider, productionCustomer, portalUsers }).toEqual({
      known: system.firstSteps.customer,
      otherCustomer: system.firstSteps.otherCustomer,
      provider: system.firstSteps.provider,
      productionCustomer: system.firstSteps.productionCustomer,
      portalUsers: system.firstSteps.portalUsers,
    })
    expect({ ...instances.sandbox, url: '' }).toEqual({ ...system.firstSteps.instances.sandbox, url: '' })
    const same = again.partner('customer')
    const withOldToken = { method: 'GET', headers: { authorization: `Bearer ${token}` } }
    expect((await ask(`${same.access.connectBaseUrl}/ListOpenTickets`, withOldToken)).status).toBe(200)

    const later = await same.updates.until({ number: ticket.number, action: 'Comment' })
    expect(later.ticket_attributes.comments).toBe('Not read yet')
    expect((await same.poll({ from: before.transaction_id })).body).toEqual([before, later])
    const { body } = await same.readTicket(ticket.number)
    expect(body.result[0].attachments).toHaveLength(1)
    await commented(same, ticket, 'Still here')
    const retry = await same.fileTicket({
      customer_reference_number: ticket.reference,
      attachments: [carried({ name: 'kept.txt', bytes: Buffer.from('kept') })],
    })
    expect(retry.body.kpn_ticket_number).toBe(ticket.number)
  })
})
