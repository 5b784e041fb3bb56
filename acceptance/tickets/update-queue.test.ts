import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { filed, madeByOperator, shown } from '../stories/tickets.ts'
import type { DeskRecord } from '../system/desk.ts'
import { Partner } from '../system/partner.ts'
import { startSystem } from '../system/start-system.ts'
import type { Update } from '../system/update.ts'

const system = await startSystem()
afterAll(() => system.end())
const desk = system.desk('sandbox')

const comments = (updates: readonly Update[]) => updates.map(({ ticket_attributes }) => ticket_attributes.comments)
const ids = (updates: readonly Update[]) => updates.map(({ transaction_id }) => transaction_id)

async function readBy(partner: Partner, query: Readonly<Record<string, string>> = {}): Promise<Update[]> {
  const { status, body } = await partner.poll(query)
  expect(status).toBe(200)
  return body
}

describe('1.2 a partner asks for what happened', () => {
  const customer = system.partner('customer')
  let incident: DeskRecord
  let all: Update[]
  beforeAll(async () => {
    incident = await desk.record((await filed(customer)).number)
    for (let number = 1; number <= 5; number++) await desk.comment(incident, `Comment ${number}`)
    all = await customer.updates.untilActions(shown(incident), Array(5).fill('Comment'))
  })

  test('the answer is a bare array, oldest first', () => {
    expect(comments(all)).toEqual([1, 2, 3, 4, 5].map(number => `Comment ${number}`))
  })

  test('what was handed over does not come again, and nothing new is an empty array', async () => {
    expect(await readBy(customer)).toEqual([])
  })

  test('from a transaction_id on, everything comes again with the same ids, as often as asked', async () => {
    for (let turn = 0; turn < 2; turn++) expect(await readBy(customer, { from: all[2]!.transaction_id })).toEqual(all.slice(2))
  })

  test('since a moment, too', async () => {
    expect(await readBy(customer, { since: '2020-01-01T00:00:00Z' })).toEqual(all)
    expect(await readBy(customer, { since: '2099-01-01T00:00:00+02:00' })).toEqual([])
  })

  test('with a limit the rest stays for the next call', async () => {
    for (let number = 6; number <= 9; number++) await desk.comment(incident, `Comment ${number}`)
    const heard: Update[] = []
    for (const end = Date.now() + 5_000; heard.length < 4 && Date.now() < end; ) {
      const some = await readBy(customer, { limit: '1' })
      expect(some.length).toBeLessThanOrEqual(1)
      heard.push(...some)
    }
    expect(comments(heard)).toEqual([6, 7, 8, 9].map(number => `Comment ${number}`))
  })

  test.each([
    [{ limit: '0' }, 'limit'],
    [{ limit: '1001' }, 'limit'],
    [{ from: 'yesterday' }, 'from'],
    [{ since: 'yesterday' }, 'since'],
  ])('%o is refused and the parameter named', async (query, field) => {
    const { status, body } = await customer.poll(query)
    expect(status).toBe(400)
    expect(body.error.field).toBe(field)
  })

  test('an unknown transaction_id is not found', async () => {
    expect((await customer.poll({ from: randomUUID() })).status).toBe(404)
  })
})

describe('a project that acknowledges', () => {
  let careful: Partner
  beforeAll(async () => {
    careful = new Partner(await system.backOffice.addProject(system.partner('otherCustomer').access, 'sandbox', 'acknowledge'))
  })

  test('gets the same updates until it has acknowledged them', async () => {
    const incident = await desk.record((await filed(careful)).number)
    for (let number = 1; number <= 3; number++) await desk.comment(incident, `Comment ${number}`)
    await careful.updates.until(({ ticket_attributes }) => ticket_attributes.comments === 'Comment 3')
    const all = await readBy(careful)
    expect(comments(all)).toEqual(['Comment 1', 'Comment 2', 'Comment 3'])
    expect(ids(await readBy(careful))).toEqual(ids(all))
    expect(ids(await readBy(careful, { ack: all[1]!.transaction_id }))).toEqual(ids(all).slice(2))
    expect(await readBy(careful, { ack: all[2]!.transaction_id })).toEqual([])
    expect(await readBy(careful, { ack: all[0]!.transaction_id })).toEqual([])
  })

  test('a Response acknowledges too', async () => {
    const incident = await madeByOperator(desk, careful, 'incident')
    const told = await careful.updates.until({ number: shown(incident), action: 'New' })
    const response = { action: 'Response', status: 'Success', transaction_id: told.transaction_id }
    const answer = await careful.updateTicket({
      ...response,
      kpn_ticket_number: shown(incident),
      customer_reference_number: careful.newReference(),
    })
    expect(answer.status).toBe(200)
    expect(await readBy(careful)).toEqual([])
  })

  test('ack is refused for a project whose updates move on when they are read', async () => {
    const { status, body } = await system.partner('customer').poll({ ack: randomUUID() })
    expect(status).toBe(400)
    expect(body.error.field).toBe('ack')
  })
})

test('two pollers of one partner at once: each update is in one answer only, in order', async () => {
  const customer = system.partner('customer')
  const incident = await desk.record((await filed(customer)).number)
  await customer.updates.listen()
  const heard: Update[][] = [[], []]
  let done = false
  const pollers = heard.map(async own => {
    while (!done) {
      own.push(...(await readBy(customer)))
      await new Promise(next => setTimeout(next, 20))
    }
  })
  for (let number = 1; number <= 12; number++) await desk.comment(incident, `Said ${number}`)
  for (const end = Date.now() + 5_000; heard.flat().length < 12 && Date.now() < end; ) await new Promise(next => setTimeout(next, 50))
  done = true
  await Promise.all(pollers)
  expect(new Set(ids(heard.flat())).size).toBe(12)
  expect(heard.flat()).toHaveLength(12)
  for (const own of heard) {
    const numbers = comments(own).map(text => Number(text.replace('Said ', '')))
    expect(numbers).toEqual(numbers.toSorted((a, b) => a - b))
  }
})
