import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { INCIDENT_WORK } from '../stories/desk-work.ts'
import { filed, madeByOperator, shown } from '../stories/tickets.ts'
import type { DeskRecord } from '../system/desk.ts'
import type { Body } from '../system/partner.ts'
import { startSystem } from '../system/start-system.ts'
import type { Update } from '../system/update.ts'

const system = await startSystem()
afterAll(() => system.end())
const customer = system.partner('customer')
const desk = system.desk('sandbox')

const toldOf = (record: DeskRecord) => customer.updates.until({ number: shown(record), action: 'New' })

const respond = (told: Update, response: Body) =>
  customer.updateTicket({
    action: 'Response',
    kpn_ticket_number: told.kpn_ticket_number,
    transaction_id: told.transaction_id,
    ...response,
  })

/** The line of this ticket in the operator's list of unanswered News. */
async function unanswered(record: DeskRecord, olderThanSeconds?: number) {
  const query: Record<string, string> = olderThanSeconds === undefined ? {} : { older_than_seconds: String(olderThanSeconds) }
  const { status, body } = await system.askAsOperator('/operator/unanswered', query)
  expect(status).toBe(200)
  return body.result.find(({ number }: { number: string }) => number === record.number)
}

describe('2.3 a ticket is created by the operator', () => {
  test.each([
    ['incident', 'Incident', { impact: '2', urgency: '2' }, { priority: '3 - Moderate' }],
    ['change_request', 'Change Request', { requested_by_date: '2027-01-31 10:00:00' }, { desired_delivery_date: '2027-01-31T10:00:00Z' }],
    ['sc_request', 'Service Request', {}, {}],
  ])('an %s for the customer is placed in its queue as a New %s, without a reference', async (table, word, values, attributes) => {
    const [service] = await desk.find('cmdb_ci_service', 'name=Managed Network')
    const record = await madeByOperator(desk, customer, table, {
      short_description: 'Monitoring: line is down',
      description: 'Since 10:00\nMain office',
      business_service: service!.sys_id,
      ...values,
    })
    const told = await toldOf(record)
    expect(told).toEqual({
      transaction_id: expect.stringMatching(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/),
      message_datetime_utc: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
      ticket_type: word,
      action: 'New',
      kpn_ticket_number: shown(record),
      ticket_attributes: expect.objectContaining({
        state: 'New',
        short_description: 'Monitoring: line is down',
        description: 'Since 10:00\nMain office',
        service: 'Managed Network',
        ...attributes,
      }),
    })
  })

  test('is told to nobody when the agreement does not share it', async () => {
    await system.backOffice.changeAgreement('Demo Customer South', 'sandbox', { operatorTicketsShared: false })
    const other = system.partner('otherCustomer')
    await madeByOperator(desk, other, 'incident')
    const { number } = await filed(other)
    await desk.comment(await desk.record(number), 'A later change')
    await other.updates.until({ number })
    expect(other.updates.heard.map(({ action }) => action)).toEqual(['Comment'])
  })

  test('a ticket of nobody’s company is told to nobody', async () => {
    const internal = await desk.create('incident', { short_description: 'Our own printer' })
    const later = await madeByOperator(desk, customer, 'incident')
    await toldOf(later)
    expect(customer.updates.of(shown(internal))).toEqual([])
  })

  test('a work note of the desk is not told', async () => {
    const record = await madeByOperator(desk, customer, 'incident')
    await desk.workNote(record, 'Between us: the customer forgot to pay.')
    await desk.comment(record, 'We are looking at it.')
    await customer.updates.untilActions(shown(record), ['New', 'Comment'])
    expect(JSON.stringify(customer.updates.heard)).not.toContain('Between us')
    expect(JSON.stringify((await customer.readTicket(shown(record))).body)).not.toContain('Between us')
  })
})

