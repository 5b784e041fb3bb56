import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { shown } from '../stories/tickets.ts'
import { type SocketSystem, startBehindSocket, until } from './socket-system.ts'

let system: SocketSystem

beforeAll(async () => {
  system = await startBehindSocket({ settings: { SERVICENOW_TIMEOUT_SECONDS: '5' } })
})

afterAll(() => system?.[Symbol.asyncDispose]())

test('a ticket that is given to another company while the first one reads it shows nothing that was said to the next one', async () => {
  const { desk } = system.instance
  const first = system.exchange.partner('customer')
  const next = system.exchange.partner('otherCustomer')
  const record = await desk.create('incident', { short_description: 'Given away', company: first.access.organisation.sys_id })
  await until('it is told', async () => {
    await first.updates.listen()
    return first.updates.of(shown(record)).length === 1
  })
  await pause(1_100)
  const slow = await system.instance.fault({ kind: 'latency', method: 'GET', path: 'sys_journal_field', delayMs: 1_500 })
  const reading = first.readTicket(shown(record))
  await pause(300)
  await desk.change(record, { company: next.access.organisation.sys_id })
  await desk.comment(record, 'said to the next one')
  const { status, body } = await reading
  await slow.off()
  expect([status, JSON.stringify(body)]).toEqual([404, expect.not.stringContaining('said to the next one')])
}, 60_000)
