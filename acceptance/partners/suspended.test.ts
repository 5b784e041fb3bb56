import { afterAll, beforeAll, expect, test } from 'vitest'
import { type SocketSystem, startBehindSocket, until } from '../faults/socket-system.ts'
import type { Partner } from '../system/partner.ts'

/** Two exchange processes on one database, and an instance that is a process of its own. */
let system: SocketSystem
beforeAll(async () => {
  system = await startBehindSocket({ exchanges: 2 })
})
afterAll(async () => {
  await system?.[Symbol.asyncDispose]()
})

const at = (process: 0 | 1) => system.exchanges[process]!
const desk = () => system.instance.desk

async function change(partner: Partner, what: 'suspend' | 'resume') {
  const path = `/operator/partners/${encodeURIComponent(partner.name)}/${what}`
  const { status, body } = await at(0).changeAsOperator('POST', path, {})
  expect(status, JSON.stringify(body)).toBe(200)
  return body.result
}

async function filed(partner: Partner, ticket: object = {}): Promise<string> {
  const { status, body } = await partner.fileTicket({ ...ticket })
  expect(status, JSON.stringify(body)).toBe(200)
  return body.kpn_ticket_number
}

test('a suspended partner’s tokens and secrets open nothing, in every process, from the moment it is said; others work on', async () => {
  const [here, there] = [at(0).partner('customer'), at(1).partner('customer')]
  for (const partner of [here, there]) expect((await partner.listOpenTickets()).status).toBe(200)
  const { environments, suspended_at } = await change(here, 'suspend')
  expect(suspended_at).not.toBeNull()
  expect(environments[0].says).toMatch(/^suspended since .* UTC; its updates are kept$/)
  await until('the other process has heard of it', async () => (await there.listOpenTickets()).status === 401, 2_000)
  expect((await here.listOpenTickets()).body.error.code).toBe('invalid_token')
  for (const partner of [here, there]) expect((await partner.askForToken()).body.error).toBe('invalid_client')
  expect((await at(1).partner('otherCustomer').listOpenTickets()).status).toBe(200)
  await change(here, 'resume')
  expect((await here.listOpenTickets()).status).toBe(200)
  expect((await here.askForToken()).status).toBe(200)
})

test('the updates of a suspended partner are kept, and are there after it is resumed, in order', async () => {
  const partner = at(0).partner('customer')
  const number = await filed(partner)
  const record = await desk().record(number)
  await change(partner, 'suspend')
  await desk().comment(record, 'While you were away.')
  await desk().change(record, { state: '2' })
  await until('capture has seen both', async () => {
    const { body } = await at(0).askAsOperator(`/operator/partners/${encodeURIComponent(partner.name)}`)
    return body.result.environments[0].unread_updates >= 2
  })
  await change(partner, 'resume')
  await partner.updates.untilActions(number, ['Comment', 'In Progress'])
})

test('what was accepted of a partner before it was suspended is finished', async () => {
  const partner = at(0).partner('customer')
  await partner.token()
  const cut = await system.instance.fault({ kind: 'server-error', method: 'POST', path: '/api/now/attachment' })
  const reference = partner.newReference()
  const { status } = await partner.fileTicket({
    customer_reference_number: reference,
    attachments: [{ name: 'log.txt', content: 'bG9n' }],
  })
  expect(status).toBe(503)
  await change(partner, 'suspend')
  await cut.off()
  const [record] = await desk().find('incident', `correlation_display=${reference}`)
  const has = async () => (await desk().filesOf(record!)).length === 1
  // The other exchange may have taken it up, which has no file: then it waits 15 s.
  await until('the file is there', has, 45_000)
  await change(partner, 'resume')
})
