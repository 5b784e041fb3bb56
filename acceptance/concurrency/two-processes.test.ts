import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type SocketSystem, startBehindSocket, until, untilAnswered } from '../faults/socket-system.ts'
import type { Partner } from '../system/partner.ts'
import type { Update } from '../system/update.ts'

/** Two exchange processes with a data folder each, on one database and one instance that is a process of its own. */
let system: SocketSystem

beforeAll(async () => {
  system = await startBehindSocket({ exchanges: 2 })
})
afterAll(async () => {
  await system?.[Symbol.asyncDispose]()
})

const at = (process: 0 | 1) => system.exchanges[process]!

/** What earlier tests left in the queues counts as read. */
async function emptyQueues(): Promise<void> {
  await system.rows('update exchange.queue set position = last_number, lease_id = null, lease_until = null, lease_end = null')
}

const textOf = (update: Update) => String(update.ticket_attributes.comments ?? '')

async function filed(partner: Partner): Promise<{ number: string; reference: string }> {
  const reference = partner.newReference()
  const { status, body } = await partner.fileTicket({ customer_reference_number: reference })
  expect(status, JSON.stringify(body)).toBe(200)
  return { number: body.kpn_ticket_number, reference }
}

test('one reference filed 50 times at once over two processes is one ticket, and all 50 hear the same', async () => {
  const partners = [at(0).partner('customer'), at(1).partner('customer')] as const
  const reference = partners[0].newReference()
  await Promise.all(partners.map(partner => partner.token()))
  const answers = await Promise.all(
    Array.from({ length: 50 }, (_, turn) =>
      untilAnswered(() => partners[turn % 2]!.fileTicket({ customer_reference_number: reference, description: 'Fifty times' })),
    ),
  )
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]))
  expect(new Set(answers.map(({ body }) => JSON.stringify(body))).size).toBe(1)
  expect(await system.instance.desk.find('incident', `correlation_display=${reference}`)).toHaveLength(1)
})

test('while the instance is down, a reference filed many times at once is never told to be taken', async () => {
  const partners = [at(0).partner('customer'), at(1).partner('customer')] as const
  const reference = partners[0].newReference()
  await system.instance.kill()
  const send = (turn: number) => partners[turn % 2]!.fileTicket({ customer_reference_number: reference })
  const first = await Promise.all(Array.from({ length: 40 }, (_, turn) => send(turn)))
  expect(new Set(first.map(({ status }) => status))).toEqual(new Set([503]))
  await system.instance.startAgain()
  const last = await untilAnswered(() => send(0), 25_000)
  expect(last.status, JSON.stringify(last.body)).toBe(200)
  expect(await system.instance.desk.find('incident', `correlation_display=${reference}`)).toHaveLength(1)
})

test('capture goes on within 20 seconds when its process is killed, and tells everything once', async () => {
  const reader = at(1).partner('customer')
  const { number } = await filed(reader)
  const record = await system.instance.desk.record(number)
  const lease = async () => (await system.rows(`select holder, fence from exchange.capture where environment = 'sandbox'`))[0]!
  // After the instance was away the lease may still pass from one process to the other.
  await until('one process captures and keeps doing so', async () => {
    const { fence } = await lease()
    await new Promise(done => setTimeout(done, 1_500))
    return (await lease()).fence === fence
  })
  const ids = system.exchanges.map(exchange => readFileSync(`${exchange.dataFolder}/id`, 'utf8').trim())
  const capturing = ids.indexOf(String((await lease()).holder)) as 0 | 1
  expect(capturing).toBeGreaterThanOrEqual(0)
  const survivor = at(capturing === 0 ? 1 : 0).partner('customer')
  await emptyQueues()
  for (let turn = 1; turn <= 5; turn++) await system.instance.desk.comment(record, `before ${turn}`)
  await at(capturing).kill()
  const killed = Date.now()
  for (let turn = 1; turn <= 5; turn++) await system.instance.desk.comment(record, `after ${turn}`)
  const heard: Update[] = []
  await until(
    'everything is told',
    async () => {
      heard.push(...(await survivor.poll()).body)
      return heard.filter(update => textOf(update) === 'after 5').length > 0
    },
    25_000,
  )
  console.log(`capture went on ${((Date.now() - killed) / 1000).toFixed(1)} s after the kill`)
  expect(Date.now() - killed).toBeLessThan(20_000)
  const texts = heard.filter(update => update.kpn_ticket_number === number).map(textOf)
  expect(texts).toEqual([1, 2, 3, 4, 5].map(turn => `before ${turn}`).concat([1, 2, 3, 4, 5].map(turn => `after ${turn}`)))
}, 60_000)
