import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import type { Answer } from '../system/answer.ts'
import type { DeskRecord } from '../system/desk.ts'
import { type Body, carried } from '../system/partner.ts'
import { InstanceGateway, type OnItsWay } from './instance-gateway.ts'
import { type SocketSystem, startBehindSocket, until, untilAnswered } from './socket-system.ts'

/** The exchange gives up a call after 1 s, and counts it as not done when nothing is found 9 s later. */
const SETTINGS = { SERVICENOW_TIMEOUT_SECONDS: '1', SERVICENOW_SETTLE_SECONDS: '9' }
/** The last one comes after whoever sent it has looked for the last time: then only the settle time stands against a second one. */
const LATE_SECONDS = [1.5, 4, 8]
/** Whatever would be written once more is written by then. */
const STILL_TO_COME_MS = 1_000
// Nearly all of the time is spent waiting.
vi.setConfig({ maxConcurrency: 13 })

let system: SocketSystem
let gateway: InstanceGateway
beforeAll(async () => {
  system = await startBehindSocket({
    settings: SETTINGS,
    url: async ({ url }) => {
      gateway = await InstanceGateway.before(url)
      return gateway.url
    },
  })
})
afterAll(async () => {
  await system?.[Symbol.asyncDispose]()
  gateway?.close()
})

const customer = () => system.exchange.partner('customer')
const desk = () => system.instance.desk

interface Ticket {
  number: string
  reference: string
  record: DeskRecord
}

async function filed(): Promise<Ticket> {
  const reference = customer().newReference()
  const { body } = await untilAnswered(() => customer().fileTicket({ customer_reference_number: reference }))
  return { number: body.kpn_ticket_number, reference, record: await desk().record(body.kpn_ticket_number) }
}

const update =
  ({ number, reference }: Ticket, more: Body) =>
  () =>
    customer().updateTicket({ action: 'Comment', kpn_ticket_number: number, customer_reference_number: reference, ...more })

/** Sends until it is acknowledged, while the write like this reaches the instance late. */
async function acknowledgedLate(seconds: number, like: (request: OnItsWay) => boolean, send: () => Promise<Answer>): Promise<void> {
  const arrived = gateway.next(like, { lateMs: seconds * 1_000 })
  const { status, body } = await untilAnswered(send, 45_000)
  expect(status, JSON.stringify(body)).toBe(200)
  await arrived
  await new Promise(done => setTimeout(done, STILL_TO_COME_MS))
}

/** How many writes on this record are not finished. */
async function unfinished({ record }: Ticket): Promise<number> {
  const rows = await system.rows(`select from exchange.recorded_write where sys_id = $1 and state <> 'done'`, [record.sys_id])
  return rows.length
}

/** The instance itself does the next write like this so much later, also when its caller has gone; what it gives settles when that has arrived. */
async function lateAtTheInstance(method: string, { record }: Ticket, seconds: number): Promise<() => Promise<unknown>> {
  await system.instance.fault({ kind: 'late-write', method, path: record.sys_id, delayMs: seconds * 1_000, times: 1 })
  return () => new Promise(done => setTimeout(done, seconds * 1_000 + STILL_TO_COME_MS))
}

describe.concurrent('after its call was given up', () => {
  for (const seconds of LATE_SECONDS) {
    test(`a ticket reaches the instance ${seconds} s late, within the settle time, and is there once`, async () => {
      const reference = customer().newReference()
      const itsCreation = ({ method, body }: OnItsWay) => method === 'POST' && body.includes(reference)
      await acknowledgedLate(seconds, itsCreation, () => customer().fileTicket({ customer_reference_number: reference }))
      expect(await desk().find('incident', `correlation_display=${reference}`)).toHaveLength(1)
    }, 60_000)

    test(`a comment reaches the instance ${seconds} s late, within the settle time, and is there once`, async () => {
      const ticket = await filed()
      const itsSave = ({ method, url }: OnItsWay) => method === 'PATCH' && url.includes(ticket.record.sys_id)
      await acknowledgedLate(seconds, itsSave, update(ticket, { comment: 'The lift is stuck again' }))
      expect(await desk().journal(ticket.record, 'comments')).toEqual(['The lift is stuck again'])
    }, 60_000)

    test(`a file reaches the instance ${seconds} s late, within the settle time, and is there once`, async () => {
      const ticket = await filed()
      const itsUpload = ({ method, url }: OnItsWay) => method === 'POST' && url.includes(ticket.record.sys_id)
      const attachments = [carried({ name: 'lift.txt', bytes: Buffer.from('between floors 3 and 4') })]
      await acknowledgedLate(seconds, itsUpload, update(ticket, { attachments }))
      expect((await desk().filesOf(ticket.record)).map(file => file.file_name)).toEqual(['lift.txt'])
    }, 60_000)
  }

  test('a comment is done late within the settle time, and nobody sends it again: the exchange does not write it a second time', async () => {
    const ticket = await filed()
    const arrived = await lateAtTheInstance('PATCH', ticket, 8)
    await Promise.all([update(ticket, { comment: 'Is anybody coming?' })(), arrived()])
    await until('the write is finished', async () => (await unfinished(ticket)) === 0, 45_000)
    expect(await desk().journal(ticket.record, 'comments')).toEqual(['Is anybody coming?'])
  }, 60_000)

  test('a file is done late within the settle time, and nobody sends it again: the exchange does not add it a second time', async () => {
    const ticket = await filed()
    const arrived = await lateAtTheInstance('POST', ticket, 8)
    const attachments = [carried({ name: 'door.txt', bytes: Buffer.from('open, between floors') })]
    await Promise.all([update(ticket, { attachments })(), arrived()])
    await until('the write is finished', async () => (await unfinished(ticket)) === 0, 45_000)
    expect((await desk().filesOf(ticket.record)).map(file => file.file_name)).toEqual(['door.txt'])
  }, 60_000)

  test('a file whose answer was lost is in no list for 8 s, within the settle time: it is not added a second time', async () => {
    const ticket = await filed()
    const path = ticket.record.sys_id
    await system.instance.fault({ kind: 'lagging-attachments', method: 'GET', path, delayMs: 8_000 })
    await system.instance.fault({ kind: 'reset-after-write', method: 'POST', path, times: 1 })
    const attachments = [carried({ name: 'plan.txt', bytes: Buffer.from('there, and not listed yet') })]
    expect((await untilAnswered(update(ticket, { attachments }), 45_000)).status).toBe(200)
    expect((await desk().filesOf(ticket.record)).map(file => file.file_name)).toEqual(['plan.txt'])
  }, 60_000)

  test('a comment is done later than the settle time, and is there twice, which no exchange can prevent', async () => {
    const ticket = await filed()
    await lateAtTheInstance('PATCH', ticket, 14)
    const { status } = await untilAnswered(update(ticket, { comment: 'Never mind, I took the stairs' }), 13_000)
    expect(status).toBe(200)
    expect(await desk().journal(ticket.record, 'comments')).toHaveLength(1)
    await until('it has arrived late', async () => (await desk().journal(ticket.record, 'comments')).length === 2)
  }, 60_000)
})
