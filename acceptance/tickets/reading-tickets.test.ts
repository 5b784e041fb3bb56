import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { INCIDENT_WORK, TASK_WORK } from '../stories/desk-work.ts'
import { accepted, assignedTo } from '../stories/tasks.ts'
import { commented, type FiledTicket, filed, madeByOperator, shown } from '../stories/tickets.ts'
import { ask } from '../system/answer.ts'
import { carried } from '../system/partner.ts'
import { startSystem } from '../system/start-system.ts'

const system = await startSystem()
afterAll(() => system.end())
const customer = system.partner('customer')
const provider = system.partner('provider')
const desk = system.desk('sandbox')
const group = system.firstSteps.provider.solverGroup

const listed = async (partner = customer): Promise<Record<string, string>[]> => {
  const { status, body } = await partner.listOpenTickets()
  expect(status).toBe(200)
  return body.result
}

describe('the details of a ticket', () => {
  let ticket: FiledTicket
  beforeAll(async () => {
    ticket = await filed(customer, {
      short_description: 'Laptop is slow',
      description: 'Since Monday\nvery slow',
      priority: '2 - High',
      contact: 'user.one@north.example',
      ci: 'NORTH-SRV-02',
      attachments: [carried({ name: 'photo.jpg', bytes: Buffer.from('photo'), contentType: 'image/jpeg' })],
    })
    const incident = await desk.record(ticket.number)
    await desk.change(incident, { ...INCIDENT_WORK.start, work_notes: 'Not for the customer' })
    await desk.comment(incident, 'We are on it.')
    await commented(customer, ticket, 'Thank you.')
  })

  test('are what ServiceNow has now: the six documented fields, and what adds value', async () => {
    const { status, body } = await customer.readTicket(ticket.number)
    expect(status).toBe(200)
    expect(body.result).toHaveLength(1)
    expect(body.result[0]).toMatchObject({
      kpn_ticket_number: ticket.number,
      customer_reference_number: ticket.reference,
      ticket_type: 'Incident',
      state: 'In Progress',
      short_description: 'Laptop is slow',
      link: `/Ticket?kpn_ticket_number=${encodeURIComponent(ticket.number)}`,
      description: 'Since Monday\nvery slow',
      priority: '2 - High',
      service: customer.access.service,
      ci: 'NORTH-SRV-02',
      contact: 'user.one@north.example',
      user: 'user.one@north.example',
      created_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
      updated_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
      attachments: [{ name: 'photo.jpg', content_type: 'image/jpeg', size: 5 }],
    })
    expect(body.result[0].comments.map(({ text }: { text: string }) => text).sort()).toEqual(['Thank you.', 'We are on it.'])
    expect(JSON.stringify(body)).not.toContain('Not for the customer')
  })

  test('are found by the link that the list gives', async () => {
    const { link } = (await listed()).find(({ kpn_ticket_number }) => kpn_ticket_number === ticket.number)!
    const headers = { authorization: `Bearer ${await customer.token()}` }
    const { status, body } = await ask(`${customer.access.connectBaseUrl}${link}`, { method: 'GET', headers })
    expect(status).toBe(200)
    expect(body.result[0].kpn_ticket_number).toBe(ticket.number)
  })

  test('of a ticket that is not there, or is nobody’s, are not found', async () => {
    const internal = await desk.create('incident', { short_description: 'Our own' })
    for (const number of ['INC9999999', shown(internal), 'PRB0000001', 'XYZ0000001'])
      expect((await customer.readTicket(number)).status).toBe(404)
  })
})

describe('numbers', () => {
  let ticket: FiledTicket
  beforeAll(async () => {
    ticket = await filed(customer)
  })
  const readAs = async (query: string) =>
    ask(`${customer.access.connectBaseUrl}/Ticket?${query}`, {
      method: 'GET',
      headers: { authorization: `Bearer ${await customer.token()}` },
    })

  test.each([
    ['as partners read it, # written %23', (number: string) => number.replace('#', '%23')],
    ['as the instance has it', (number: string) => number.replace('#', '')],
    ['in lower case', (number: string) => number.replace('#', '%23').toLowerCase()],
    ['in lower case without #', (number: string) => number.replace('#', '').toLowerCase()],
  ])('%s', async (_, written) => {
    const { status, body } = await readAs(`kpn_ticket_number=${written(ticket.number)}`)
    expect(status).toBe(200)
    expect(body.result[0].kpn_ticket_number).toBe(ticket.number)
  })

  test('with a # that is not encoded it arrives cut off, and the refusal says so', async () => {
    const { status, body } = await readAs(`kpn_ticket_number=${ticket.number}`)
    expect(status).toBe(400)
    expect(body.error).toMatchObject({ code: 'number_cut_off', field: 'kpn_ticket_number' })
    expect(body.error.hint).toContain('%23')
  })

  test.each(['INC%230010001^active=true', 'INC%20OR%201', '%27', 'INC0010001%5EORnumberISNOTEMPTY'])(
    '%s is not a number',
    async written => {
      const { status, body } = await readAs(`kpn_ticket_number=${written}`)
      expect(status).toBe(400)
      expect(body.error.field).toBe('kpn_ticket_number')
    },
  )

  test('in a comment each way of writing means the same ticket', async () => {
    for (const number of [ticket.number, ticket.number.replace('#', ''), ticket.number.toLowerCase()]) {
      const { status, body } = await customer.updateTicket({
        action: 'Comment',
        kpn_ticket_number: number,
        customer_reference_number: ticket.reference,
        comment: `Written as ${number}`,
      })
      expect(status).toBe(200)
      expect(body.kpn_ticket_number).toBe(ticket.number)
    }
  })
})

