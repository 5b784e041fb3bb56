import { readFileSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { DeskRecord } from '../system/desk.ts'
import type { StartedSystem } from '../system/start-system.ts'
import { InstanceGateway, type OnItsWay } from './instance-gateway.ts'
import { type SocketSystem, startBehindSocket, until, untilAnswered } from './socket-system.ts'

/**
 * The process that captures stands still in the middle of it, another one goes on for it, and then the first one goes on too. Of sys_audit
 * nothing may be read: then no row tells that it was told already, and only the fence stands against what the first one still has in its hands.
 */
const FORBIDDEN = { status: 403, body: JSON.stringify({ error: { message: 'User Not Authorized' }, status: 'failure' }) }
/** Longer than anybody stands still here: the answer that the first one waits for is good. */
const SETTINGS = { SERVICENOW_TIMEOUT_SECONDS: '60' }
/** Whatever the one that comes back has left to do is done by then. */
const GOES_ON_MS = 1_500

let system: SocketSystem
let gateway: InstanceGateway
beforeAll(async () => {
  system = await startBehindSocket({
    exchanges: 2,
    settings: SETTINGS,
    url: async ({ url }) => {
      gateway = await InstanceGateway.before(url)
      gateway.every(isRead('/table/sys_audit'), { refused: FORBIDDEN })
      return gateway.url
    },
  })
})
afterAll(async () => {
  for (const { processId } of system?.exchanges ?? []) process.kill(processId, 'SIGCONT')
  await system?.[Symbol.asyncDispose]()
  gateway?.close()
})

function isRead(path: string) {
  return ({ method, url }: OnItsWay) => method === 'GET' && url.includes(path)
}

const captureNow = async () => (await system.rows(`select * from exchange.capture where environment = 'sandbox'`))[0]!
const idOf = ({ dataFolder }: StartedSystem) => readFileSync(`${dataFolder}/id`, 'utf8').trim()

/** Who captures and keeps doing so, and the other one. */
async function capturing(): Promise<[StartedSystem, StartedSystem]> {
  const { holder } = await until('one process captures and keeps doing so', async () => {
    const { fence } = await captureNow()
    await pause(800)
    const now = await captureNow()
    return now.fence === fence && now
  })
  const [one, other] = system.exchanges as [StartedSystem, StartedSystem]
  return idOf(one) === holder ? [one, other] : [other, one]
}

async function filed(at: StartedSystem): Promise<{ number: string; record: DeskRecord }> {
  const { body } = await untilAnswered(() => at.partner('customer').fileTicket())
  const record = await system.instance.desk.record(body.kpn_ticket_number)
  await until('it is captured', async () => {
    return (await system.rows('select from exchange.captured_record where sys_id = $1', [record.sys_id])).length === 1
  })
  return { number: body.kpn_ticket_number, record }
}

/** The process stands still while it waits for the answer to its next request like this, until `goOn`. */
async function standsStill({ processId }: StartedSystem, like: (request: OnItsWay) => boolean, before?: () => Promise<unknown>) {
  const answer = Promise.withResolvers<void>()
  const asked = Promise.withResolvers<void>()
  const seen = (request: OnItsWay) => {
    if (!like(request)) return false
    asked.resolve()
    return true
  }
  const passed = gateway.next(seen, { heardAfter: answer.promise })
  await before?.()
  await asked.promise
  process.kill(processId, 'SIGSTOP')
  return {
    async goOn() {
      answer.resolve()
      await passed
      process.kill(processId, 'SIGCONT')
      await pause(GOES_ON_MS)
    },
  }
}

/** The lease of one that stands still is over. */
const leaseEnds = () => system.rows(`update exchange.capture set held_until = now() - interval '1 second'`)

test('a capturer that comes back after its lease, with what it had read, tells nothing of it', async () => {
  const [first, second] = await capturing()
  const { number, record } = await filed(second)
  const { desk } = system.instance
  const still = await standsStill(first, isRead('sys_journal_field'), () => desk.change(record, { state: '2' }))
  await leaseEnds()
  await desk.change(record, { state: '3', hold_reason: '1' })
  const reader = second.partner('customer')
  await reader.updates.until({ number, action: 'On Hold' }, 15_000)
  await still.goOn()
  await desk.comment(record, 'Which floor?')
  await reader.updates.until({ number, action: 'Comment' }, 15_000)
  expect(reader.updates.of(number).map(({ action }) => action)).toEqual(['On Hold', 'Comment'])
}, 90_000)

test('a capturer that comes back after its lease, in the middle of a look, puts no mark back', async () => {
  const [first, second] = await capturing()
  const { number, record } = await filed(second)
  const still = await standsStill(first, isRead('/table/task?'))
  await leaseEnds()
  await pause(1_100)
  await system.instance.desk.comment(record, 'Noticed by the other one')
  await second.partner('customer').updates.until({ number, action: 'Comment' }, 15_000)
  // So that nobody else moves it.
  process.kill(second.processId, 'SIGSTOP')
  await system.rows(`update exchange.capture set held_until = now() + interval '1 hour'`)
  const before = await captureNow()
  await still.goOn()
  expect(await captureNow()).toEqual(before)
  process.kill(second.processId, 'SIGCONT')
}, 90_000)
