import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Update } from '../system/update.ts'
import { type SocketSystem, startBehindSocket, untilAnswered } from './socket-system.ts'

let system: SocketSystem
beforeAll(async () => {
  system = await startBehindSocket()
})
afterAll(async () => {
  await system?.[Symbol.asyncDispose]()
})

/** Capture looks several times meanwhile. */
const MOMENT_MS = 1_500

for (const kind of ['error-in-200', 'server-error'])
  test(`sys_audit refuses for a moment (${kind}) while the desk works on a ticket: every step is told, in its order`, async () => {
    const customer = system.exchange.partner('customer')
    const { desk } = system.instance
    const { body } = await untilAnswered(() => customer.fileTicket())
    const number = body.kpn_ticket_number as string
    const record = await desk.record(number)
    await desk.comment(record, 'We have seen it')
    await customer.updates.untilActions(number, ['Comment'], 10_000)

    const refusing = await system.instance.fault({ kind, method: 'GET', path: 'sys_audit' })
    await desk.change(record, { state: '2', comments: 'Looking for the cable' })
    await desk.change(record, { state: '3', hold_reason: '4', comments: 'The cable is ordered' })
    await desk.change(record, { state: '2', comments: 'The cable is here' })
    await new Promise(done => setTimeout(done, MOMENT_MS))
    await refusing.off()
    await desk.comment(record, 'It is plugged in')

    const last = (update: Update) => update.kpn_ticket_number === number && update.ticket_attributes.comments === 'It is plugged in'
    await customer.updates.until(last, 10_000)
    const told = customer.updates.of(number).map(update => `${update.action}: ${update.ticket_attributes.comments}`)
    expect(told).toEqual([
      'Comment: We have seen it',
      'In Progress: Looking for the cable',
      'On Hold: The cable is ordered',
      'In Progress: The cable is here',
      'Comment: It is plugged in',
    ])
  }, 45_000)
