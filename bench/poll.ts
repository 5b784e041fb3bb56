import { compare } from './compare.ts'
import { countWork } from './counting.ts'
import type { Ground } from './ground.ts'

const UPDATES = 100
const POLLS = 300

/** GET /TicketUpdates when there is nothing to tell: one select. */
export async function emptyPoll(ground: Ground): Promise<void> {
  const load = (url: string, amount: { seconds: number } | { times: number }) =>
    ground.load({
      kind: 'requests',
      method: 'GET',
      url: `${url}/TicketUpdates`,
      headers: { authorization: ground.authorization },
      connections: 16,
      ...amount,
    })
  await emptyBareQueue(ground)
  await compare({
    pids: ground.pids,
    title: 'GET /TicketUpdates, nothing there, 16 connections',
    rounds: 5,
    ours: () => load(ground.ours, { seconds: 3 }),
    bare: () => load(ground.bare, { seconds: 3 }),
    aim: { share: 0.6 },
  })
  await countWork(ground, { ours: () => load(ground.ours, { times: 2_000 }), bare: () => load(ground.bare, { times: 2_000 }) })
}

/** GET /TicketUpdates with 100 updates: read again from one (two selects), and taken from the queue (two selects, two updates). */
export async function fullPoll(ground: Ground): Promise<void> {
  const from = await fill(ground)
  const load = (url: string, query: string, amount: { connections: number; seconds: number } | { connections: number; times: number }) =>
    ground.load({
      kind: 'requests',
      method: 'GET',
      url: `${url}/TicketUpdates?limit=${UPDATES}${query}`,
      headers: { authorization: ground.authorization },
      atLeastBytes: UPDATES * 100,
      ...amount,
    })
  const again = { connections: 16, seconds: 3 }
  await compare({
    pids: ground.pids,
    title: `GET /TicketUpdates?from, ${UPDATES} updates, 16 connections`,
    rounds: 5,
    ours: () => load(ground.ours, `&from=${from}`, again),
    bare: () => load(ground.bare, `&from=${from}`, again),
    aim: { share: 0.6 },
  })
  // A queue is read by one poll at a time.
  const taken = async (url: string) => {
    await ground.sql('update exchange.queue set position = 0')
    await ground.sql('update bare.queue set position = 0')
    return load(url, '', { connections: 1, times: POLLS })
  }
  await compare({
    pids: ground.pids,
    title: `GET /TicketUpdates, ${UPDATES} updates taken, 1 connection`,
    rounds: 5,
    ours: () => taken(ground.ours),
    bare: () => taken(ground.bare),
    aim: { share: 0.6 },
  })
  await countWork(ground, { ours: () => taken(ground.ours), bare: () => taken(ground.bare) })
}

async function emptyBareQueue({ sql }: Ground): Promise<void> {
  await sql(`insert into bare.queue (environment, partner_id)
    select 'sandbox', partner_id from exchange.project where environment = 'sandbox' and name = 'Demo project' limit 1`)
}

/** Puts updates for all polls of a round into both queues; the first one's id is the result. */
async function fill(ground: Ground): Promise<string> {
  const { sql } = ground
  const message = {
    message_datetime_utc: '2026-01-31T10:00:00Z',
    ticket_type: 'Incident',
    action: 'Comment',
    kpn_ticket_number: 'INC#0010001',
    customer_reference_number: 'BENCH-1',
    ticket_attributes: {
      state: 'In Progress',
      comments: 'An engineer is on the way and will be with you this afternoon. '.repeat(3).trim(),
    },
  }
  await sql(
    `insert into exchange.update (environment, partner_id, number, transaction_id, at, sys_id, ticket_number, action, message)
     select q.environment, q.partner_id, n, id.id, now(), md5(n::text), 'INC0010001', 'Comment',
       jsonb_build_object('transaction_id', id.id) || $1::jsonb
     from exchange.queue q, generate_series(1, ${UPDATES * POLLS}) n, lateral (select gen_random_uuid() as id where n > 0) id
     where q.environment = 'sandbox'`,
    [JSON.stringify(message)],
  )
  await sql(`update exchange.queue set last_number = ${UPDATES * POLLS} where environment = 'sandbox'`)
  const [row] = await sql<{ id: string; partner: string }>(`select u.transaction_id as id, u.partner_id as partner from exchange.update u
    join exchange.partner p using (partner_id) where number = 1 and p.name like '%North'`)
  await sql('insert into bare.queue select * from exchange.queue where partner_id = $1 and environment = $2', [row!.partner, 'sandbox'])
  await sql('insert into bare.update select * from exchange.update where partner_id = $1', [row!.partner])
  await sql('vacuum analyze exchange.update, bare.update, exchange.queue, bare.queue')
  return row!.id
}
