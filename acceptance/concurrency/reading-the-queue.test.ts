import { Agent, get } from 'node:http'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type SocketSystem, startBehindSocket, until } from '../faults/socket-system.ts'
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

test('two pollers of one partner get every update once, in order of each ticket, from two processes', async () => {
  await emptyQueues()
  const partners = [at(0).partner('otherCustomer'), at(1).partner('otherCustomer')] as const
  const tickets = await Promise.all(Array.from({ length: 4 }, () => filed(partners[0])))
  const records = await Promise.all(tickets.map(({ number }) => system.instance.desk.record(number)))
  let writing = true
  const answers: Update[][] = []
  const polling = partners.map(async partner => {
    for (let quiet = 0; writing || quiet < 12; ) {
      const { status, body } = await partner.poll({ limit: '3' })
      expect(status).toBe(200)
      answers.push(body)
      quiet = body.length ? 0 : quiet + 1
      await new Promise(done => setTimeout(done, body.length ? 0 : 60))
    }
  })
  await Promise.all(
    records.map(async (record, ticket) => {
      for (let turn = 1; turn <= 12; turn++) await system.instance.desk.comment(record, `${ticket}/${turn}`)
    }),
  )
  await until('all 48 comments are read', async () => answers.flat().length >= 48)
  writing = false
  await Promise.all(polling)
  const heard = answers.flat()
  expect(new Set(heard.map(update => update.transaction_id)).size).toBe(heard.length)
  for (const [ticket, { number }] of tickets.entries()) {
    const own = answers.flat().filter(update => update.kpn_ticket_number === number)
    expect(own.map(textOf).sort()).toEqual(Array.from({ length: 12 }, (_, turn) => `${ticket}/${turn + 1}`).sort())
  }
  // Two answers may overtake each other on the way to two pollers; the queue's own order is what `from` tells.
  const first = heard[0]!
  const { body: all } = await partners[0].poll({ since: `${new Date(Date.parse(first.message_datetime_utc) - 60_000).toISOString()}` })
  const queued = (all as Update[]).filter(update => tickets.some(({ number }) => number === update.kpn_ticket_number))
  for (const [ticket, { number }] of tickets.entries())
    expect(queued.filter(update => update.kpn_ticket_number === number).map(textOf)).toEqual(
      Array.from({ length: 12 }, (_, turn) => `${ticket}/${turn + 1}`),
    )
})

test('a poll that is cut in the middle of its answer gives the same updates again, with the same ids', async () => {
  const partner = at(0).partner('otherCustomer')
  const { number } = await filed(partner)
  const record = await system.instance.desk.record(number)
  await emptyQueues()
  const long = 'x'.repeat(3_900)
  for (let turn = 0; turn < 5; turn++) await system.instance.desk.comment(record, `${turn} ${long}`)
  await until('five comments are queued', async () => {
    const [row] = await system.rows(`select last_number - position as count from exchange.queue where last_number > position`)
    return Number(row?.count) >= 5
  })
  // Enough for an answer of some 19 MB: the system's own buffers take up to 4 MB of it at once, and what they took whole is handed over.
  await system.rows(
    `insert into exchange.update (environment, partner_id, number, transaction_id, at, sys_id, ticket_number, action, message)
     select environment, partner_id, number + turn * 5, gen_random_uuid(), at, sys_id, ticket_number, action,
       replace(replace(message, transaction_id::text, gen_random_uuid()::text), repeat('x', 3900), repeat('x', 20000))
     from exchange.update u, generate_series(1, 190) turn where ticket_number = $1`,
    [number.replace('#', '')],
  )
  await system.rows(
    `update exchange.queue q set last_number = (select max(number) from exchange.update u where u.partner_id = q.partner_id and u.environment = q.environment)
     where last_number > position`,
  )
  const token = await partner.token()
  const url = `${partner.access.connectBaseUrl}/TicketUpdates`
  const cut = await new Promise<number>(done => {
    const call = get(url, { headers: { authorization: `Bearer ${token}` }, agent: new Agent() }, answer => {
      answer.once('data', (piece: Buffer) => {
        answer.pause()
        call.destroy()
        done(piece.length)
      })
    })
    call.on('error', () => {})
  })
  expect(cut).toBeGreaterThan(0)
  const again = await until('the updates come again', async () => {
    const { body } = await partner.poll()
    return body.length > 0 && (body as Update[])
  })
  expect(again.length).toBeGreaterThan(900)
  expect(again.slice(0, 5).map(update => textOf(update)[0])).toEqual(['0', '1', '2', '3', '4'])
  const { body: afterwards } = await partner.poll()
  expect((afterwards as Update[]).some(update => again.some(one => one.transaction_id === update.transaction_id))).toBe(false)
})

