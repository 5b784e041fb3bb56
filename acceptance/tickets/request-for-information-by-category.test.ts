import { afterAll, beforeAll, expect, test } from 'vitest'
import { madeByOperator, shown } from '../stories/tickets.ts'
import { type StartedSystem, startSystem } from '../system/start-system.ts'

let system: StartedSystem
beforeAll(async () => {
  const first = await startSystem()
  await first.backOffice.changeMapping('sandbox', {
    kinds: { 'Request for Information': { recognised: { is: { category: ['inquiry'] } } } },
  })
  await first.backOffice.close()
  await first.stop()
  system = await first.startAgain()
})
afterAll(() => system.end())

test('where the category says so, an incident that the operator made is a Request for Information, in updates, lists and by number', async () => {
  const customer = system.partner('customer')
  const desk = system.desk('sandbox')
  for (const [category, word] of [
    ['inquiry', 'Request for Information'],
    ['network', 'Incident'],
  ] as const) {
    const record = await madeByOperator(desk, customer, 'incident', { category })
    const number = shown(record)
    expect(await customer.updates.until({ number, action: 'New' })).toMatchObject({ ticket_type: word })
    const { body: one } = await customer.readTicket(number)
    expect(one.result[0]).toMatchObject({ ticket_type: word })
    const { body: open } = await customer.listOpenTickets()
    expect(open.result.find((ticket: { kpn_ticket_number: string }) => ticket.kpn_ticket_number === number)).toMatchObject({
      ticket_type: word,
    })
    // What it was told as, it stays.
    await desk.change(record, { category: 'software', state: '2' })
    expect(await customer.updates.until({ number, action: 'In Progress' })).toMatchObject({ ticket_type: word })
  }
})
