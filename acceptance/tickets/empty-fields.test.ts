import { createHash } from 'node:crypto'
import { makeFreshDatabase } from '@deskbridge/postgres/testing'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { accepted, assignedTo, type KnownTask, worked } from '../stories/tasks.ts'
import { type FiledTicket, filed, madeByOperator, shown } from '../stories/tickets.ts'
import type { Partner } from '../system/partner.ts'
import { type StartedSystem, startSystem } from '../system/start-system.ts'

/** Mapping tools send something for every field, also for those that have no value. */

let database: Awaited<ReturnType<typeof makeFreshDatabase>>
let system: StartedSystem
let sql: pg.Client
let customer: Partner
let provider: Partner
let ticket: FiledTicket
let task: KnownTask
beforeAll(async () => {
  database = await makeFreshDatabase()
  system = await startSystem({ database: database.url })
  sql = new pg.Client({ connectionString: database.url })
  await sql.connect()
  customer = system.partner('customer')
  provider = system.partner('provider')
  ticket = await filed(customer)
  const desk = system.desk()
  task = await accepted(provider, await assignedTo(system.firstSteps.provider.solverGroup, desk, await desk.record(ticket.number)))
})
afterAll(async () => {
  await sql?.end()
  await system?.end()
  await database?.drop()
})

const EMPTY: readonly (readonly [how: string, value: unknown])[] = [
  ['the empty text', ''],
  ['null', null],
  ['blanks', ' \t\r\n\u00a0'],
]
const all = (names: readonly string[], value: unknown) => Object.fromEntries(names.map(name => [name, value]))
const file = (more: object = {}) => ({ name: 'photo.jpg', content: 'QUJD', ...more })
const about = ({ number, reference }: FiledTicket) => ({ kpn_ticket_number: number, customer_reference_number: reference })

describe.each(EMPTY)('a field that may be left out counts as left out when it is %s', (_, empty) => {
  const optional = ['description', 'ci', 'desired_delivery_date', 'contact', 'user', 'priority', 'attachments']

  test.each(['Incident', 'Request for Information', 'Change Request', 'Service Request'])(
    'in a new %s, which is the same as without it',
    async ticket_type => {
      const { number, reference } = await filed(customer, { ticket_type })
      const again = await customer.fileTicket({ ticket_type, customer_reference_number: reference, ...all(optional, empty) })
      expect(again).toMatchObject({ status: 200, body: { kpn_ticket_number: number } })
      expect(again.headers.get('warnings')).toBeNull()
      expect(await filed(customer, { ticket_type, ...all(optional, empty) })).not.toMatchObject({ number })
    },
  )

  test('in a file of a ticket', async () => {
    const { reference } = await filed(customer, { attachments: [file()] })
    const attachments = [file({ content_type: empty })]
    expect((await customer.fileTicket({ customer_reference_number: reference, attachments })).status).toBe(200)
  })

  test('in a comment, which is not made twice', async () => {
    const own = await filed(customer)
    const comment = { action: 'Comment', ...about(own), comment: 'Once.' }
    for (const more of [{}, all(['status', 'transaction_id', 'error_details', 'attachments'], empty)])
      expect((await customer.updateTicket({ ...comment, ...more })).status).toBe(200)
    const alone = { action: 'Comment', ...about(own), attachments: [file()] }
    for (const more of [{}, { comment: empty }]) expect((await customer.updateTicket({ ...alone, ...more })).status).toBe(200)
    const incident = await system.desk().record(own.number)
    expect(await system.desk().journal(incident, 'comments')).toEqual(['Once.'])
    expect(await system.desk().filesOf(incident)).toHaveLength(1)
  })

  test('in the work on a task, and in the answer to an update', async () => {
    const optional = ['comment', 'close_notes', 'error_details', 'status', 'transaction_id', 'attachments']
    await worked(provider, task, { action: 'Worknote', worknotes: `Seen, ${JSON.stringify(empty)}`, ...all(optional, empty) })
    const made = await madeByOperator(system.desk(), customer, 'incident')
    const { kpn_ticket_number, transaction_id } = await customer.updates.until({ number: shown(made), action: 'New' })
    const response = { action: 'Response', kpn_ticket_number, customer_reference_number: customer.newReference(), transaction_id }
    expect(await customer.updateTicket({ ...response, status: empty })).toMatchObject({ status: 400, body: { error: { field: 'status' } } })
    const answered = await customer.updateTicket({
      ...response,
      status: 'Success',
      ...all(['comment', 'error_details', 'attachments'], empty),
    })
    expect(answered.status).toBe(200)
  })

  test('but an action that adds something still needs it', async () => {
    const comment = { action: 'Comment', ...about(ticket), comment: empty }
    expect(await customer.updateTicket(comment)).toMatchObject({ status: 400, body: { error: { field: 'comment' } } })
    const note = { action: 'Worknote', ...about(task), worknotes: empty, attachments: [] }
    expect(await provider.updateTask(note)).toMatchObject({ status: 400, body: { error: { field: 'worknotes' } } })
  })

  test.each([
    ['ticket_type', all(['ticket_type'], empty)],
    ['customer_reference_number', all(['customer_reference_number'], empty)],
    ['short_description', all(['short_description'], empty)],
    ['service', all(['service'], empty)],
    ['attachments[0].name', { attachments: [file({ name: empty })] }],
  ])('and %s is needed', async (field, ticket) => {
    const { status, body } = await customer.fileTicket(ticket)
    expect([status, body.error.field]).toEqual([400, field])
    expect(body.error.message).toContain(`${field} is ${empty === null ? 'missing' : 'empty'}`)
  })
})

