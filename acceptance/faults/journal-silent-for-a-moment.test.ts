import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { shown } from '../stories/tickets.ts'
import type { Partner } from '../system/partner.ts'
import { type SocketSystem, startBehindSocket, until, untilAnswered } from './socket-system.ts'

/** A role is given, a cache of rights expires: the journal is empty for one read, and whole at the next. */
let system: SocketSystem
beforeAll(async () => {
  system = await startBehindSocket()
})
afterAll(async () => {
  await system?.[Symbol.asyncDispose]()
})

const customer = () => system.exchange.partner('customer')
const other = () => system.exchange.partner('otherCustomer')
const said = (partner: Partner, number: string) =>
  partner.updates.of(number).map(({ action, ticket_attributes }) => `${action}: ${ticket_attributes.comments ?? ''}`)

test('each save is told whole, in its order, and to whom the ticket belonged then', async () => {
  const { desk } = system.instance
  const { body } = await untilAnswered(() => customer().fileTicket())
  const number = body.kpn_ticket_number as string
  const filed = await desk.record(number)
  await desk.comment(filed, 'zero')
  await customer().updates.until({ number, action: 'Comment' }, 20_000)
  const moving = await desk.create('incident', { short_description: 'Moves later', company: customer().access.organisation.sys_id })
  await customer().updates.until({ number: shown(moving), action: 'New' }, 20_000)

  // Capture waits, so that what follows is one look.
  const hold = await system.instance.fault({ kind: 'server-error', method: 'GET', path: '/table/task' })
  await pause(500)
  await desk.change(filed, { state: '2', comments: 'one' })
  await desk.change(filed, { state: '3', hold_reason: '4', comments: 'two' })
  await desk.comment(moving, 'For the first one alone')
  await pause(1_050)
  await desk.change(moving, { company: other().access.organisation.sys_id })
  await system.instance.fault({ kind: 'empty-journal', method: 'GET', path: 'sys_journal_field', times: 1 })
  await hold.off()
  await other().updates.until({ number: shown(moving), action: 'New' }, 20_000)
  await desk.comment(filed, 'three')
  await pause(1_050)
  await desk.comment(moving, 'For the next one')
  await other().updates.until(update => update.ticket_attributes.comments === 'For the next one', 20_000)
  await customer().updates.until(update => update.ticket_attributes.comments === 'three', 20_000)

  expect(said(customer(), number)).toEqual(['Comment: zero', 'In Progress: one', 'On Hold: two', 'Comment: three'])
  expect(said(customer(), shown(moving))).toEqual(['New: ', 'Comment: For the first one alone'])
  expect(said(other(), shown(moving))).toEqual(['New: ', 'Comment: For the next one'])
}, 120_000)

for (const after of [0, 1, 2])
  test(`read ${after + 1} of the journal finds nothing: each save is told whole, once`, async () => {
    const { desk } = system.instance
    const { body } = await untilAnswered(() => customer().fileTicket())
    const number = body.kpn_ticket_number as string
    const record = await desk.record(number)
    await until('it is captured', async () => {
      return (await system.rows('select from exchange.captured_record where sys_id = $1', [record.sys_id])).length === 1
    })
    const silent = { kind: 'empty-journal', method: 'GET', path: 'sys_journal_field', times: 1 }
    const fault = await system.instance.fault(after ? { ...silent, after } : silent)
    await desk.change(record, { state: '2', comments: 'one' })
    await customer().updates.until({ number, action: 'In Progress' }, 20_000)
    await desk.change(record, { state: '3', hold_reason: '4', comments: 'two' })
    await customer().updates.until({ number, action: 'On Hold' }, 20_000)
    await desk.comment(record, 'three')
    await customer().updates.until(update => update.kpn_ticket_number === number && update.ticket_attributes.comments === 'three', 20_000)
    await fault.off()
    expect(said(customer(), number)).toEqual(['In Progress: one', 'On Hold: two', 'Comment: three'])
  }, 120_000)
