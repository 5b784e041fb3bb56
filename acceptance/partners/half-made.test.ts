import { afterAll, beforeAll, expect, test } from 'vitest'
import { Partner } from '../system/partner.ts'
import { type StartedSystem, startSystem } from '../system/start-system.ts'

let system: StartedSystem
beforeAll(async () => {
  system = await startSystem()
})
afterAll(() => system?.end())

test('a partner whose agreement was inserted by hand is told of its tickets: the agreement opens its queue, and capture has no trouble', async () => {
  const partner = new Partner(await system.backOffice.addPartner('By Hand', system.partner('customer').access, 'sandbox'))
  const { sys_id } = await system.desk().create('core_company', { name: 'By Hand' })
  const company = { environment: 'sandbox', table: 'core_company', sys_id }
  await system.changeAsOperator('PUT', '/operator/organisations/By%20Hand/mapping', company)
  const { body } = await partner.fileTicket()
  await system.desk().comment(await system.desk().record(body.kpn_ticket_number), 'We are looking at it.')
  await partner.updates.until({ number: body.kpn_ticket_number, action: 'Comment' })
  const ready = await (await fetch(`${system.firstSteps.exchange}/readyz`)).json()
  expect(ready).toMatchObject({ status: 'ready', troubles: [] })
})