test('an empty list of files, beside words, is none', async () => {
  expect((await customer.updateTicket({ action: 'Comment', ...about(ticket), comment: 'No file.', attachments: [] })).status).toBe(200)
})

test('what is compared is what was compared before empty fields were taken, so that filings from then are known', async () => {
  const { reference } = await filed(customer, { ci: '', contact: null, attachments: [file({ content_type: '' })] })
  const words = {
    ticket_type: 'Incident',
    customer_reference_number: reference,
    short_description: 'Network drive cannot be reached',
    service: customer.access.service,
  }
  const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')
  const content = sha256(JSON.stringify([words, [['photo.jpg', 'application/octet-stream', 3, sha256('ABC')]]]))
  const { rows } = await sql.query('select content_sha256 from exchange.recorded_write where reference = $1', [reference])
  expect(rows).toEqual([{ content_sha256: content }])
})

test('an empty Idempotency-Key is none', async () => {
  const comment = { action: 'Comment', ...about(ticket), comment: 'With an empty key.' }
  for (let twice = 0; twice < 2; twice++) expect((await customer.updateTicket(comment, { 'idempotency-key': '' })).status).toBe(200)
  const said = await system.desk().journal(await system.desk().record(ticket.number), 'comments')
  expect(said.filter(text => text === comment.comment)).toHaveLength(1)
})

describe('in a query an empty parameter is a mistake, and nothing is handed out', () => {
  test.each([
    ['from', 'must be a transaction_id'],
    ['since', 'must be a moment'],
    ['ack', 'must be a transaction_id'],
    ['limit', 'must be a whole number'],
  ])('%s', async (name, why) => {
    for (const value of ['', ' ']) {
      const { status, body } = await customer.poll({ [name]: value })
      expect([status, body.error.field]).toEqual([400, name])
      expect(body.error.message).toContain(`${name} is empty; it ${why}`)
    }
  })

  test('the number of GET /Ticket', async () => {
    for (const value of ['', ' ']) {
      const { status, body } = await customer.readTicket(value)
      expect([status, body.error]).toEqual([400, expect.objectContaining({ code: 'number_cut_off', field: 'kpn_ticket_number' })])
    }
  })
})

describe('ListOpenTickets', () => {
  const list = async (number: string, partner = customer) =>
    partner.ask('GET', '/ListOpenTickets', { query: { kpn_ticket_number: number } })

  test('with an empty number lists all that is open, as without one', async () => {
    expect((await list('')).body).toEqual((await customer.listOpenTickets()).body)
    expect((await list('')).body.result.length).toBeGreaterThan(1)
  })

  test('with a number lists that ticket or task as it stands in the list of all, while it is open', async () => {
    const own = await filed(customer, { ticket_type: 'Service Request' })
    const inAll = (await customer.listOpenTickets()).body.result.filter(
      (one: { kpn_ticket_number: string }) => one.kpn_ticket_number === own.number,
    )
    expect(inAll).toHaveLength(1)
    expect((await list(own.number)).body).toEqual({ result: inAll })
    expect((await list(task.number, provider)).body).toEqual((await provider.listOpenTickets()).body)
    await system.desk().change(await system.desk().record(own.number), { active: 'false', state: '3' })
    expect((await list(own.number)).body).toEqual({ result: [] })
  })

  test('never one of somebody else', async () => {
    expect((await list(ticket.number, system.partner('otherCustomer'))).status).toBe(404)
    expect((await list('INC#9999999')).status).toBe(404)
  })
})
