import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Answer } from '../system/answer.ts'
import type { DeskRecord } from '../system/desk.ts'
import { type Body, carried } from '../system/partner.ts'
import { InstanceGateway, type OnItsWay } from './instance-gateway.ts'
import { type SocketSystem, startBehindSocket, untilAnswered } from './socket-system.ts'

/** The exchange gives up a call after 1 s, and counts it as not done when nothing is found 6 s later. */
const SETTINGS = { SERVICENOW_TIMEOUT_SECONDS: '1', SERVICENOW_SETTLE_SECONDS: '6' }
const LATE_SECONDS = [1.5, 3, 5]
/** Whatever would be written once more is written by then. */
const STILL_TO_COME_MS = 1_000

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

describe.concurrent('what reaches the instance after its call was given up, and before the settle time is over, is there once', () => {
  for (const seconds of LATE_SECONDS) {
    test(`a ticket, ${seconds} s late`, async () => {
      const reference = customer().newReference()
      const itsCreation = ({ method, body }: OnItsWay) => method === 'POST' && body.includes(reference)
      await acknowledgedLate(seconds, itsCreation, () => customer().fileTicket({ customer_reference_number: reference }))
      expect(await desk().find('incident', `correlation_display=${reference}`)).toHaveLength(1)
    }, 60_000)

    test(`a comment, ${seconds} s late`, async () => {
      const ticket = await filed()
      const itsSave = ({ method, url }: OnItsWay) => method === 'PATCH' && url.includes(ticket.record.sys_id)
      await acknowledgedLate(seconds, itsSave, update(ticket, { comment: 'The lift is stuck again' }))
      expect(await desk().journal(ticket.record, 'comments')).toEqual(['The lift is stuck again'])
    }, 60_000)

    test(`a file, ${seconds} s late`, async () => {
      const ticket = await filed()
      const itsUpload = ({ method, url }: OnItsWay) => method === 'POST' && url.includes(ticket.record.sys_id)
      const attachments = [carried({ name: 'lift.txt', bytes: Buffer.from('between floors 3 and 4') })]
      await acknowledgedLate(seconds, itsUpload, update(ticket, { attachments }))
      expect((await desk().filesOf(ticket.record)).map(file => file.file_name)).toEqual(['lift.txt'])
    }, 60_000)
  }
})