describe('the customer’s Response to a New', () => {
  let record: DeskRecord
  let told: Update
  const reference = customer.newReference()
  beforeAll(async () => {
    record = await madeByOperator(desk, customer, 'incident')
    told = await toldOf(record)
  })

  test('until it comes, the operator can see that it is missing', async () => {
    expect(await unanswered(record, 0)).toMatchObject({ partner: customer.name, ticket_type: 'Incident', response_status: null })
    expect(await unanswered(record)).toBeUndefined()
  })

  test('Success stores the customer’s reference on the record', async () => {
    const { status, body } = await respond(told, { status: 'success', customer_reference_number: reference })
    expect(status).toBe(200)
    expect(body).toEqual({
      code: 'TechnicalEndpointSuccess',
      state: 'updated',
      kpn_ticket_number: told.kpn_ticket_number,
      customer_reference_number: reference,
      note: `Incident ${told.kpn_ticket_number} has been updated;`,
    })
    expect((await desk.read(record)).fields.correlation_display).toBe(reference)
    expect(await unanswered(record, 0)).toBeUndefined()
  })

  test('sent again it is answered the same and changes nothing', async () => {
    const before = (await desk.read(record)).fields.sys_mod_count
    expect((await respond(told, { status: 'Success', customer_reference_number: reference })).status).toBe(200)
    expect((await desk.read(record)).fields.sys_mod_count).toBe(before)
  })

  test('with another reference it is refused, and the first stays', async () => {
    const { status, body } = await respond(told, { status: 'Success', customer_reference_number: customer.newReference() })
    expect(status).toBe(409)
    expect(body.error.code).toBe('other_reference')
    expect((await desk.read(record)).fields.correlation_display).toBe(reference)
  })

  test('later updates carry the reference, and the customer is not told of its own Response', async () => {
    await desk.change(record, INCIDENT_WORK.start)
    const updates = await customer.updates.untilActions(shown(record), ['New', 'In Progress'])
    expect(updates[1]!.customer_reference_number).toBe(reference)
  })

  test('a reference that another ticket has already is refused', async () => {
    const second = await toldOf(await madeByOperator(desk, customer, 'incident'))
    const { status } = await respond(second, { status: 'Success', customer_reference_number: reference })
    expect(status).toBe(409)
  })

  test.each(['status', 'transaction_id'])('without %s it is refused', async field => {
    const response = { status: 'Success', customer_reference_number: reference, [field]: undefined }
    const { status, body } = await respond(told, response)
    expect(status).toBe(400)
    expect(body.error.field).toBe(field)
  })

  test('with the transaction_id of another ticket’s update it is refused', async () => {
    const other = await toldOf(await madeByOperator(desk, customer, 'incident'))
    const { status, body } = await respond(
      { ...told, transaction_id: other.transaction_id },
      { status: 'Success', customer_reference_number: reference },
    )
    expect(status).toBe(400)
    expect(body.error.field).toBe('transaction_id')
  })

  test('Failure becomes a work note for the desk and is listed for the operator, with the reason', async () => {
    const failing = await madeByOperator(desk, customer, 'incident')
    const response = { status: 'Failure', customer_reference_number: customer.newReference(), error_details: 'Unknown service.' }
    const news = await toldOf(failing)
    for (let turn = 0; turn < 2; turn++) expect((await respond(news, response)).status).toBe(200)
    const notes = (await desk.journal(failing, 'work_notes')).filter(note => note.includes('Unknown service.'))
    expect(notes).toHaveLength(1)
    expect(await unanswered(failing)).toMatchObject({
      environment: 'sandbox',
      partner: customer.name,
      transaction_id: news.transaction_id,
      response_status: 'Failure',
      error_details: 'Unknown service.',
    })
    expect((await desk.read(failing)).fields.correlation_display).toBe('')
  })

  test('where none was sent, the first comment sets the reference', async () => {
    const silent = await madeByOperator(desk, customer, 'incident')
    const late = customer.newReference()
    const comment = { action: 'Comment', kpn_ticket_number: shown(silent), customer_reference_number: late, comment: 'We know.' }
    expect((await customer.updateTicket(comment)).status).toBe(200)
    expect((await desk.read(silent)).fields.correlation_display).toBe(late)
  })

  test('a reference that the operator wrote on the record is not overwritten', async () => {
    const known = await madeByOperator(desk, customer, 'incident', { correlation_display: 'AGREED-BY-PHONE' })
    await respond(await toldOf(known), { status: 'Success', customer_reference_number: customer.newReference() })
    expect((await desk.read(known)).fields.correlation_display).toBe('AGREED-BY-PHONE')
  })
})

test('the list of unanswered News is for people of the operator only', async () => {
  const { exchange, portalUsers } = system.firstSteps
  const path = `${exchange}/operator/unanswered`
  const withPassword = ({ email, password }: { email: string; password: string }) =>
    fetch(path, { headers: { authorization: `Basic ${btoa(`${email}:${password}`)}` } })
  expect((await fetch(path)).status).toBe(401)
  expect((await withPassword(portalUsers.partner)).status).toBe(401)
  expect((await withPassword({ ...portalUsers.operator, password: 'guessed' })).status).toBe(401)
  expect((await fetch(path, { headers: { authorization: `Bearer ${await customer.token()}` } })).status).toBe(401)
})
