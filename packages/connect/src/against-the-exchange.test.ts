import { randomBytes } from 'node:crypto'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { type ConnectClient, connectClient, type Poller, startPoller, type TicketUpdate } from '@deskbridge/connect'
import { type FirstSteps, type RunningExchange, readSettings, startExchange } from '@deskbridge/exchange'
import { makeFreshDatabase } from '@deskbridge/postgres/testing'
import { afterAll, beforeAll, expect, test } from 'vitest'

let folder = ''
let exchange: RunningExchange
let database: Awaited<ReturnType<typeof makeFreshDatabase>>
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'connect-exchange-'))
  database = await makeFreshDatabase()
  const ports = { PORT: '0', INSTANCE_SANDBOX_PORT: '0', INSTANCE_PRODUCTION_PORT: '0' }
  exchange = await startExchange(
    readSettings({
      ...ports,
      DESKBRIDGE_DEMO: 'yes',
      DATABASE_URL: database.url,
      DESKBRIDGE_DATA: join(folder, 'data'),
      LOG_LEVEL: 'error',
    }),
  )
})
afterAll(async () => {
  await exchange?.close()
  await database?.drop()
  await rm(folder, { recursive: true })
})

/** Follows a partner's queue and collects what comes. */
async function follow(
  client: ConnectClient,
  name: string,
): Promise<{ updates: TicketUpdate[]; it: Poller; next(): Promise<TicketUpdate> }> {
  const updates: TicketUpdate[] = []
  let read = 0
  const it = await startPoller({
    client,
    folder: join(folder, name),
    every: 100,
    limit: 2,
    onUpdate: async update => {
      updates.push(update)
    },
  })
  const next = async () => {
    for (let waited = 0; updates.length <= read; waited += 20) {
      if (waited > 15_000) throw new Error(`no further update after ${JSON.stringify(updates)}`)
      await pause(20)
    }
    return updates[read++]!
  }
  return { updates, it, next }
}

/** What a person of the desk does, in the practice instance. */
async function desk(method: string, path: string, body?: unknown): Promise<Record<string, string>> {
  const { url, username, password } = exchange.firstSteps.instances.sandbox
  const response = await fetch(`${url}/api/now/${path}`, {
    method,
    headers: {
      authorization: `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`,
      accept: 'application/json',
      'content-type': body instanceof Uint8Array ? 'application/octet-stream' : 'application/json',
    },
    ...(body === undefined ? {} : { body: body instanceof Uint8Array ? new Uint8Array(body) : JSON.stringify(body) }),
  })
  const { result } = (await response.json()) as { result: Record<string, string> | Record<string, string>[] }
  expect(response.ok, JSON.stringify(result)).toBe(true)
  return Array.isArray(result) ? result[0]! : result
}

