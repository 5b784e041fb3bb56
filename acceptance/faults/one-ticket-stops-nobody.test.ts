import { expect, test } from 'vitest'
import { accepted, assignedTo, worked } from '../stories/tasks.ts'
import { startBehindSocket, until, untilAnswered } from './socket-system.ts'

const CARRIED_WITHIN_MS = 10_000

test('a ticket that cannot be saved now, with two dozen comments that wait for one another, does not keep others waiting', async () => {
  await using system = await startBehindSocket()
  const { desk } = system.instance
  const [customer, other, provider] = (['customer', 'otherCustomer', 'provider'] as const).map(role => system.exchange.partner(role))
  const filed = async (partner: typeof customer) => {
    const reference = partner!.newReference()
    const { body } = await untilAnswered(() => partner!.fileTicket({ customer_reference_number: reference }))
    return { reference, number: body.kpn_ticket_number as string, record: await desk.record(body.kpn_ticket_number) }
  }
  const stuck = await filed(customer)
  const healthy = await filed(other)
  const task = await assignedTo(system.exchange.firstSteps.provider.solverGroup, desk, healthy.record)
  const known = await accepted(provider!, task)

  const strikes = await system.instance.fault({ kind: 'timeout-before-write', method: 'PATCH', path: stuck.record.sys_id })
  const comment = (key: number) =>
    customer!.updateTicket(
      { action: 'Comment', kpn_ticket_number: stuck.number, customer_reference_number: stuck.reference, comment: 'Any news?' },
      { 'idempotency-key': `news-${key}` },
    )
  const asked = await Promise.all(Array.from({ length: 24 }, (_, key) => comment(key)))
  expect(new Set(asked.map(({ status }) => status))).toEqual(new Set([503]))

  await worked(provider!, known, { action: 'Comment', comment: 'On my way' })
  await until(
    'the provider’s comment is carried to the other ticket',
    async () => (await desk.journal(healthy.record, 'comments')).length === 1,
    CARRIED_WITHIN_MS,
  )
  await strikes.off()
  await until('all of them are there', async () => (await desk.journal(stuck.record, 'comments')).length === 24, 60_000)
}, 120_000)
