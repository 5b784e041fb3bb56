import { compare } from './compare.ts'
import { countWork } from './counting.ts'
import type { Ground } from './ground.ts'
import { NUMBER } from './load.ts'

const BYTES = 400
const CAUGHT_UP_WITHIN_MS = 120_000

/** POST /Ticket: reserve, create, bind; each of them a commit. The bare peer writes the same rows and checks nothing. */
export async function fileTicket(ground: Ground): Promise<void> {
  const ticket = {
    ticket_type: 'Incident',
    customer_reference_number: `BENCH-${NUMBER}`,
    short_description: 'The printer on the third floor prints nothing',
    service: ground.service,
    priority: '3 - Moderate',
    description: '',
  }
  ticket.description = 'Since this morning. Switched off and on again. '.repeat(9).slice(0, BYTES - JSON.stringify(ticket).length)
  const load = (url: string, connections: number, amount: { seconds: number } | { times: number }) =>
    ground.load({
      kind: 'requests',
      method: 'POST',
      url: `${url}/Ticket`,
      headers: { authorization: ground.authorization, 'content-type': 'application/json' },
      body: JSON.stringify(ticket),
      connections,
      ...amount,
    })
  for (const connections of [16, 32])
    await compare({
      pids: ground.pids,
      title: `POST /Ticket, ${connections} connections`,
      rounds: 5,
      ours: () => load(ground.ours, connections, { seconds: 3 }),
      bare: () => load(ground.bare, connections, { seconds: 3 }),
      settle: () => caughtUp(ground),
      aim: { share: 0.5 },
    })
  await countWork(ground, {
    'ours, capture included': () => load(ground.ours, 16, { times: 1_000 }),
    bare: () => load(ground.bare, 16, { times: 1_000 }),
  })
}

/** Waits until capture has looked at every ticket. */
async function caughtUp({ sql }: Ground): Promise<void> {
  const limit = Date.now() + CAUGHT_UP_WITHIN_MS
  const behind = `select from sandbox.task t left join exchange.captured_record c on c.environment = 'sandbox' and c.sys_id = t.sys_id
    where t.correlation_id is not null and c.sys_id is null limit 1`
  while ((await sql(behind)).length) {
    if (Date.now() > limit) throw new Error('Capture did not catch up')
    await new Promise(done => setTimeout(done, 100))
  }
}
