import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Answer } from '../system/answer.ts'
import { DatabaseGate } from './database-gate.ts'
import { type GatedSystem, startBehindGate } from './gated-system.ts'
import { until, untilAnswered } from './socket-system.ts'
import { pause } from './while-partners-work.ts'

/** The instance does what it was sent so much later: the connection is cut while it is under way. */
const UNDER_WAY_MS = 600
const CUT_MS = 400

let system: GatedSystem
let instanceGate: DatabaseGate
beforeAll(async () => {
  system = await startBehindGate({
    exchanges: 1,
    url: async instance => {
      instanceGate = await DatabaseGate.before(instance.url)
      return instanceGate.url
    },
  })
})
afterAll(async () => {
  await system?.[Symbol.asyncDispose]()
  await instanceGate?.close()
})

const LINKS = {
  'to the instance': () => [instanceGate],
  'to the database': () => [system.gate],
  'to both': () => [instanceGate, system.gate],
}

const customer = () => system.exchanges[0]!.partner('customer')

/** Sends until it is acknowledged; the connections are cut while the instance does the write, and come back soon. */
async function acknowledgedAcrossACut(gates: readonly DatabaseGate[], path: string, send: () => Promise<Answer>): Promise<Answer> {
  const method = path.startsWith('/table') ? 'POST' : 'PATCH'
  const late = { kind: 'late-write', method, path, delayMs: UNDER_WAY_MS, times: 1 }
  await system.instance.fault(late)
  const answer = untilAnswered(send, 40_000)
  await until('it is under way', async () => {
    const begun = await system.rows(`select from exchange.recorded_write where state <> 'done' and (progress->0->>'begun')::boolean`)
    return begun.length > 0
  })
  await pause(UNDER_WAY_MS / 3)
  for (const gate of gates) gate.cut()
  await pause(CUT_MS)
  for (const gate of gates) await gate.open()
  return answer
}

for (const [link, gates] of Object.entries(LINKS))
  test(`the connection ${link} is cut while a ticket is made, and then while a comment is written: each is there once`, async () => {
    const { desk } = system.instance
    await customer().token()
    const reference = customer().newReference()
    const file = () => customer().fileTicket({ customer_reference_number: reference })
    const { status, body } = await acknowledgedAcrossACut(gates(), '/table/incident', file)
    expect(status, JSON.stringify(body)).toBe(200)
    const [record, ...more] = await desk.find('incident', `correlation_display=${reference}`)
    expect(more).toEqual([])
    const update = { action: 'Comment', kpn_ticket_number: body.kpn_ticket_number, customer_reference_number: reference, comment: 'Once' }
    expect((await acknowledgedAcrossACut(gates(), record!.sys_id, () => customer().updateTicket(update))).status).toBe(200)
    await pause(UNDER_WAY_MS)
    expect(await desk.journal(record!, 'comments')).toEqual(['Once'])
  }, 90_000)
