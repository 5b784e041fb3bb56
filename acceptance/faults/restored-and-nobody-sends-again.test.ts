import { setTimeout as pause } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { accepted, assignedTo, worked } from '../stories/tasks.ts'
import { commented, filed, shown } from '../stories/tickets.ts'
import type { Update } from '../system/update.ts'
import { startBehindGate } from './gated-system.ts'
import { startOwnPostgres } from './own-postgres.ts'
import { until } from './socket-system.ts'

/** So long nobody is told of what the exchange's own user did in the lost time: it may become known who asked for it. */
const EXPLAINED_WITHIN_MS = 30_000

test('the database is restored, and partners who had their answer send nothing again: each is told what others said in the lost time, not what it said itself', async () => {
  await using postgres = await startOwnPostgres()
  await using system = await startBehindGate({ exchanges: 1, database: postgres.url() })
  const [exchange] = system.exchanges
  const { desk } = system.instance
  const customer = exchange!.partner('customer')
  const provider = exchange!.partner('provider')
  const before = await filed(customer)
  const task = await assignedTo(exchange!.firstSteps.provider.solverGroup, desk, await desk.record(before.number))
  const known = await accepted(provider, task)
  const backup = await postgres.baseBackup()

  await commented(customer, before, 'The customer’s own words')
  await worked(provider, known, { action: 'Comment', comment: 'The provider’s words' })
  await desk.comment(await desk.record(before.number), 'The desk’s words')
  const lost = await filed(customer)
  await desk.comment(await desk.record(lost.number), 'The desk’s words on a ticket that is forgotten')
  await customer.updates.until(update => update.ticket_attributes.comments === 'The provider’s words')
  await customer.updates.until({ number: lost.number, action: 'Comment' })

  await postgres.stop()
  backup.restore()
  await postgres.start()
  await until('it notices', async () => (await system.rows('select from exchange.horizon')).length > 0, 20_000)
  await pause(EXPLAINED_WITHIN_MS)
  await desk.comment(await desk.record(lost.number), 'The desk’s words afterwards')

  const told = async (role: typeof customer, number: string) => {
    role.forgetToken()
    const { body } = await role.poll({ since: '2020-01-01T00:00:00Z' })
    return (body as Update[]).filter(update => update.kpn_ticket_number === number)
  }
  await until('the last words are told', async () => (await told(customer, lost.number)).length > 1, 20_000)
  const said = (updates: Update[]) => updates.map(update => update.ticket_attributes.comments)
  expect(said(await told(customer, before.number)).sort()).toEqual(['The desk’s words', 'The provider’s words'])
  const ofForgotten = await told(customer, lost.number)
  expect(said(ofForgotten)).toEqual(['The desk’s words on a ticket that is forgotten', 'The desk’s words afterwards'])
  expect(ofForgotten.map(update => update.customer_reference_number)).toEqual([lost.reference, lost.reference])
  expect((await told(provider, shown(task))).map(({ action }) => action)).toEqual(['New'])
  const written = await desk.journal(await desk.record(before.number), 'comments')
  expect(written.sort()).toEqual(['The customer’s own words', 'The desk’s words', 'The provider’s words'])
  // Its reference still leads to its ticket.
  const again = await customer.fileTicket({ customer_reference_number: lost.reference })
  expect([again.status, again.body.kpn_ticket_number]).toEqual([200, lost.number])
}, 150_000)