test('a customer files a ticket, the desk works on it, and each change reaches the poller once, in order', async () => {
  const { customer } = exchange.firstSteps as FirstSteps
  const client = connectClient({ exchange: exchange.url, clientId: customer.clientId, clientSecret: customer.clientSecret })
  const queue = await follow(client, 'customer')
  const photo = join(folder, 'photo.png')
  await writeFile(photo, randomBytes(200_001))
  const ticket = {
    ticket_type: 'Incident' as const,
    customer_reference_number: 'CONNECT-1',
    short_description: 'The drive cannot be added',
    service: customer.service,
    attachments: [{ path: photo }, { name: 'log.txt', content_type: 'text/plain', bytes: Buffer.from('line 1\nline 2') }],
  }
  const receipt = await client.fileTicket(ticket)
  expect(receipt).toMatchObject({ state: 'inserted', customer_reference_number: 'CONNECT-1' })
  expect(receipt.kpn_ticket_number).toMatch(/^INC#\d+$/)
  expect((await client.fileTicket(ticket)).kpn_ticket_number).toBe(receipt.kpn_ticket_number)
  const details = await client.getTicket(receipt.kpn_ticket_number)
  expect(details).toMatchObject({ state: 'New', customer_reference_number: 'CONNECT-1', comments: [] })
  expect(details.created_at).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/)
  // Files of one second stand in no order.
  expect(Object.fromEntries(details.attachments?.map(({ name, size }) => [name, size]) ?? [])).toEqual({
    'photo.png': 200_001,
    'log.txt': 13,
  })
  expect((await client.listOpenTickets()).map(({ kpn_ticket_number }) => kpn_ticket_number)).toContain(receipt.kpn_ticket_number)

  const number = receipt.kpn_ticket_number.replace('#', '')
  const incident = await desk('GET', `table/incident?sysparm_query=number=${number}`)
  const path = `table/incident/${incident.sys_id}`
  await desk('PATCH', path, { state: '2' })
  expect(await queue.next()).toMatchObject({ action: 'In Progress', ...numbersOf(receipt) })
  await desk('PATCH', path, { comments: 'We are looking into it' })
  expect(await queue.next()).toMatchObject({ action: 'Comment', ticket_attributes: { comments: 'We are looking into it' } })

  const manual = randomBytes(100_000)
  await desk('POST', `attachment/file?table_name=incident&table_sys_id=${incident.sys_id}&file_name=manual.bin`, manual)
  const { action, ticket_attributes } = await queue.next()
  expect(action).toBe('Attachment')
  const told = ticket_attributes?.attachments?.[0]
  expect(told).toMatchObject({ name: 'manual.bin', size: 100_000 })
  expect((await client.getAttachment(told!.attachment_id)).bytes).toEqual(new Uint8Array(manual))
  await client.saveAttachment(told!.attachment_id, join(folder, 'manual.bin'))
  expect((await readFile(join(folder, 'manual.bin'))).equals(manual)).toBe(true)

  const numbers = numbersOf(receipt)
  expect(await client.commentOnTicket({ ...numbers, comment: 'Thank you' })).toMatchObject({ state: 'updated' })
  await client.commentOnTicket({ ...numbers, attachments: [{ name: 'more.txt', bytes: Buffer.from('more') }] })
  await desk('PATCH', path, { state: '6', close_code: 'Solution provided', close_notes: 'Mapped again' })
  expect(await queue.next()).toMatchObject({ action: 'Resolved' })
  await pause(300)
  expect(queue.updates).toHaveLength(4)
  expect(await queue.it.compare()).toMatchObject({ otherState: [] })
  await queue.it.stop()

  // The position has not moved: whoever reads the queue plainly still gets everything, once.
  const plain = await client.ticketUpdates()
  expect(plain.map(({ transaction_id }) => transaction_id)).toEqual(queue.updates.map(({ transaction_id }) => transaction_id))
  await expect.poll(() => client.ticketUpdates()).toEqual([])
  await expect(client.ticketUpdates({ from: '00000000-0000-4000-8000-000000000000' })).rejects.toMatchObject({ status: 404 })
  await expect(client.getTicket('INC#9999999')).rejects.toMatchObject({ status: 404, retryable: false })
}, 60_000)

test('a provider takes its task, works it and closes it', async () => {
  const { customer, provider } = exchange.firstSteps as FirstSteps
  const filer = connectClient({ exchange: exchange.url, clientId: customer.clientId, clientSecret: customer.clientSecret })
  const worker = connectClient({ exchange: exchange.url, clientId: provider.clientId, clientSecret: provider.clientSecret })
  const { kpn_ticket_number } = await filer.fileTicket({
    ticket_type: 'Incident',
    customer_reference_number: 'CONNECT-2',
    short_description: 'Printer on fire',
    service: customer.service,
  })
  const incident = await desk('GET', `table/incident?sysparm_query=number=${kpn_ticket_number.replace('#', '')}`)
  const task = await desk('POST', 'table/incident_task', {
    incident: incident.sys_id,
    parent: incident.sys_id,
    short_description: 'Bring an extinguisher',
    assignment_group: provider.solverGroup.sys_id,
  })
  const queue = await follow(worker, 'provider')
  const asked = await queue.next()
  expect(asked).toMatchObject({ action: 'New', kpn_ticket_number: task.number?.replace(/^([A-Z]+)/, '$1#') })
  const numbers = { kpn_ticket_number: asked.kpn_ticket_number, customer_reference_number: 'WORK-1' }
  await worker.respondToTask({ ...numbers, transaction_id: asked.transaction_id, status: 'Success' })
  await worker.workTask({ ...numbers, action: 'In Progress' })
  await worker.workTask({ ...numbers, action: 'Worknote', worknotes: 'on my way' })
  await worker.workTask({ ...numbers, action: 'Attachment', attachments: [{ name: 'plan.txt', bytes: Buffer.from('go') }] })
  await worker.workTask({ ...numbers, action: 'Closed Complete', close_notes: 'out' })
  const closed = await desk('GET', `table/incident_task/${task.sys_id}`)
  expect(closed.state).toBe('3')
  await queue.it.stop()
}, 60_000)

function numbersOf({ kpn_ticket_number, customer_reference_number }: { kpn_ticket_number: string; customer_reference_number: string }) {
  return { kpn_ticket_number, customer_reference_number }
}
