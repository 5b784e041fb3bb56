import { expect, test } from 'vitest'
import type { StartedSystem } from '../system/start-system.ts'
import { amiss, ownUpdates } from './account.ts'
import { Callers } from './callers.ts'
import { DeskAgent } from './desk-agent.ts'
import { startBehindGate } from './gated-system.ts'
import { ended, untilReadyz } from './health.ts'
import { forbiddenAnswers, summaryOf } from './heard-answer.ts'
import { startOwnPostgres } from './own-postgres.ts'
import { CUSTOMERS } from './partner-request.ts'
import { pause } from './while-partners-work.ts'

test('the database is restored from a backup, and all partners send everything again: each ticket, comment and file stays one', async () => {
  await using server = await startOwnPostgres()
  await using system = await startBehindGate({ database: server.url() })
  const { instance } = system
  const [stays, restarted] = system.exchanges as [StartedSystem, StartedSystem]
  const callers = await Callers.begin('RESTORED', [stays, restarted])
  const agent = new DeskAgent(instance.desk, callers)
  await pause(2_000)
  const backup = await server.baseBackup()
  await pause(5_000)
  await Promise.all([callers.finish(), agent.finish()])
  const toldBefore = await told(stays, callers)
  const answersBefore = callers.answers.length

  await restarted.stop()
  await server.stop()
  backup.restore()
  await server.start()
  const exchanges = [stays, await restarted.startAgain()]
  const notReady = await untilReadyz(exchanges, 200, 10_000)
  const again = await callers.sendAllAgain(exchanges)
  console.log(`${callers.tickets.length} tickets filed. Before: ${summaryOf(callers.answers.slice(0, answersBefore))}`)
  console.log(`After: ${summaryOf(callers.answers.slice(answersBefore))}`)

  const others = again.filter(({ request, number }) => number !== request.number)
  const toldOtherwise = async () => {
    const now = await told(stays, callers)
    return [...toldBefore].filter(([what, id]) => now.get(what) !== id).map(([what, id]) => `${what}: was ${id}, is ${now.get(what)}`)
  }
  expect([
    ...ended(exchanges),
    ...notReady,
    ...forbiddenAnswers(callers.answers, { withinMs: 15_000, tokensLost: true }),
    ...others.map(({ request, number }) => `${request.what} ${request.reference} was ${request.number}, and now is ${number}`),
    ...(await amiss({ desk: instance.desk, callers, agent, partner: customer => stays.partner(customer) })),
    ...(await toldOtherwise()),
  ]).toEqual([])
  expect(await system.rows('select since, why from exchange.horizon')).not.toEqual([])
}, 180_000)

/** What each customer was told of its tickets, with the id under which it was. */
async function told(exchange: StartedSystem, callers: Callers): Promise<Map<string, string>> {
  const updates = await Promise.all(CUSTOMERS.map(customer => ownUpdates(exchange.partner(customer), callers)))
  return new Map(
    updates
      .flat()
      .map(update => [`${update.kpn_ticket_number} ${update.action} ${update.ticket_attributes.comments}`, update.transaction_id]),
  )
}
