import { makeFreshDatabase } from '@deskbridge/postgres/testing'
import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Partner } from '../system/partner.ts'
import { type StartedSystem, startSystem } from '../system/start-system.ts'

let database: Awaited<ReturnType<typeof makeFreshDatabase>>
let first: StartedSystem
let system: StartedSystem
beforeAll(async () => {
  database = await makeFreshDatabase()
  first = await startSystem({ database: database.url })
  system = first
})
afterAll(async () => {
  await first?.end()
  await database?.drop()
})

/** A partner as it was made before there was a command for it: rows, and a mapping. */
async function madeByHand(name: string): Promise<Partner> {
  const partner = new Partner(await system.backOffice.addPartner(name, system.partner('customer').access, 'sandbox'))
  const { sys_id } = await system.desk().create('core_company', { name })
  await system.changeAsOperator('PUT', `/operator/organisations/${encodeURIComponent(name)}/mapping`, {
    environment: 'sandbox',
    table: 'core_company',
    sys_id,
  })
  return partner
}

async function isTold(partner: Partner): Promise<void> {
  const { body } = await partner.fileTicket()
  await system.desk().comment(await system.desk().record(body.kpn_ticket_number), 'We are looking at it.')
  await partner.updates.until({ number: body.kpn_ticket_number, action: 'Comment' })
  const ready = await (await fetch(`${system.firstSteps.exchange}/readyz`)).json()
  expect(ready).toMatchObject({ status: 'ready', troubles: [] })
}

test('a partner whose agreement was inserted by hand is told of its tickets: the agreement opens its queue, and capture has no trouble', async () => {
  await isTold(await madeByHand('By Hand'))
})

test('a partner that an earlier version had left without a queue is told after the upgrade', async () => {
  const { access } = await madeByHand('From Before')
  await system.stop()
  const client = new pg.Client({ connectionString: database.url })
  await client.connect()
  await client.query(`
    delete from exchange.queue where partner_id = (select partner_id from exchange.partner where name = 'From Before');
    drop trigger agreement_opens_queue on exchange.agreement;
    drop function exchange.open_queue;
    alter table exchange.partner drop column suspended_at;
    delete from exchange.migration where name like '0010%'`)
  await client.end()
  system = await first.startAgain()
  const { connectBaseUrl, tokenUrl } = system.firstSteps
  await isTold(new Partner({ ...access, connectBaseUrl, tokenUrl }))
})
