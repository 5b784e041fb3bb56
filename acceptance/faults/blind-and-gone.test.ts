import { afterAll, beforeAll, expect, test } from 'vitest'
import type { DeskRecord } from '../system/desk.ts'
import { carried } from '../system/partner.ts'
import type { Update } from '../system/update.ts'
import { type SocketSystem, startBehindSocket, until, untilAnswered } from './socket-system.ts'

/** What the exchange may not read, and an instance that goes away. */
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

async function ready(): Promise<{ status: string; capture: Record<string, string> }> {
  const response = await fetch(`${system.exchange.firstSteps.exchange}/readyz`)
  return (await response.json()) as { status: string; capture: Record<string, string> }
}

for (const kind of ['hidden-journal', 'empty-journal'])
  test(`a lost answer and a journal that cannot be read (${kind}): not known, until it can, and then written once`, async () => {
    const { number, reference, record } = await filed()
    await system.instance.fault({ kind: 'reset-after-write', method: 'PATCH', path: record.sys_id, times: 1 })
    const blind = await system.instance.fault({ kind, path: 'sys_journal_field' })
    const update = { action: 'Comment', kpn_ticket_number: number, customer_reference_number: reference, comment: `Written once: ${kind}` }
    for (let turn = 0; turn < 2; turn++) {
      const { status, body } = await customer().updateTicket(update)
      expect([status, body.error?.code]).toEqual([503, 'outcome_unknown'])
      // Longer than the settle time: absence would count now, blindness must not.
      await new Promise(done => setTimeout(done, 1_600))
    }
    await blind.off()
    expect((await untilAnswered(() => customer().updateTicket(update))).status).toBe(200)
    expect(await system.instance.desk.journal(record, 'comments')).toEqual([update.comment])
  })

for (const kind of ['hidden-journal', 'empty-journal'])
  test(`while the journal cannot be read (${kind}) capture waits, says so, and tells each comment once when it can`, async () => {
    const { number, record } = await filed()
    const other = await filed()
    await until('both are captured', async () => {
      const [row] = await system.rows(`select count(*)::int as count from exchange.captured_record where sys_id = any($1)`, [
        [record.sys_id, other.record.sys_id],
      ])
      return row!.count === 2
    })
    const blind = await system.instance.fault({ kind, path: 'sys_journal_field' })
    await system.instance.desk.comment(record, 'Said in the dark')
    await system.instance.desk.change(record, { state: '2', comments: 'And work begins' })
    await until('the trouble is told', async () => (await ready()).capture.sandbox === 'failing')
    await customer().updates.listen()
    expect(texts(number)).toEqual([])
    if (kind === 'empty-journal') {
      await system.instance.desk.change(other.record, { state: '2' })
      await customer().updates.until({ number: other.number, action: 'In Progress' })
    }
    await blind.off()
    await customer().updates.untilActions(number, ['Comment', 'In Progress'], 10_000)
    expect(texts(number)).toEqual(['Said in the dark', 'And work begins'])
    await until('all is well', async () => (await ready()).capture.sandbox === 'ok')
  })

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
