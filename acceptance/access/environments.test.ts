import { afterAll, describe, expect, test } from 'vitest'
import { commented, filed, madeByOperator, shown } from '../stories/tickets.ts'
import { startSystem } from '../system/start-system.ts'

const system = await startSystem()
afterAll(() => system.end())
const sandbox = system.partner('customer')
const production = system.partner('productionCustomer')

describe('4.3 and 4.4 the credentials decide the environment, the addresses stay the same', () => {
  test('a ticket goes to the instance of the credential’s environment, and to no other', async () => {
    const reference = `BOTH-${sandbox.newReference()}`
    const ticket = { customer_reference_number: reference, short_description: 'In one environment' }
    await filed(sandbox, ticket)
    expect(await system.desk('sandbox').find('incident', `correlation_display=${reference}`)).toHaveLength(1)
    expect(await system.desk('production').find('incident', `correlation_display=${reference}`)).toHaveLength(0)
    await filed(production, ticket)
    expect(await system.desk('production').find('incident', `correlation_display=${reference}`)).toHaveLength(1)
    expect(await system.desk('sandbox').find('incident', `correlation_display=${reference}`)).toHaveLength(1)
  })

  test('updates stay in their environment', async () => {
    const [inSandbox, inProduction] = [
      await madeByOperator(system.desk('sandbox'), sandbox, 'incident', { short_description: 'Sandbox only' }),
      await madeByOperator(system.desk('production'), production, 'incident', { short_description: 'Production only' }),
    ]
    await sandbox.updates.until({ number: shown(inSandbox), action: 'New' })
    await production.updates.until({ number: shown(inProduction), action: 'New' })
    expect(JSON.stringify(sandbox.updates.heard)).not.toContain('Production only')
    expect(JSON.stringify(production.updates.heard)).not.toContain('Sandbox only')
  })

  test('a number of the other environment is nobody’s here', async () => {
    // Two in production, so that its second number exists there only once the sandbox has filed less.
    let ticket = await filed(production)
    while ((await sandbox.readTicket(ticket.number)).status === 200) ticket = await filed(production)
    await commented(production, ticket, 'For production')
    const { status } = await sandbox.updateTicket({
      action: 'Comment',
      kpn_ticket_number: ticket.number,
      customer_reference_number: ticket.reference,
      comment: 'From the sandbox',
    })
    expect(status).toBe(404)
  })

  test('an attachment of the other environment is not found', async () => {
    const desk = system.desk('production')
    const { number } = await filed(production)
    const id = await desk.attach(await desk.record(number), { name: 'secret.txt', bytes: Buffer.from('secret') })
    expect((await production.getAttachment(id)).status).toBe(200)
    expect((await sandbox.getAttachment(id)).status).toBe(404)
  })

  test('the token says which environment it is for', async () => {
    expect((await sandbox.askForToken()).body.level).toBe('demo')
    expect((await production.askForToken()).body.level).toBe('prod')
  })
})