describe('the list of open tickets', () => {
  test('has the six documented fields of each open ticket, and of no other', async () => {
    const types = ['Incident', 'Request for Information', 'Change Request', 'Service Request']
    const tickets = []
    for (const ticket_type of types) tickets.push(await filed(customer, { ticket_type, short_description: `One ${ticket_type}` }))
    const closed = await filed(customer)
    await desk.change(await desk.record(closed.number), INCIDENT_WORK.cancel)
    const resolved = await filed(customer)
    await desk.change(await desk.record(resolved.number), INCIDENT_WORK.resolve)
    const list = await listed()
    for (const [place, type] of types.entries()) {
      const { number, reference } = tickets[place]!
      expect(list.find(({ kpn_ticket_number }) => kpn_ticket_number === number)).toEqual({
        kpn_ticket_number: number,
        customer_reference_number: reference,
        ticket_type: type,
        state: 'New',
        short_description: `One ${type}`,
        link: `/Ticket?kpn_ticket_number=${encodeURIComponent(number)}`,
      })
    }
    expect(list.some(({ kpn_ticket_number }) => kpn_ticket_number === closed.number)).toBe(false)
    expect(list.find(({ kpn_ticket_number }) => kpn_ticket_number === resolved.number)!.state).toBe('Resolved')
  })

  test('GET /Ticket without a number is the same list', async () => {
    expect((await customer.ask('GET', '/Ticket')).body).toEqual((await customer.listOpenTickets()).body)
  })

  test('with a number, GET /ListOpenTickets gives that ticket', async () => {
    const { number } = await filed(customer)
    const { body } = await customer.ask('GET', '/ListOpenTickets', { query: { kpn_ticket_number: number } })
    expect(body.result.map(({ kpn_ticket_number }: { kpn_ticket_number: string }) => kpn_ticket_number)).toEqual([number])
  })

  test('a caller may name the version that it speaks, and is told which one answered', async () => {
    const { status, headers } = await customer.ask('GET', '/ListOpenTickets', { headers: { 'api-version': '1' } })
    expect(status).toBe(200)
    expect(headers.get('api-version')).toBeTruthy()
  })

  test('has tickets that the operator made, without a reference until there is one', async () => {
    const made = await madeByOperator(desk, customer, 'incident')
    const line = (await listed()).find(({ kpn_ticket_number }) => kpn_ticket_number === shown(made))
    expect(line).toBeDefined()
    expect(line).not.toHaveProperty('customer_reference_number')
  })

  test('of a provider has its open tasks, and not those of other groups', async () => {
    const { number } = await filed(customer)
    const incident = await desk.record(number)
    const [open, done] = [await assignedTo(group, desk, incident), await assignedTo(group, desk, incident)]
    const [network] = await desk.find('sys_user_group', 'name=Network')
    const elsewhere = await assignedTo(group, desk, incident, { assignment_group: network!.sys_id })
    const { reference } = await accepted(provider, open)
    await desk.change(done, TASK_WORK.closeComplete)
    await desk.change(open, TASK_WORK.start)
    const list = await listed(provider)
    expect(list.find(({ kpn_ticket_number }) => kpn_ticket_number === shown(open))).toMatchObject({
      customer_reference_number: reference,
      ticket_type: 'Incident Task',
      state: 'Work in Progress',
    })
    const numbers = list.map(({ kpn_ticket_number }) => kpn_ticket_number)
    expect(numbers).not.toContain(shown(done))
    expect(numbers).not.toContain(shown(elsewhere))
    expect(numbers).not.toContain(number)
  })
})
