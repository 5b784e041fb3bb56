import { makeFreshDatabase } from '@deskbridge/postgres/testing'
import { expect, test } from 'vitest'
import type { Answer } from '../system/answer.ts'
import { startSystem } from '../system/start-system.ts'
import { DatabaseGate } from './database-gate.ts'
import { until, untilAnswered } from './socket-system.ts'

const STALLED_MS = 12_000
/** 10 s, and a moment for a machine that has more to do than it has cores. */
const ANSWERED_WITHIN_MS = 12_000

test('the one database of exchange and practice instance stands still: every kind of call is answered within 10 seconds, and goes through afterwards', async () => {
  const database = await makeFreshDatabase()
  const gate = await DatabaseGate.before(database.url)
  await using system = await startSystem({ database: gate.url })
  const customer = system.partner('customer')
  const { body } = await customer.fileTicket({ customer_reference_number: 'STALLS-BEFORE' })
  const file = () => customer.fileTicket({ customer_reference_number: 'STALLS' })
  const comment = () =>
    customer.updateTicket({
      action: 'Comment',
      kpn_ticket_number: body.kpn_ticket_number,
      customer_reference_number: 'STALLS-BEFORE',
      comment: 'Said into the silence',
    })
  const calls: Record<string, () => Promise<Answer>> = {
    file,
    comment,
    poll: () => customer.poll(),
    read: () => customer.readTicket(body.kpn_ticket_number),
    list: () => customer.listOpenTickets(),
    token: () => customer.askForToken(),
    operator: () => system.askAsOperator('/operator/unanswered'),
  }
  try {
    gate.stall()
    const stalledAt = Date.now()
    const callAgainAndAgain = async (name: string, call: () => Promise<Answer>): Promise<string[]> => {
      const heard: string[] = []
      while (Date.now() - stalledAt < STALLED_MS - 2_000) {
        const began = Date.now()
        const { status, headers } = await call()
        if (Date.now() - began > ANSWERED_WITHIN_MS) heard.push(`${name} took ${Date.now() - began} ms`)
        if (status !== 503 || !headers.get('retry-after')) heard.push(`${name} was answered ${status}`)
        await new Promise(done => setTimeout(done, 300))
      }
      return heard
    }
    expect((await Promise.all(Object.entries(calls).map(([name, call]) => callAgainAndAgain(name, call)))).flat()).toEqual([])
    await gate.open()
    const sent = await Promise.all([file, comment].map(send => untilAnswered(send)))
    expect(sent.map(({ status }) => status)).toEqual([200, 200])
    await until('what was under way has come to its end', async () => {
      const records = await system.desk().find('incident', 'correlation_display=STALLS')
      return records.length === 1
    })
    await new Promise(done => setTimeout(done, 3_000))
    expect(await system.desk().find('incident', 'correlation_display=STALLS')).toHaveLength(1)
    expect(await system.desk().journal(await system.desk().record(body.kpn_ticket_number), 'comments')).toEqual(['Said into the silence'])
    expect(system.processId && process.kill(system.processId, 0)).toBe(true)
  } finally {
    await system.end()
    await gate.close()
    await database.drop()
  }
}, 90_000)
