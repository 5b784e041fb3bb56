import { afterAll, beforeAll, expect, test } from 'vitest'
import { METRICS } from '../../packages/exchange/src/platform/metric-rows.ts'
import { startBehindGate } from '../faults/gated-system.ts'
import { type SocketSystem, startBehindSocket, until, untilAnswered } from '../faults/socket-system.ts'
import { madeByOperator, shown } from '../stories/tickets.ts'
import { ask, basic } from '../system/answer.ts'
import { readFigures, type SeenFigures } from '../system/figures.ts'
import { carried } from '../system/partner.ts'

let system: SocketSystem
beforeAll(async () => {
  system = await startBehindSocket()
})
afterAll(async () => {
  await system?.[Symbol.asyncDispose]()
})

const operator = () => {
  const { email, password } = system.exchange.firstSteps.portalUsers.operator
  return basic(email, password)
}
const sandbox = { environment: 'sandbox' }
/** What is read is kept for 2 s. */
const see = (what: string, look: (figures: SeenFigures) => unknown) =>
  until(
    what,
    async () => {
      const figures = await readFigures(system.exchange, operator())
      return look(figures) ? figures : undefined
    },
    30_000,
  )

test('every figure at /metrics is a row of the table, with its kind and its help', async () => {
  const { families } = await readFigures(system.exchange, operator())
  const ours = families.filter(({ name }) => name.startsWith('deskbridge_'))
  expect(ours.map(({ name, type, help }) => [name, type.toLowerCase(), help]).sort()).toEqual(
    Object.entries(METRICS)
      .map(([name, { kind, help }]) => [name, kind, help])
      .sort(),
  )
})

test('an update that its partner has not read is counted, and grows older until it is read; a New counts until it is answered', async () => {
  const customer = system.exchange.partner('customer')
  const partner = { ...sandbox, partner: customer.name }
  const record = await madeByOperator(system.instance.desk, customer, 'incident')
  const first = await see('one unread update', figures => figures.of('deskbridge_unread_updates', sandbox) === 1)
  expect(first.of('deskbridge_partner_unread_updates', partner)).toBe(1)
  expect(first.of('deskbridge_unanswered_news', sandbox)).toBe(1)
  const ages = ['deskbridge_oldest_unread_update_seconds', 'deskbridge_oldest_unanswered_new_seconds'] as const
  const before = ages.map(name => first.of(name, sandbox)!)
  await see('both grow older', figures => ages.every((name, at) => figures.of(name, sandbox)! > before[at]!))
  const told = await customer.updates.until({ number: shown(record), action: 'New' })
  const read = await see('nothing is unread', figures => figures.of('deskbridge_unread_updates', sandbox) === 0)
  expect(read.of('deskbridge_partner_oldest_unread_update_seconds', partner)).toBeUndefined()
  expect(read.of('deskbridge_unanswered_news', sandbox)).toBe(1)
  const response = { action: 'Response', kpn_ticket_number: shown(record), customer_reference_number: customer.newReference() }
  const answer = await customer.updateTicket({ ...response, transaction_id: told.transaction_id, status: 'Success' })
  expect(answer.status).toBe(200)
  await see('every New is answered', figures => figures.of('deskbridge_unanswered_news', sandbox) === 0)
})

test('partners stand at /metrics by name only for whoever comes with a credential of the operator’s; all else is said to anybody', async () => {
  const customer = system.exchange.partner('customer')
  const record = await madeByOperator(system.instance.desk, customer, 'incident')
  await see('an unread update', figures => figures.of('deskbridge_partner_unread_updates', { partner: customer.name }) === 1)
  const newToken = await ask(`${system.exchange.firstSteps.exchange}/operator/tokens`, {
    method: 'POST',
    headers: { authorization: operator(), 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'prometheus', scope: 'read', seconds: 3_600 }),
  })
  const scraper = `Bearer ${newToken.body.token}`
  expect((await readFigures(system.exchange, scraper)).of('deskbridge_partner_unread_updates', { partner: customer.name })).toBe(1)
  const others = [undefined, `Bearer ${await customer.token()}`, `Bearer dbo_${'x'.repeat(43)}`, basic('eve@desk.example', 'a guess')]
  // While the operator reads beside them: what is said to one is never in the answer to another.
  const seen = await Promise.all(
    others.map(async who => [await readFigures(system.exchange, who), await readFigures(system.exchange, scraper)]),
  )
  for (const [toOther, toOperator] of seen) {
    expect(toOther!.text).not.toContain('deskbridge_partner_')
    expect(toOther!.text).not.toContain(customer.name)
    expect([toOther!.of('deskbridge_unread_updates', sandbox), toOther!.of('deskbridge_partners_told')]).toEqual([1, 0])
    expect(toOperator!.of('deskbridge_partners_told')).toBe(1)
  }
  expect(
    (
      await ask(`${system.exchange.firstSteps.exchange}/operator/tokens/prometheus`, {
        method: 'DELETE',
        headers: { authorization: operator() },
      })
    ).status,
  ).toBe(200)
  expect((await readFigures(system.exchange, scraper)).text).not.toContain(customer.name)
  await customer.updates.until({ number: shown(record), action: 'New' })
})

