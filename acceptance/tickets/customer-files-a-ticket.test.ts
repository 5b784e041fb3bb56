import { afterAll, describe, expect, test } from 'vitest'
import { filed } from '../stories/tickets.ts'
import { startSystem } from '../system/start-system.ts'

const system = await startSystem()
afterAll(() => system.end())
const customer = system.partner('customer')
const desk = system.desk('sandbox')

describe('2.1 a ticket is created in the customer’s system and assigned to the operator', () => {
  test.each([
    ['Incident', /^INC#\d{7}$/, { state: '1', category: 'inquiry' }],
    ['Request for Information', /^INC#\d{7}$/, { state: '1', category: 'inquiry' }],
    ['Change Request', /^CHG#\d{7}$/, { state: '-5', type: 'normal' }],
    ['Service Request', /^REQ#\d{7}$/, { request_state: 'requested' }],
  ])('a %s is answered with 200 and the five documented fields, and the desk has it', async (type, look, expected) => {
    const reference = customer.newReference()
    const { status, body } = await customer.fileTicket({
      ticket_type: type,
      customer_reference_number: reference,
      short_description: 'Win11 L schijf: Kan niet worden toegevoegd',
      description: 'Some extended description\nSecond line',
    })
    expect(status).toBe(200)
    expect(body).toEqual({
      code: 'TechnicalEndpointSuccess',
      state: 'inserted',
      kpn_ticket_number: expect.stringMatching(look),
      customer_reference_number: reference,
      note: `${type} ${body.kpn_ticket_number} has been created;`,
    })
    const { fields } = await desk.record(body.kpn_ticket_number)
    expect(fields).toMatchObject({
      short_description: 'Win11 L schijf: Kan niet worden toegevoegd',
      description: 'Some extended description\nSecond line',
      correlation_display: reference,
      company: customer.access.organisation.sys_id,
      ...expected,
    })
  })

  test('a service request has an item to work on', async () => {
    const { number } = await filed(customer, { ticket_type: 'Service Request', short_description: 'A laptop' })
    const request = await desk.record(number)
    const items = await desk.find('sc_req_item', `request=${request.sys_id}`)
    expect(items.map(({ fields }) => fields.short_description)).toEqual(['A laptop'])
  })

  test.each([
    ['incident', 'Incident'],
    ['REQUEST FOR INFORMATION', 'Request for Information'],
    ['change request', 'Change Request'],
    ['Service request', 'Service Request'],
  ])('"%s" is understood in any letter case and answered as %s', async (written, documented) => {
    const { status, body } = await customer.fileTicket({ ticket_type: written })
    expect(status).toBe(200)
    expect(body.note).toMatch(new RegExp(`^${documented} `))
    const { body: read } = await customer.readTicket(body.kpn_ticket_number)
    expect(read.result[0].ticket_type).toBe(documented)
  })

  test('the wished priority of an incident is its priority at the desk', async () => {
    for (const [wished, priority] of [
      ['1 - Critical', '1'],
      ['2 - high', '2'],
      ['3 - Moderate', '3'],
      ['4 - Low', '4'],
      ['5 - PLANNING', '5'],
    ] as const) {
      const { number } = await filed(customer, { priority: wished })
      expect((await desk.record(number)).fields.priority).toBe(priority)
    }
  })

  test('the desired delivery date of a change stands on the change, in UTC', async () => {
    const { number } = await filed(customer, { ticket_type: 'Change Request', desired_delivery_date: '2027-10-25 10:26:27' })
    expect((await desk.record(number)).fields.requested_by_date).toBe('2027-10-25 10:26:27')
    const withZone = await filed(customer, { ticket_type: 'Change Request', desired_delivery_date: '2027-10-25T10:26:27+02:00' })
    expect((await desk.record(withZone.number)).fields.requested_by_date).toBe('2027-10-25 08:26:27')
  })

  test('a contact, a user and a configuration item of the customer’s own are the ones at the desk', async () => {
    const { number } = await filed(customer, { contact: 'user.one@north.example', user: 'north.user.two', ci: 'NORTH-SRV-01' })
    const { fields } = await desk.record(number)
    const [one] = await desk.find('sys_user', 'user_name=north.user.one')
    const [two] = await desk.find('sys_user', 'user_name=north.user.two')
    const [server] = await desk.find('cmdb_ci_server', 'name=NORTH-SRV-01')
    expect(fields).toMatchObject({ opened_by: one!.sys_id, caller_id: two!.sys_id, cmdb_ci: server!.sys_id })
  })

  test('somebody or something that is not the customer’s own is no reason to refuse a ticket at night: it is kept as text and said so', async () => {
    const { status, headers, body } = await customer.fileTicket({
      contact: 'user.one@south.example',
      user: 'user.gone@north.example',
      ci: 'SOUTH-SRV-01',
    })
    expect(status).toBe(200)
    for (const given of ['contact', 'user', 'ci']) expect(headers.get('warnings')).toContain(`${given} "`)
    const incident = await desk.record(body.kpn_ticket_number)
    const [defaultCaller] = await desk.find('sys_user', 'user_name=north.desk')
    expect(incident.fields).toMatchObject({ caller_id: defaultCaller!.sys_id, cmdb_ci: '' })
    const notes = (await desk.journal(incident, 'work_notes')).join('\n')
    for (const given of ['user.one@south.example', 'user.gone@north.example', 'SOUTH-SRV-01']) expect(notes).toContain(given)
  })

  test('with an agreement that says so, what does not match is refused and the field named', async () => {
    await system.backOffice.changeAgreement('Demo Customer South', 'sandbox', { unmatched: 'refuse' })
    const other = system.partner('otherCustomer')
    for (const [field, given] of Object.entries({ contact: 'nobody@south.example', user: 'user.one@north.example', ci: 'NORTH-SRV-01' })) {
      const { status, body } = await other.fileTicket({ [field]: given })
      expect(status).toBe(400)
      expect(body.error).toMatchObject({ code: 'not_matched', field })
    }
  })

  test('fields that are not documented are ignored, and the warnings header names them', async () => {
    const { status, headers } = await customer.fileTicket({ impact: '1', attachments: [{ name: 'a.txt', content: 'QQ==', colour: 'red' }] })
    expect(status).toBe(200)
    expect(headers.get('warnings')).toContain('impact is not a field')
    expect(headers.get('warnings')).toContain('attachments[0].colour is not a field')
  })

  test('a service outside the agreement is refused with the closest names', async () => {
    const { status, body } = await customer.fileTicket({ service: 'Managed Netwerk' })
    expect(status).toBe(400)
    expect(body.error).toMatchObject({ code: 'unknown_service', field: 'service' })
    expect(body.error.message).toContain('Managed Network')
  })

  test('a ticket type outside the agreement is refused with 403', async () => {
    await system.backOffice.changeAgreement('Demo Customer South', 'sandbox', { ticketTypes: ['Incident'] })
    const { status, body } = await system.partner('otherCustomer').fileTicket({ ticket_type: 'Change Request' })
    expect(status).toBe(403)
    expect(body.error).toMatchObject({ code: 'not_in_agreement', field: 'ticket_type' })
  })
})

describe('the same request again', () => {
  test('answers as before and makes no second ticket', async () => {
    const ticket = { customer_reference_number: customer.newReference(), short_description: 'Sent twice' }
    const [first, second] = [await customer.fileTicket(ticket), await customer.fileTicket(ticket)]
    expect(second.status).toBe(200)
    expect(second.body).toEqual(first.body)
    expect(await desk.find('incident', `correlation_display=${ticket.customer_reference_number}`)).toHaveLength(1)
  })

  test('with other content is refused: the reference is taken', async () => {
    const { reference } = await filed(customer, { short_description: 'First content' })
    const { status, body } = await customer.fileTicket({ customer_reference_number: reference, short_description: 'Other content' })
    expect(status).toBe(409)
    expect(body.error).toMatchObject({ code: 'reference_taken', field: 'customer_reference_number' })
  })

  test('ten times at once is one ticket', async () => {
    const ticket = { customer_reference_number: customer.newReference(), short_description: 'Sent ten times' }
    const answers = await Promise.all(Array.from({ length: 10 }, () => customer.fileTicket(ticket)))
    expect(new Set(answers.map(({ status, body }) => `${status} ${body.kpn_ticket_number}`)).size).toBe(1)
    expect(answers[0]!.status).toBe(200)
    expect(await desk.find('incident', `correlation_display=${ticket.customer_reference_number}`)).toHaveLength(1)
  })

  test('the author gets no New for its own ticket', async () => {
    const { number } = await filed(customer)
    await desk.comment(await desk.record(number), 'Seen.')
    await customer.updates.untilActions(number, ['Comment'])
  })
})
