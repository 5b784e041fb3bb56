import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { accepted, assignedTo, type KnownTask } from '../stories/tasks.ts'
import { type FiledTicket, filed } from '../stories/tickets.ts'
import { address, ask } from '../system/answer.ts'
import { startSystem } from '../system/start-system.ts'

const system = await startSystem()
afterAll(() => system.end())
const customer = system.partner('customer')
const provider = system.partner('provider')
const desk = system.desk('sandbox')

let ticket: FiledTicket
let task: KnownTask
beforeAll(async () => {
  ticket = await filed(customer)
  task = await accepted(provider, await assignedTo(system.firstSteps.provider.solverGroup, desk, await desk.record(ticket.number)))
})

const characters = (count: number) => 'ü'.repeat(count)
const smallFile = { name: 'a.txt', content: 'QQ==' }

describe('what is too long, missing or wrong in a new ticket is refused with 400, and the field is named', () => {
  test.each([
    ['short_description', characters(161)],
    ['short_description', ''],
    ['short_description', null],
    ['short_description', undefined],
    ['short_description', 12],
    ['short_description', ['text']],
    ['description', characters(4_001)],
    ['customer_reference_number', 'R'.repeat(65)],
    ['customer_reference_number', undefined],
    ['customer_reference_number', ''],
    ['service', undefined],
    ['service', 'Carrier Pigeons'],
    ['ticket_type', 'Problem'],
    ['ticket_type', undefined],
    ['priority', '6 - None'],
    ['priority', 1],
    ['desired_delivery_date', '2027-10-25 10:26:27'],
    ['attachments', {}],
    ['attachments', Array(21).fill(smallFile)],
    ['attachments[0].name', [{ ...smallFile, name: `${'n'.repeat(97)}.txt` }]],
    ['attachments[0].name', [{ ...smallFile, name: '../etc/passwd' }]],
    ['attachments[0].name', [{ ...smallFile, name: 'C:\\temp\\a.txt' }]],
    ['attachments[0].name', [{ content: 'QQ==' }]],
    ['attachments[0].content', [{ name: 'a.txt' }]],
    ['attachments[0].content', [{ name: 'a.txt', content: 'QQ=' }]],
    ['attachments[1].content', [smallFile, { name: 'b.txt', content: 7 }]],
    ['attachments[0].content_type', [{ ...smallFile, content_type: 7 }]],
  ])('%s: %j', async (field, value) => {
    const name = field.replace(/\[.*/, '')
    const { status, body } = await customer.fileTicket({ [name]: value })
    expect(status).toBe(400)
    expect(body.error).toMatchObject({ code: expect.any(String), message: expect.any(String), hint: expect.any(String), field })
  })

  test('the date of a Change Request must be a date', async () => {
    for (const desired_delivery_date of ['tomorrow', '2027-02-30 10:00:00', '25-10-2027']) {
      const { status, body } = await customer.fileTicket({ ticket_type: 'Change Request', desired_delivery_date })
      expect(status).toBe(400)
      expect(body.error.field).toBe('desired_delivery_date')
    }
  })

  test.each(['Request for Information', 'Change Request', 'Service Request'])('a %s has no priority', async ticket_type => {
    const { status, body } = await customer.fileTicket({ ticket_type, priority: '2 - High' })
    expect(status).toBe(400)
    expect(body.error.field).toBe('priority')
  })

  test('nothing of it was filed', async () => {
    expect((await customer.listOpenTickets()).body.result.map((open: { kpn_ticket_number: string }) => open.kpn_ticket_number)).toEqual([
      ticket.number,
    ])
  })
})

describe('what is as long as it may be arrives whole', () => {
  test('160 and 4,000 characters, a reference of 64, twenty files, a file name of 100', async () => {
    const reference = `R-${Date.now()}`.padEnd(64, '0')
    const names = Array.from({ length: 20 }, (_, place) => `${place}`.padStart(96, 'n').concat('.txt'))
    const { number } = await filed(customer, {
      customer_reference_number: reference,
      short_description: characters(160),
      description: characters(4_000),
      attachments: names.map(name => ({ ...smallFile, name })),
    })
    const incident = await desk.record(number)
    expect(incident.fields).toMatchObject({ short_description: characters(160), correlation_display: reference })
    expect(incident.fields.description === characters(4_000)).toBe(true)
    expect((await desk.filesOf(incident)).map(({ file_name }) => file_name).sort()).toEqual(names.sort())
  })

  test('a comment of 4,000 characters', async () => {
    const comment = characters(4_000)
    const update = { action: 'Comment', kpn_ticket_number: ticket.number, customer_reference_number: ticket.reference, comment }
    expect((await customer.updateTicket(update)).status).toBe(200)
    const [text] = await desk.journal(await desk.record(ticket.number), 'comments')
    expect(text === comment).toBe(true)
  })

  /** ServiceNow counts a character outside the basic plane as two. */
  test.each([
    ['short_description', 160, 'short_description'],
    ['description', 4_000, 'description'],
    ['customer_reference_number', 64, 'correlation_display'],
  ])(
    '%s of %i characters that take four bytes each is stored whole or refused by its name, but never cut',
    async (field, count, column) => {
      const text = '𝕏'.repeat(count)
      const { status, body } = await customer.fileTicket({ [field]: text })
      if (status === 400) return expect(body.error.field).toBe(field)
      expect(status).toBe(200)
      const stored = (await desk.record(body.kpn_ticket_number)).fields[column] ?? ''
      expect([...stored].length).toBe(count)
    },
  )
})

describe('what is wrong in an update is refused with 400, and the field is named', () => {
  test.each([
    ['comment', characters(4_001)],
    ['comment', null],
    ['action', 'Resolve'],
    ['action', undefined],
    ['action', 'Worknote'],
    ['kpn_ticket_number', undefined],
    ['kpn_ticket_number', 'twelve'],
    ['kpn_ticket_number', 12],
    ['customer_reference_number', undefined],
    ['customer_reference_number', characters(65)],
    ['status', 'Perhaps'],
    ['attachments[0].name', [{ ...smallFile, name: '..' }]],
  ])('of a ticket: %s: %j', async (field, value) => {
    const update = { action: 'Comment', kpn_ticket_number: ticket.number, customer_reference_number: ticket.reference, comment: 'x' }
    const { status, body } = await customer.updateTicket({ ...update, [field.replace(/\[.*/, '')]: value })
    expect(status).toBe(400)
    expect(body.error.field).toBe(field)
  })

  test.each([
    ['comment', characters(4_001)],
    ['worknotes', characters(4_001)],
    ['close_notes', characters(4_001)],
    ['error_details', characters(4_001)],
    ['action', 'Reject'],
    ['action', null],
    ['kpn_ticket_number', undefined],
    ['customer_reference_number', undefined],
    ['attachments', Array(21).fill(smallFile)],
  ])('of a task: %s: %j', async (field, value) => {
    const update = { action: 'Closed Complete', kpn_ticket_number: task.number, customer_reference_number: task.reference }
    const { status, body } = await provider.updateTask({ ...update, [field]: value })
    expect(status).toBe(400)
    expect(body.error.field).toBe(field)
  })

  test('a task is not updated as a ticket, nor a ticket as a task', async () => {
    await system.backOffice.changeAgreement(provider.name, 'sandbox', { roles: ['customer', 'provider'] })
    const asTicket = { action: 'Comment', kpn_ticket_number: task.number, customer_reference_number: task.reference, comment: 'x' }
    const answer = await provider.updateTicket(asTicket)
    expect(answer.status).toBe(400)
    expect(answer.body.error.field).toBe('kpn_ticket_number')
    const own = await filed(provider)
    const asTask = { action: 'Comment', kpn_ticket_number: own.number, customer_reference_number: own.reference, comment: 'x' }
    const other = await provider.updateTask(asTask)
    expect(other.status).toBe(400)
    expect(other.body.error.field).toBe('kpn_ticket_number')
  })
})

describe('a request that is not what it should be', () => {
  const send = async (body: string | Uint8Array, type: string | undefined, path = '/Ticket', method = 'POST') =>
    ask(address(system.firstSteps.connectBaseUrl, path), {
      method,
      headers: { authorization: `Bearer ${await customer.token()}`, ...(type ? { 'content-type': type } : {}) },
      body,
    })

  test.each([
    ['nothing', '', 400, 'malformed_json'],
    ['half an object', '{"ticket_type":"Incident"', 400, 'malformed_json'],
    ['a trailing comma', '{"ticket_type":"Incident",}', 400, 'malformed_json'],
    ['a list', '[]', 400, 'invalid_field'],
    ['a member named twice', '{"ticket_type":"Incident","ticket_type":"Change Request"}', 400, 'duplicate_key'],
  ])('%s: %s', async (_, text, status, code) => {
    const answer = await send(text, 'application/json')
    expect(answer.status).toBe(status)
    expect(answer.body.error.code).toBe(code)
  })

  test('bytes that are not UTF-8', async () => {
    const { status, body } = await send(Buffer.from('{"short_description":"\xfc"}', 'latin1'), 'application/json')
    expect(status).toBe(400)
    expect(body.error.code).toBe('malformed_json')
  })

  test.each(['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', 'application/json; charset=latin1'])(
    'as %s is refused with 415',
    async type => {
      expect((await send('{}', type)).status).toBe(415)
    },
  )

  test('more than 80 MiB of attachments is refused with 413, and nothing is filed', async () => {
    const reference = customer.newReference()
    const opening = JSON.stringify({
      ticket_type: 'Incident',
      customer_reference_number: reference,
      short_description: 'Too much',
      service: customer.access.service,
    })
    const tooMuch = 'A'.repeat(Math.ceil((80 * 1024 * 1024 + 3) / 3) * 4)
    const { status, body } = await send(
      `${opening.slice(0, -1)},"attachments":[{"name":"big.bin","content":"${tooMuch}"}]}`,
      'application/json',
    )
    expect(status).toBe(413)
    expect(body.error.code).toBe('too_large')
    expect(await desk.find('incident', `correlation_display=${reference}`)).toEqual([])
  })

  test('another method or path says so', async () => {
    expect((await send('{}', 'application/json', '/Ticket', 'PUT')).status).toBe(405)
    expect((await send('{}', 'application/json', '/Tickets')).status).toBe(404)
  })
})
