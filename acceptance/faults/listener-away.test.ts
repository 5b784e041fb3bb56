import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ask } from '../system/answer.ts'
import type { StartedSystem } from '../system/start-system.ts'
import { type GatedSystem, startBehindGate } from './gated-system.ts'
import { until } from './socket-system.ts'

/** Longer than silence of the whole database would be borne. */
const AWAY_MS = 9_000

let system: GatedSystem
beforeAll(async () => {
  system = await startBehindGate()
})
afterAll(async () => {
  await system?.[Symbol.asyncDispose]()
})

const listening = () =>
  system.rows(`select from pg_stat_activity where datname = current_database() and application_name = 'deskbridge notices'`)
const endListeners = () =>
  system.rows(
    `select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and application_name = 'deskbridge notices'`,
  )
const readyz = async ({ firstSteps }: StartedSystem) => (await ask(`${firstSteps.exchange}/readyz`, { method: 'GET' })).body

test('the server has no more connections to give and ends the one that listens: work goes on, and it is said', async () => {
  const [exchange] = system.exchanges
  const customer = exchange!.partner('customer')
  const { body } = await customer.fileTicket()
  // The pool is warm: what works now goes on working.
  await Promise.all(Array.from({ length: 12 }, () => customer.poll()))
  system.gate.fill()
  await endListeners()
  const answers: number[] = []
  for (const end = Date.now() + AWAY_MS; Date.now() < end; await pause(400)) answers.push((await customer.fileTicket()).status)
  expect(new Set(answers)).toEqual(new Set([200]))
  expect((await customer.readTicket(body.kpn_ticket_number)).status).toBe(200)
  expect((await readyz(exchange!)).troubles).toEqual([expect.objectContaining({ kind: 'notices-away', environment: null })])
  await system.gate.open()
  await until('all is well', async () => (await readyz(exchange!)).status === 'ready')
  await until('the other one listens again, too', async () => (await listening()).length === system.exchanges.length)
}, 60_000)

test('a token that is revoked while one exchange hears no notices is worth nothing there as soon as it hears them again', async () => {
  const [here, there] = system.exchanges as [StartedSystem, StartedSystem]
  const customer = here.partner('customer')
  const token = await customer.token()
  const use = () =>
    ask(`${here.firstSteps.connectBaseUrl}/ListOpenTickets`, { method: 'GET', headers: { authorization: `Bearer ${token}` } })
  expect((await use()).status).toBe(200)
  await Promise.all(Array.from({ length: 12 }, () => there.partner('customer').poll()))
  system.gate.fill()
  await endListeners()
  await until('nobody listens', async () => (await listening()).length === 0)
  const { clientId, clientSecret } = customer.access
  const revoked = await ask(`${there.firstSteps.exchange}/oauth/client_credential/revoketoken`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ token, client_id: clientId, client_secret: clientSecret }).toString(),
  })
  expect(revoked.status).toBe(200)
  await system.gate.open()
  await until('both listen again', async () => (await listening()).length === system.exchanges.length)
  expect((await use()).status).toBe(401)
}, 60_000)
