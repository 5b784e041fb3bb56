import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { accepted, assignedTo } from '../stories/tasks.ts'
import type { DeskRecord } from '../system/desk.ts'
import { carried, type Partner } from '../system/partner.ts'
import { InstanceGateway, type OnItsWay, type Treatment } from './instance-gateway.ts'
import { type SocketSystem, startBehindSocket, untilAnswered } from './socket-system.ts'

// Nearly all of the time is spent waiting.
vi.setConfig({ maxConcurrency: 20 })

let system: SocketSystem
let gateway: InstanceGateway
beforeAll(async () => {
  system = await startBehindSocket({
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

interface Ticket {
  partner: Partner
  number: string
  reference: string
  record: DeskRecord
}

async function filed(): Promise<Ticket> {
  const partner = system.exchange.partner('customer')
  const reference = partner.newReference()
  const { body } = await untilAnswered(() => partner.fileTicket({ customer_reference_number: reference }))
  return { partner, number: body.kpn_ticket_number, reference, record: await system.instance.desk.record(body.kpn_ticket_number) }
}

/** A task of a ticket, at a provider that knows it. */
async function assigned(): Promise<Ticket> {
  const partner = system.exchange.partner('provider')
  const { record: ticket } = await filed()
  const record = await assignedTo(system.exchange.firstSteps.provider.solverGroup, system.instance.desk, ticket)
  return { partner, record, ...(await accepted(partner, record)) }
}

/** Two requests that put the same thing on a ticket and are two all the same. */
const THINGS = [
  {
    thing: 'file',
    begin: filed,
    send: ({ partner, number, reference }: Ticket, which: string) =>
      partner.updateTicket({
        action: 'Comment',
        kpn_ticket_number: number,
        customer_reference_number: reference,
        comment: `See the ${which} file`,
        attachments: [carried({ name: 'meter.txt', bytes: Buffer.from('0 kWh') })],
      }),
    isIts: ({ record }: Ticket, { method, url }: OnItsWay) => method === 'POST' && url.includes(record.sys_id),
    there: async ({ record }: Ticket) => (await system.instance.desk.filesOf(record)).length,
  },
  {
    thing: 'comment',
    begin: filed,
    send: ({ partner, number, reference }: Ticket, which: string) =>
      partner.updateTicket(
        { action: 'Comment', kpn_ticket_number: number, customer_reference_number: reference, comment: 'The meter says 0 kWh' },
        { 'idempotency-key': `${reference}-${which}` },
      ),
    isIts: ({ record }: Ticket, { method, url }: OnItsWay) => method === 'PATCH' && url.includes(record.sys_id),
    there: async ({ record }: Ticket) => (await system.instance.desk.journal(record, 'comments')).length,
  },
  {
    thing: 'comment, once with a note and once without,',
    begin: assigned,
    send: ({ partner, number, reference }: Ticket, which: string) =>
      partner.updateTask({
        action: 'Comment',
        kpn_ticket_number: number,
        customer_reference_number: reference,
        comment: 'The meter says 0 kWh',
        ...(which === 'first' ? {} : { worknotes: 'And it is the right one' }),
      }),
    isIts: ({ record }: Ticket, { method, url }: OnItsWay) => method === 'PATCH' && url.includes(record.sys_id),
    there: async ({ record }: Ticket) => {
      const notes = await system.instance.desk.journal(record, 'work_notes')
      return notes.length === 1 ? (await system.instance.desk.journal(record, 'comments')).length : Number.NaN
    },
  },
] as const

/** How the call of the one that reaches the instance, and of the one that does not, looks from the exchange. */
const LOSSES = ['never comes', 'breaks off'] as const
/** The second request comes so much after the first, so that they meet at every step. */
const APART_MS = [0, 40, 700]

const inOrder = (losses: readonly Treatment[]) => losses.map(({ lost }) => (lost ? 'never arrives' : 'is written')).join(', the other ')

for (const { thing, begin, send, isIts, there } of THINGS)
  describe.concurrent(`the same ${thing} in two requests at once, and no answer to either: as many are there as were acknowledged`, () => {
    for (const answer of LOSSES)
      for (const losses of [[{ answer }, { answer, lost: true }] as const, [{ answer, lost: true }, { answer }] as const])
        for (const apart of APART_MS)
          test(`${apart} ms apart, one ${inOrder(losses)}; the answer ${answer}`, async () => {
            const ticket = await begin()
            for (const treatment of losses) void gateway.next(request => isIts(ticket, request), treatment)
            const first = untilAnswered(() => send(ticket, 'first'), 40_000)
            await new Promise(done => setTimeout(done, apart))
            const answers = await Promise.all([first, untilAnswered(() => send(ticket, 'second'), 40_000)])
            expect(answers.map(({ status }) => status)).toEqual([200, 200])
            expect(await there(ticket)).toBe(2)
          }, 60_000)
  })