test('a poll that failed on our side has handed nothing over: the updates come with the next one', async () => {
  const partner = at(0).partner('otherCustomer')
  const { number } = await filed(partner)
  await emptyQueues()
  const record = await system.instance.desk.record(number)
  await system.instance.desk.comment(record, 'Must not get lost')
  await until('it is queued', async () => (await system.rows('select from exchange.queue where last_number > position')).length > 0)
  await until('capture has nothing to append', async () => (await system.rows('select from exchange.capture_due')).length === 0)
  await system.rows('begin')
  let failed: { status: number }
  try {
    await system.rows('lock table exchange.update in access exclusive mode')
    const poll = partner.poll()
    let answered = false
    poll.finally(() => {
      answered = true
    })
    // Whoever waits for the table loses its connection: the poll, and whatever may stand before it.
    const waiting = `select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`
    await until('the poll is answered', async () => {
      await system.rows(waiting)
      return answered
    })
    failed = await poll
  } finally {
    await system.rows('rollback')
  }
  expect(failed.status).toBe(503)
  const next = await until('the update comes', async () => {
    const { body } = await partner.poll()
    return body.length > 0 && (body as Update[])
  })
  expect(next.map(textOf)).toEqual(['Must not get lost'])
})

test('from, since and limit read without moving on; from begins with the update it names', async () => {
  const partner = at(1).partner('otherCustomer')
  const { number } = await filed(partner)
  await emptyQueues()
  const moment = new Date(Date.now() - 1_000).toISOString()
  const record = await system.instance.desk.record(number)
  for (const word of ['one', 'two', 'three', 'four']) await system.instance.desk.comment(record, word)
  const heard = await until('all four are queued', async () => {
    const { body } = await partner.poll({ since: moment })
    const own = (body as Update[]).filter(update => update.kpn_ticket_number === number)
    return own.length === 4 && own
  })
  expect(heard.map(textOf)).toEqual(['one', 'two', 'three', 'four'])
  const from = await partner.poll({ from: heard[1]!.transaction_id })
  expect((from.body as Update[]).map(textOf)).toEqual(['two', 'three', 'four'])
  const some = await partner.poll({ from: heard[1]!.transaction_id, limit: '2' })
  expect((some.body as Update[]).map(textOf)).toEqual(['two', 'three'])
  const first = await partner.poll({ limit: '1' })
  const second = await partner.poll({ limit: '2' })
  expect([...(first.body as Update[]), ...(second.body as Update[])].map(textOf)).toEqual(['one', 'two', 'three'])
  for (const query of [{ limit: '0' }, { limit: '1001' }, { from: 'x' }, { since: 'yesterday' }, { ack: heard[0]!.transaction_id }])
    expect((await partner.poll(query)).status, JSON.stringify(query)).toBe(400)
  const unknown = await partner.poll({ from: '00000000-0000-4000-8000-000000000000' })
  expect(unknown.status).toBe(404)
  const stranger = await at(1).partner('customer').poll({ from: heard[0]!.transaction_id })
  expect(stranger.status).toBe(404)
})

test('what was only noticed later is in since, though it happened before', async () => {
  const partner = at(0).partner('otherCustomer')
  const { number } = await filed(partner)
  const record = await system.instance.desk.record(number)
  await system.instance.fault({ kind: 'server-error', method: 'GET' })
  await system.instance.desk.comment(record, 'Noticed late')
  await new Promise(done => setTimeout(done, 1_200))
  const moment = new Date().toISOString()
  await system.instance.noFaults()
  const late = await until('it is told', async () => {
    const { body } = await partner.poll({ since: moment })
    return (body as Update[]).find(update => textOf(update) === 'Noticed late')
  })
  expect(Date.parse(late.message_datetime_utc)).toBeLessThan(Date.parse(moment))
})

test('a project that acknowledges gets the same updates until it acknowledges, by ack or by its Response', async () => {
  const access = at(0).partner('otherCustomer').access
  const { Partner } = await import('../system/partner.ts')
  const partner = new Partner(await at(0).backOffice.addProject(access, 'sandbox', 'acknowledge'))
  await emptyQueues()
  const { number } = await filed(partner)
  const record = await system.instance.desk.record(number)
  for (const word of ['first', 'second', 'third']) await system.instance.desk.comment(record, word)
  const heard = await until('all three are there', async () => {
    const { body } = await partner.poll()
    return body.length === 3 && (body as Update[])
  })
  expect(((await partner.poll()).body as Update[]).map(textOf)).toEqual(['first', 'second', 'third'])
  const rest = await partner.poll({ ack: heard[0]!.transaction_id })
  expect((rest.body as Update[]).map(textOf)).toEqual(['second', 'third'])
  // An older one again moves nothing back.
  expect(((await partner.poll({ ack: heard[0]!.transaction_id })).body as Update[]).map(textOf)).toEqual(['second', 'third'])
  expect((await partner.poll({ ack: heard[2]!.transaction_id })).body).toEqual([])
  const made = await system.instance.desk.create('incident', {
    short_description: 'Made by the desk',
    company: access.organisation.sys_id,
  })
  const told = await until('New', async () => {
    const { body } = await partner.poll()
    return (body as Update[]).find(update => update.action === 'New' && update.kpn_ticket_number.endsWith(made.number.slice(-7)))
  })
  const response = await partner.updateTicket({
    action: 'Response',
    kpn_ticket_number: told.kpn_ticket_number,
    customer_reference_number: partner.newReference(),
    transaction_id: told.transaction_id,
    status: 'Success',
  })
  expect(response.status, JSON.stringify(response.body)).toBe(200)
  expect(((await partner.poll()).body as Update[]).some(update => update.transaction_id === told.transaction_id)).toBe(false)
})
