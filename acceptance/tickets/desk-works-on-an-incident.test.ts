import { afterAll, describe, expect, test } from 'vitest'
import { INCIDENT_WORK } from '../stories/desk-work.ts'
import { filed } from '../stories/tickets.ts'
import type { DeskRecord } from '../system/desk.ts'
import type { Body } from '../system/partner.ts'
import { startSystem } from '../system/start-system.ts'

const system = await startSystem()
afterAll(() => system.end())
const customer = system.partner('customer')
const desk = system.desk('sandbox')

async function incidentOf(ticket: Body = {}): Promise<DeskRecord & { shown: string; reference: string }> {
  const { number, reference } = await filed(customer, ticket)
  return { ...(await desk.record(number)), shown: number, reference }
}

/** What the customer is told when the desk makes this one save. */
async function toldAfter(incident: { shown: string } & DeskRecord, values: Readonly<Record<string, string>>, action: string) {
  await desk.change(incident, values)
  return customer.updates.until({ number: incident.shown, action })
}

describe.each(['Incident', 'Request for Information'])('2.4 the operator updates the ticket: %s', type => {
  test('from starting work to closing, each step is told once and in order', async () => {
    const incident = await incidentOf({ ticket_type: type })
    await desk.change(incident, INCIDENT_WORK.start)
    await desk.comment(incident, 'We are on it.')
    const fileId = await desk.attach(incident, { name: 'log.txt', bytes: Buffer.from('log'), contentType: 'text/plain' })
    await customer.updates.until({ number: incident.shown, action: 'Attachment' })
    await desk.change(incident, { ...INCIDENT_WORK.awaitVendor, comments: 'Waiting for the supplier.' })
    await desk.change(incident, INCIDENT_WORK.start)
    await desk.change(incident, { short_description: 'Another title' })
    await desk.change(incident, INCIDENT_WORK.resolve)
    await desk.change(incident, INCIDENT_WORK.close)
    const updates = await customer.updates.untilActions(incident.shown, [
      'In Progress',
      'Comment',
      'Attachment',
      'On Hold',
      'In Progress',
      'Details Changed',
      'Resolved',
      'Closed',
    ])
    for (const update of updates)
      expect(update).toMatchObject({ ticket_type: type, customer_reference_number: incident.reference, kpn_ticket_number: incident.shown })
    expect(updates.map(update => update.ticket_attributes)).toEqual([
      { state: 'In Progress' },
      { state: 'In Progress', comments: 'We are on it.' },
      { state: 'In Progress', attachments: [{ attachment_id: fileId, name: 'log.txt', content_type: 'text/plain', size: 3 }] },
      { state: 'On Hold', on_hold_reason: 'Awaiting Vendor', comments: 'Waiting for the supplier.' },
      { state: 'In Progress' },
      { short_description: 'Another title' },
      { state: 'Resolved', resolution_code: 'Solution provided', resolution_notes: 'The drive was mapped again.' },
      { state: 'Closed', resolution_code: 'Solution provided', resolution_notes: 'The drive was mapped again.' },
    ])
    expect(new Set(updates.map(update => update.transaction_id)).size).toBe(updates.length)
  })

  test('cancelling is told as Canceled', async () => {
    const incident = await incidentOf({ ticket_type: type })
    await desk.change(incident, INCIDENT_WORK.cancel)
    const [canceled] = await customer.updates.untilActions(incident.shown, ['Canceled'])
    expect(canceled!.ticket_attributes.state).toBe('Canceled')
  })
})

describe('one save is one update', () => {
  test.each([
    ['In Progress', INCIDENT_WORK.start],
    ['On Hold', INCIDENT_WORK.awaitVendor],
    ['Resolved', INCIDENT_WORK.resolve],
    ['Canceled', INCIDENT_WORK.cancel],
  ])('%s carries the comment of the same save, and there is no Comment beside it', async (action, values) => {
    const incident = await incidentOf()
    const told = await toldAfter(incident, { ...values, comments: `Said with ${action}` }, action)
    expect(told.ticket_attributes.comments).toBe(`Said with ${action}`)
    await customer.updates.untilActions(incident.shown, [action])
  })

  test('several saves within one second are told each, in the order in which they were made', async () => {
    const incident = await incidentOf()
    for (let number = 1; number <= 8; number++) await desk.comment(incident, `Comment ${number}`)
    const updates = await customer.updates.untilActions(incident.shown, Array(8).fill('Comment'))
    expect(updates.map(({ ticket_attributes }) => ticket_attributes.comments)).toEqual(
      Array.from({ length: 8 }, (_, place) => `Comment ${place + 1}`),
    )
  })

  test('a save that means nothing to the customer is not told', async () => {
    const incident = await incidentOf()
    await desk.change(incident, { assignment_group: (await desk.find('sys_user_group', 'name=Network'))[0]!.sys_id })
    await desk.workNote(incident, 'For us only')
    await desk.comment(incident, 'For the customer')
    await customer.updates.untilActions(incident.shown, ['Comment'])
  })
})

describe('Details Changed', () => {
  test('has the changed details, in the partner’s words, and no others', async () => {
    const incident = await incidentOf({ description: 'Before', priority: '4 - Low' })
    const [user] = await desk.find('sys_user', 'user_name=north.user.three')
    const [service] = await desk.find('cmdb_ci_service', 'name=E-mail')
    const [ci] = await desk.find('cmdb_ci_netgear', 'name=NORTH-RTR-01')
    const changes = { description: 'After\nSecond line', impact: '1', urgency: '1' }
    expect((await toldAfter(incident, changes, 'Details Changed')).ticket_attributes).toEqual({
      description: 'After\nSecond line',
      priority: '1 - Critical',
    })
    await desk.change(incident, { caller_id: user!.sys_id, business_service: service!.sys_id, cmdb_ci: ci!.sys_id })
    const [, second] = await customer.updates.untilActions(incident.shown, ['Details Changed', 'Details Changed'])
    expect(second!.ticket_attributes).toEqual({ user: 'user.three@north.example', service: 'E-mail', ci: 'NORTH-RTR-01' })
  })

  test('is told for the watched fields of the agreement only', async () => {
    await system.backOffice.changeAgreement('Demo Customer South', 'sandbox', { watched: ['priority'] })
    const other = system.partner('otherCustomer')
    const { number } = await filed(other)
    const incident = await desk.record(number)
    await desk.change(incident, { short_description: 'Unwatched' })
    await desk.change(incident, { short_description: 'Unwatched too', impact: '1', urgency: '1' })
    const [only] = await other.updates.untilActions(number, ['Details Changed'])
    expect(only!.ticket_attributes).toEqual({ priority: '1 - Critical' })
  })
})

test('HTML in the desk’s comment is plain text for the customer, line breaks stay', async () => {
  const incident = await incidentOf()
  const told = await toldAfter(incident, { comments: '[code]<p>Dear <b>Jan</b>,</p>see the <i>log</i><br>below[/code]' }, 'Comment')
  expect(told.ticket_attributes.comments).toMatch(/^Dear Jan,\n+see the log\nbelow$/)
  const plain = await incidentOf()
  expect((await toldAfter(plain, { comments: 'if a < b and b > c\nthen' }, 'Comment')).ticket_attributes.comments).toBe(
    'if a < b and b > c\nthen',
  )
})
