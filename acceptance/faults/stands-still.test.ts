import { test } from 'vitest'
import { carried } from '../system/partner.ts'
import type { StartedSystem } from '../system/start-system.ts'
import { startBehindSocket, until, untilAnswered } from './socket-system.ts'

/** A write is held for 30 s, and another process looks every 5 s for what nobody holds any more. */
const TAKEN_UP_WITHIN_MS = 45_000
/** Whatever the one that stood still has left to do is done by then. */
const GOES_ON_MS = 4_000

test.concurrent('an exchange stands still in the middle of a filing and of an upload until another one has finished both, and goes on: each is there once', async ({
  expect,
}) => {
  await using system = await startBehindSocket({ exchanges: 2 })
  const [still, other] = system.exchanges as [StartedSystem, StartedSystem]
  const { desk } = system.instance
  const { body } = await untilAnswered(() => still.partner('customer').fileTicket({ customer_reference_number: 'STILL-FILE' }))
  const number = body.kpn_ticket_number as string
  const commented = await desk.record(number)
  const file = (exchange: StartedSystem) =>
    exchange.partner('customer').fileTicket({ customer_reference_number: 'STILL-REQUEST', ticket_type: 'Service Request' })
  const comment = (exchange: StartedSystem) =>
    exchange.partner('customer').updateTicket({
      action: 'Comment',
      kpn_ticket_number: number,
      customer_reference_number: 'STILL-FILE',
      comment: 'The photo is attached',
      attachments: [carried({ name: 'photo.txt', bytes: Buffer.from('a desk, seen from above') })],
    })

  await system.instance.fault({ kind: 'latency', method: 'POST', path: '/table/sc_request', times: 1, delayMs: 700 })
  await system.instance.fault({ kind: 'latency', method: 'POST', path: `table_sys_id=${commented.sys_id}`, times: 1, delayMs: 700 })
  const calls = [file(still), comment(still)].map(call => call.catch(() => undefined))
  await until('both are on their way', async () => {
    const begun = await system.rows(
      `select from exchange.recorded_write where state <> 'done' and
         (reference = 'STILL-REQUEST' or operation = 'comment' and (progress->1->>'begun')::boolean)`,
    )
    return begun.length === 2
  })
  process.kill(still.processId, 'SIGSTOP')
  const [request] = await until('the request is there', async () => {
    const found = await desk.find('sc_request', 'correlation_display=STILL-REQUEST')
    return found.length > 0 && found
  })
  const items = () => desk.find('sc_req_item', `request=${request!.sys_id}`)
  await until('the other one makes its item', async () => (await items()).length > 0, TAKEN_UP_WITHIN_MS)
  // Nobody but the one that stands still has the file; the partner brings it again.
  const elsewhere = await Promise.all([file, comment].map(send => untilAnswered(() => send(other))))
  expect(elsewhere.map(({ status }) => status)).toEqual([200, 200])

  process.kill(still.processId, 'SIGCONT')
  await Promise.all(calls)
  await new Promise(done => setTimeout(done, GOES_ON_MS))
  const again = await Promise.all([file(still), comment(still)])
  expect(again.map(({ body }) => body)).toEqual(elsewhere.map(({ body }) => body))
  expect(await desk.find('sc_request', 'correlation_display=STILL-REQUEST')).toHaveLength(1)
  expect(await items()).toHaveLength(1)
  expect(await desk.journal(commented, 'comments')).toEqual(['The photo is attached'])
  expect((await desk.filesOf(commented)).map(found => found.file_name)).toEqual(['photo.txt'])
}, 120_000)

test.concurrent('an exchange stands still while it waits for its turn, and asks whether the write is still its own before it sends it', async ({
  expect,
}) => {
  await using system = await startBehindSocket({ exchanges: 2 })
  const [still, other] = system.exchanges as [StartedSystem, StartedSystem]
  const { desk } = system.instance
  const file = (exchange: StartedSystem) =>
    exchange.partner('customer').fileTicket({ customer_reference_number: 'STILL-WAITS', ticket_type: 'Service Request' })
  await still.partner('customer').token()
  // The instance asks for a pause before it takes the item: then the process stands still.
  await system.instance.fault({ kind: 'too-many-requests', method: 'POST', path: '/table/sc_req_item', times: 1, retryAfter: 1 })
  const call = file(still).catch(() => undefined)
  await until('the item is to be made', async () => {
    const begun = `select from exchange.recorded_write where reference = 'STILL-WAITS' and (progress->1->>'begun')::boolean`
    return (await system.rows(begun)).length === 1
  })
  process.kill(still.processId, 'SIGSTOP')
  const [request] = await desk.find('sc_request', 'correlation_display=STILL-WAITS')
  const items = () => desk.find('sc_req_item', `request=${request!.sys_id}`)
  expect(await items()).toEqual([])
  await until('the other one makes the item', async () => (await items()).length > 0, TAKEN_UP_WITHIN_MS)
  process.kill(still.processId, 'SIGCONT')
  await call
  await new Promise(done => setTimeout(done, GOES_ON_MS))
  expect(await items()).toHaveLength(1)
  expect((await untilAnswered(() => file(other))).status).toBe(200)
  expect(await desk.find('sc_request', 'correlation_display=STILL-WAITS')).toHaveLength(1)
}, 120_000)
