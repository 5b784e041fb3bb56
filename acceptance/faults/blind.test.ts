import { afterAll, beforeAll, expect, test } from 'vitest'
import type { DeskRecord } from '../system/desk.ts'
import type { Update } from '../system/update.ts'
import { type SocketSystem, startBehindSocket, until, untilAnswered } from './socket-system.ts'

/** What the exchange may not read. */
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
  test.concurrent(`a lost answer and a journal that cannot be read (${kind}): not known, until it can, and then written once`, async () => {
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
