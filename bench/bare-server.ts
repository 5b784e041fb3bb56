/**
 * The peer of every benchmark: a bare `node:http` server that does as many commits or selects as the exchange does, with
 * statements and rows of the same shape, and nothing else: no sign-in, no checks, no retries, no capture. Nothing that does
 * this job with these promises to the database can be faster in Node by much.
 */
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import pg from 'pg'

const CHUNK = 700_000
const CONNECTIONS = 12
const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL, max: CONNECTIONS })
pg.types.setTypeParser(pg.types.builtins.INT8, Number)

await pool.query(`create schema bare;
  create table bare.bond (like exchange.bond including all);
  create table bare.recorded_write (like exchange.recorded_write including all);
  create table bare.task (like sandbox.task including all);
  create table bare.queue (like exchange.queue including all);
  create table bare.update (like exchange.update including all);
  create table bare.doc (like sandbox.sys_attachment_doc including all);
  alter table bare.doc alter column data set storage external;
  create sequence bare.number start 10001`)
const {
  rows: [north],
} = await pool.query("select partner_id as id from exchange.partner where name like '%North'")
const partner = north.id as string

const server = createServer((request, response) => {
  answer(request, response).catch(error => {
    console.error('bare server:', error)
    response.destroy()
  })
})
server.listen(0, '127.0.0.1', () => process.send!({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }))
process.on('disconnect', () => process.exit())

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (request.url === '/Ticket') return fileTicket(request, response)
  if (request.url === '/Attachment') return storeAttachment(request, response)
  const from = /[?&]from=([^&]+)/.exec(request.url!)?.[1]
  return from ? updatesFrom(from, response) : takeUpdates(response)
}

function send(response: ServerResponse, body: string): void {
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }).end(body)
}

const rows = async (name: string, text: string, values: unknown[]) => (await pool.query({ name, text, values })).rows

interface Ticket {
  customer_reference_number: string
  short_description: string
  description: string
}

async function fileTicket(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const pieces: Buffer[] = []
  for await (const piece of request) pieces.push(piece as Buffer)
  const ticket = JSON.parse(Buffer.concat(pieces).toString()) as Ticket
  const id = randomUUID()
  const sysId = id.replaceAll('-', '')
  const reference = ticket.customer_reference_number
  await rows(
    'reserve',
    `with bond as (insert into bare.bond (bond_id, environment, partner_id, word, is_task, reference, correlation_id, table_name)
       values ($1, 'sandbox', $2, 'Incident', false, $3, $4, 'incident'))
     insert into bare.recorded_write (write_id, environment, partner_id, operation, request_key, content_sha256, table_name, reference, plan, progress)
     values ($1, 'sandbox', $2, 'file-ticket', 'reference:' || $3, $4, 'incident', $3, $5, '[{"begun":true}]')`,
    [id, partner, reference, sysId, JSON.stringify([ticket])],
  )
  const [made] = await rows(
    'create',
    `insert into bare.task (sys_id, sys_class_name, sys_created_on, sys_created_by, sys_updated_on, sys_updated_by, sys_mod_count, number,
       short_description, description, state, impact, urgency, priority, active, company, opened_at, correlation_id, correlation_display)
     values ($1, 'incident', now() at time zone 'UTC', 'bare', now() at time zone 'UTC', 'bare', 0, 'INC' || nextval('bare.number'), $2, $3,
       1, 3, 3, 5, true, $1, now() at time zone 'UTC', $1, $4) returning number`,
    [sysId, ticket.short_description, ticket.description, reference],
  )
  const { number } = made as { number: string }
  await rows(
    'bind',
    `with bond as (update bare.bond set sys_id = $2, number = $3 where bond_id = $1)
     update bare.recorded_write set progress = $4, sys_id = $2, number = $3, state = 'done', finished_at = clock_timestamp() where write_id = $1`,
    [id, sysId, number, JSON.stringify([{ begun: true, done: true, sysId, number }])],
  )
  send(response, JSON.stringify({ status: 'inserted', number, reference }))
}

async function updatesFrom(id: string, response: ServerResponse): Promise<void> {
  const [first] = await rows(
    'number',
    `select number from bare.update where environment = 'sandbox' and partner_id = $1 and transaction_id = $2`,
    [partner, id],
  )
  sendUpdates(response, await messages((first as { number: number }).number - 1))
}

const messages = (after: number) =>
  rows(
    'messages',
    `select message from bare.update where environment = 'sandbox' and partner_id = $1 and number > $2 order by number limit 100`,
    [partner, after],
  )

function sendUpdates(response: ServerResponse, found: { message: string }[]): void {
  send(response, `[${found.map(({ message }) => message).join(',')}]`)
}

let booked: Promise<unknown> = Promise.resolve()

async function takeUpdates(response: ServerResponse): Promise<void> {
  await booked
  const [queue] = await rows(
    'look',
    `select position, last_number as last from bare.queue where environment = 'sandbox' and partner_id = $1`,
    [partner],
  )
  const { position, last } = queue as { position: number; last: number }
  if (last <= position) return send(response, '[]')
  await rows(
    'lease',
    `update bare.queue set lease_id = gen_random_uuid(), lease_until = now() + interval '30 seconds', lease_end = position + 100
     where environment = 'sandbox' and partner_id = $1`,
    [partner],
  )
  const found = await messages(position)
  booked = once(response, 'finish').then(() =>
    rows(
      'move',
      `update bare.queue set position = lease_end, lease_id = null, lease_until = null, lease_end = null
       where environment = 'sandbox' and partner_id = $1`,
      [partner],
    ),
  )
  sendUpdates(response, found)
}

/** Decodes what stands between `"content":"` and the next quote, and believes everything. */
async function storeAttachment(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const id = randomUUID()
  const client = await pool.connect()
  await client.query('begin')
  let position = 0
  for await (const chunk of inChunks(decoded(request)))
    await client.query({
      name: 'doc',
      text: 'insert into bare.doc (sys_attachment, position, data) values ($1, $2, $3)',
      values: [id, position++, chunk],
    })
  await client.query('commit')
  client.release()
  send(response, JSON.stringify({ status: 'inserted', id }))
}

async function* decoded(body: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const before = Buffer.from('"content":"')
  let held: Buffer = Buffer.alloc(0)
  let inside = false
  let over = false
  for await (const read of body) {
    if (over) continue
    let chunk = held.length > 0 ? Buffer.concat([held, read]) : read
    if (!inside) {
      const at = chunk.indexOf(before)
      if (at < 0) {
        held = chunk
        continue
      }
      inside = true
      chunk = chunk.subarray(at + before.length)
    }
    const quote = chunk.indexOf(0x22)
    over = quote >= 0
    const end = over ? quote : chunk.length - (chunk.length % 4)
    yield Buffer.from(chunk.toString('latin1', 0, end), 'base64')
    held = chunk.subarray(end)
  }
}

async function* inChunks(pieces: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let parts: Buffer[] = []
  let length = 0
  for await (let piece of pieces) {
    while (length + piece.length >= CHUNK) {
      const taken = CHUNK - length
      yield Buffer.concat([...parts, piece.subarray(0, taken)])
      piece = piece.subarray(taken)
      parts = []
      length = 0
    }
    parts.push(piece)
    length += piece.length
  }
  if (length > 0) yield Buffer.concat(parts)
}
