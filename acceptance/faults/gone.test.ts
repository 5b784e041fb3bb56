import { afterAll, beforeAll, expect, test } from 'vitest'
import type { DeskRecord } from '../system/desk.ts'
import { carried } from '../system/partner.ts'
import type { Update } from '../system/update.ts'
import { type SocketSystem, startBehindSocket, untilAnswered } from './socket-system.ts'

/** An instance that breaks off, goes away and comes back, or says nothing at all. */
let system: SocketSystem
beforeAll(async () => {
  system = await startBehindSocket()
})
afterAll(async () => {
  await system?.[Symbol.asyncDispose]()
})

const customer = () => system.exchange.partner('customer')

async function filed(): Promise<{ number: string; reference: string; record: DeskRecord }> {
  const reference = customer().newReference()
  const { body } = await untilAnswered(() => customer().fileTicket({ customer_reference_number: reference }))
  return { number: body.kpn_ticket_number, reference, record: await system.instance.desk.record(body.kpn_ticket_number) }
}

const texts = (number: string) =>
  customer()
    .updates.of(number)
    .map((update: Update) => update.ticket_attributes.comments)

test('half an answer with an error in it makes capture come again, and nothing is left out', async () => {
  const { number, record } = await filed()
  for (const path of ['sys_audit', 'sys_journal_field', '/table/task', '/table/incident', '/attachment'])
    await system.instance.fault({ kind: 'error-in-200', method: 'GET', path, times: 2 })
  for (const word of ['one', 'two', 'three']) await system.instance.desk.comment(record, word)
  await customer().updates.untilActions(number, ['Comment', 'Comment', 'Comment'], 15_000)
  expect(texts(number)).toEqual(['one', 'two', 'three'])
})

test('the instance is killed while tickets are filed and comes back: each is there once, with its file', async () => {
  const references = Array.from({ length: 12 }, () => customer().newReference())
  const send = (reference: string) =>
    customer().fileTicket({
      customer_reference_number: reference,
      attachments: [carried({ name: 'a.txt', bytes: Buffer.from(reference) })],
    })
  await system.instance.fault({ kind: 'latency', method: 'POST', delayMs: 150 })
  const first = Promise.all(references.map(send))
  await new Promise(done => setTimeout(done, 220))
  await system.instance.kill()
  const statuses = (await first).map(({ status }) => status)
  expect(statuses.filter(status => status !== 200 && status !== 503)).toEqual([])
  await system.instance.startAgain()
  const answers = await Promise.all(references.map(reference => untilAnswered(() => send(reference), 25_000)))
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]))
  for (const reference of references) {
    const [record, ...more] = await system.instance.desk.find('incident', `correlation_display=${reference}`)
    expect(more).toEqual([])
    expect(await system.instance.desk.filesOf(record!)).toHaveLength(1)
  }
})

test('an instance that answers nothing at all: every operation of a partner is answered within 30 seconds', async () => {
  const { number, reference, record } = await filed()
  const fileId = await system.instance.desk.attach(record, { name: 'a.txt', bytes: Buffer.from('a') })
  const silent = await system.instance.fault({ kind: 'timeout-before-write' })
  const began = Date.now()
  const answers = await Promise.all([
    customer().fileTicket(),
    customer().updateTicket({ action: 'Comment', kpn_ticket_number: number, customer_reference_number: reference, comment: 'Hello?' }),
    customer().readTicket(number),
    customer().listOpenTickets(),
    customer().getAttachment(fileId),
  ])
  await silent.off()
  console.log(`a silent instance: all answered in ${((Date.now() - began) / 1000).toFixed(1)} s`)
  expect(answers.map(({ status }) => status)).toEqual([503, 503, 503, 503, 503])
  expect(answers.every(({ headers }) => Number(headers.get('retry-after')) > 0)).toBe(true)
  expect((await customer().poll()).status).toBe(200)
})
