import { createServer, request, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { DeskRecord } from '../system/desk.ts'
import { type SocketSystem, startBehindSocket, until } from './socket-system.ts'

/** Below an administrator nobody reads sys_audit on many instances: a gateway stands in for the missing right. */
let system: SocketSystem
let gateway: Server
let auditForbidden = true

beforeAll(async () => {
  system = await startBehindSocket({ url: async ({ url }) => openGateway(url) })
})
afterAll(async () => {
  await system?.[Symbol.asyncDispose]()
  gateway?.close()
})

async function openGateway(to: string): Promise<string> {
  gateway = createServer((incoming, outgoing) => {
    if (auditForbidden && incoming.url?.includes('/table/sys_audit')) {
      outgoing.writeHead(403, { 'content-type': 'application/json' })
      outgoing.end(
        JSON.stringify({ error: { message: 'User Not Authorized', detail: 'Failed API level ACL Validation' }, status: 'failure' }),
      )
      return
    }
    const onward = request(`${to}${incoming.url}`, { method: incoming.method, headers: incoming.headers }, answer => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers)
      answer.pipe(outgoing)
    })
    onward.on('error', () => outgoing.destroy())
    incoming.pipe(onward)
  })
  await new Promise<void>(done => gateway.listen(0, '127.0.0.1', done))
  return `http://127.0.0.1:${(gateway.address() as AddressInfo).port}`
}

const customer = () => system.exchange.partner('customer')

async function filed(): Promise<{ number: string; record: DeskRecord }> {
  const { body } = await customer().fileTicket()
  return { number: body.kpn_ticket_number, record: await system.instance.desk.record(body.kpn_ticket_number) }
}

const captured = (record: DeskRecord) =>
  until(
    'it is captured',
    async () => (await system.rows('select from exchange.captured_record where sys_id = $1', [record.sys_id])).length > 0,
  )

test('where sys_audit may not be read, updates still come, and come once when it may be read again', async () => {
  const { number, record } = await filed()
  await captured(record)
  await system.instance.desk.change(record, { state: '2', comments: 'We are on it' })
  await customer().updates.untilActions(number, ['In Progress'], 10_000)
  await system.instance.desk.change(record, { short_description: 'Network drive S: cannot be reached' })
  await system.instance.desk.comment(record, 'Still on it')
  await customer().updates.until({ number, action: 'Details Changed' }, 10_000)
  await customer().updates.until(update => update.ticket_attributes.comments === 'Still on it', 10_000)
  auditForbidden = false
  await system.instance.desk.change(record, { state: '6', close_code: 'Solution provided', close_notes: 'Cable replaced' })
  await customer().updates.until({ number, action: 'Resolved' }, 10_000)
  auditForbidden = true
  const told = customer().updates.of(number)
  expect(told.map(update => update.ticket_attributes.comments).filter(Boolean)).toEqual(['We are on it', 'Still on it'])
  expect(told.filter(update => ['In Progress', 'Details Changed'].includes(update.action))).toHaveLength(2)
})

test('a ticket that moved on before it was looked at for the first time: its state is told', async () => {
  const slow = await system.instance.fault({ kind: 'latency', path: '/table/task', delayMs: 900 })
  const { number, record } = await filed()
  await system.instance.desk.change(record, { state: '2' })
  await slow.off()
  await customer().updates.untilActions(number, ['In Progress'], 10_000)
})

test('a ticket of the operator is told with its New, and its changes after that', async () => {
  const made = await system.instance.desk.create('incident', {
    short_description: 'Made by the desk',
    company: customer().access.organisation.sys_id,
  })
  const told = await customer().updates.until(
    update => update.action === 'New' && update.kpn_ticket_number.endsWith(made.number.slice(3)),
    10_000,
  )
  await system.instance.desk.change(made, { state: '3', hold_reason: '1', comments: 'Which floor?' })
  const held = await customer().updates.until({ number: told.kpn_ticket_number, action: 'On Hold' }, 10_000)
  expect(held.ticket_attributes).toMatchObject({ comments: 'Which floor?', on_hold_reason: 'Awaiting Caller' })
})
