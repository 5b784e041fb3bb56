import { describe, expect, test } from 'vitest'
import { filed } from '../stories/tickets.ts'
import { runCommand } from '../system/command.ts'
import { startSystem } from '../system/start-system.ts'

describe('without DATABASE_URL', () => {
  test('the PostgreSQL that came along runs in the data folder; after kill -9 the folder opens again at once, nothing lost', async () => {
    await using system = await startSystem({ database: 'own' })
    const customer = system.partner('customer')
    const ticket = await filed(customer, { short_description: 'Before the crash' })
    await system.desk().comment(await system.desk().record(ticket.number), 'Before the crash')
    await system.kill()
    const again = await system.startAgain()
    const { body } = await again.partner('customer').readTicket(ticket.number)
    expect(body.result[0]).toMatchObject({ customer_reference_number: ticket.reference, short_description: 'Before the crash' })
    const told = await again.partner('customer').updates.until({ number: ticket.number, action: 'Comment' })
    expect(told.ticket_attributes.comments).toBe('Before the crash')
    // The command reaches that PostgreSQL too, while its exchange runs.
    const ended = await runCommand(['demo', 'end'], { DESKBRIDGE_DATA: again.dataFolder }).ended
    expect(ended).toMatchObject({ code: 0, output: expect.stringContaining('operator@deskbridge.example (operator): removed') })
    await expect.poll(async () => (await again.partner('customer').listOpenTickets()).status).toBe(401)
    expect((await again.stop()).code).toBe(0)
  })
})