test('a write that ServiceNow does not have whole is open, its file is in the spool, and the instance’s refusals are counted', async () => {
  const customer = system.exchange.partner('customer')
  const open = { ...sandbox, state: 'open' }
  const failed = { ...sandbox, status: '500' }
  const before = (await readFigures(system.exchange)).of('deskbridge_instance_calls_total', failed) ?? 0
  const fault = await system.instance.fault({ kind: 'server-error', method: 'POST', path: '/attachment' })
  const ticket = {
    customer_reference_number: customer.newReference(),
    attachments: [carried({ name: 'log.txt', bytes: Buffer.from('twelve bytes') })],
  }
  expect((await customer.fileTicket(ticket)).status).toBe(503)
  const during = await see('an open write', figures => figures.of('deskbridge_writes', open) === 1)
  expect([during.of('deskbridge_spool_bytes'), during.of('deskbridge_spool_files')]).toEqual([12, 1])
  expect(during.of('deskbridge_spool_limit_bytes')).toBe(4_096 * 1024 ** 2)
  expect(during.of('deskbridge_instance_calls_total', failed)).toBeGreaterThan(before)
  expect(during.text).toMatch(/^deskbridge_instance_call_seconds_count\{environment="sandbox"\} [1-9]/m)
  const age = during.of('deskbridge_oldest_open_write_seconds', sandbox)!
  await see('it grows older', figures => figures.of('deskbridge_oldest_open_write_seconds', sandbox)! > age)
  await fault.off()
  expect((await untilAnswered(() => customer.fileTicket(ticket))).status).toBe(200)
  await see('it is done', figures => figures.of('deskbridge_writes', open) === 0 && figures.of('deskbridge_spool_files') === 0)
  await system.rows(`update exchange.recorded_write set state = 'halted' where reference = $1`, [ticket.customer_reference_number])
  await see('a halted one', figures => figures.of('deskbridge_writes', { ...sandbox, state: 'halted' }) === 1)
})

test('where there is nothing to count zero is said, in each environment and state, so that what begins is seen to grow', async () => {
  const figures = await readFigures(system.exchange)
  for (const environment of ['sandbox', 'production']) {
    for (const name of [
      'deskbridge_unread_updates',
      'deskbridge_unanswered_news',
      'deskbridge_oldest_open_write_seconds',
      'deskbridge_capture_lag_seconds',
    ])
      expect(figures.of(name, { environment }), `${name}, ${environment}`).toBeGreaterThanOrEqual(0)
    for (const state of ['open', 'halted']) expect(figures.of('deskbridge_writes', { environment, state }), environment).toBeDefined()
  }
  expect(figures.of('deskbridge_writes', { environment: 'production', state: 'halted' })).toBe(0)
})

test('capture that has never got through lags since the start of the process', async () => {
  const fault = await system.instance.fault({ kind: 'server-error', method: 'GET', path: '/table/task' })
  await system.rows(`update exchange.capture set looked_at = null where environment = 'sandbox'`)
  await see('a lag', figures => figures.of('deskbridge_capture_lag_seconds', sandbox)! > 6)
  await fault.off()
})

test('capture that does not get through lags until it does', async () => {
  await see('looks get through', figures => figures.of('deskbridge_capture_lag_seconds', sandbox)! < 5)
  const fault = await system.instance.fault({ kind: 'server-error', method: 'GET', path: '/table/task' })
  const trouble = { ...sandbox, kind: 'capture-failing' }
  await see(
    'it lags',
    figures => figures.of('deskbridge_capture_lag_seconds', sandbox)! > 6 && figures.of('deskbridge_troubles', trouble) === 1,
  )
  await fault.off()
  await see('it has caught up', figures => figures.of('deskbridge_capture_lag_seconds', sandbox)! < 5)
})

test('while the database says nothing /metrics says so, and nothing that is read from it', async () => {
  await using gated = await startBehindGate({ exchanges: 1 })
  const exchange = gated.exchanges[0]!
  expect((await readFigures(exchange)).of('deskbridge_database_up')).toBe(1)
  gated.gate.stall()
  const away = await until('it is seen', async () => {
    const figures = await readFigures(exchange)
    return figures.of('deskbridge_database_up') === 0 ? figures : undefined
  })
  const shared = Object.entries(METRICS).flatMap(([name, row]) => ('shared' in row ? [name] : []))
  expect(shared.filter(name => away.of(name) !== undefined)).toEqual([])
  expect(away.of('deskbridge_spool_limit_bytes')).toBeGreaterThan(0)
  await gated.gate.open()
  await until('the database answers', async () => (await readFigures(exchange)).of('deskbridge_database_up') === 1, 30_000)
})
