import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { accepted, assignedTo, type KnownTask } from '../stories/tasks.ts'
import { type FiledTicket, filed, madeByOperator, shown } from '../stories/tickets.ts'
import type { DeskRecord } from '../system/desk.ts'
import type { Partner } from '../system/partner.ts'
import { startSystem } from '../system/start-system.ts'
import type { Update } from '../system/update.ts'

const system = await startSystem()
afterAll(() => system.end())
const customer = system.partner('customer')
const provider = system.partner('provider')
const desk = system.desk('sandbox')

let ticket: FiledTicket
let incident: DeskRecord
let task: KnownTask
let taskRecord: DeskRecord
let news: Update
let fileOfTicket: string
let fileOfTask: string
beforeAll(async () => {
  ticket = await filed(customer, { short_description: 'North’s own' })
  incident = await desk.record(ticket.number)
  taskRecord = await assignedTo(system.firstSteps.provider.solverGroup, desk, incident)
  task = await accepted(provider, taskRecord)
  news = await customer.updates.until({ number: shown(await madeByOperator(desk, customer, 'incident')), action: 'New' })
  fileOfTicket = await desk.attach(incident, { name: 'north.txt', bytes: Buffer.from('north') })
  fileOfTask = await desk.attach(taskRecord, { name: 'task.txt', bytes: Buffer.from('task') })
})

/** What is not yours is not there, whoever else you are. */
describe.each([
  ['another customer', () => system.partner('otherCustomer')],
  ['the same customer with credentials of the other environment', () => system.partner('productionCustomer')],
  ['a provider', () => provider],
] as [string, () => Partner][])('%s', (who, partner) => {
  test('does not read the ticket', async () => {
    expect((await partner().readTicket(ticket.number)).status).toBe(404)
    expect((await partner().readTicket(news.kpn_ticket_number)).status).toBe(404)
  })

  test('does not find it in its list', async () => {
    const { status, body } = await partner().listOpenTickets()
    expect(status).toBe(200)
    expect(JSON.stringify(body)).not.toContain('North’s own')
  })

  test('does not comment on it', async () => {
    const comment = {
      action: 'Comment',
      kpn_ticket_number: ticket.number,
      customer_reference_number: ticket.reference,
      comment: 'Mine now',
    }
    expect((await partner().updateTicket(comment)).status).toBe(who === 'a provider' ? 403 : 404)
    expect(await desk.journal(incident, 'comments')).not.toContain('Mine now')
  })

  test('does not answer its New', async () => {
    const { status } = await partner().updateTicket({
      action: 'Response',
      status: 'Success',
      transaction_id: news.transaction_id,
      kpn_ticket_number: news.kpn_ticket_number,
      customer_reference_number: 'MINE-NOW',
    })
    expect([403, 404]).toContain(status)
    expect((await desk.record(news.kpn_ticket_number)).fields.correlation_display).toBe('')
  })

  test('does not fetch its file', async () => {
    expect((await partner().getAttachment(fileOfTicket)).status).toBe(404)
    const byQuery = await partner().ask('GET', '/GetAttachment', { query: { attachment_id: fileOfTicket } })
    expect(byQuery.status).toBe(404)
  })

  test('does not hear of it, nor replay from an update of it', async () => {
    await partner().updates.listen()
    expect(JSON.stringify(partner().updates.heard)).not.toContain('North’s own')
    expect((await partner().poll({ from: news.transaction_id })).status).toBe(404)
    expect(JSON.stringify((await partner().poll({ since: '2020-01-01T00:00:00Z' })).body)).not.toContain('North’s own')
  })
})

describe.each([
  ['the customer of the ticket', () => customer],
  ['another customer', () => system.partner('otherCustomer')],
  ['a customer of the other environment', () => system.partner('productionCustomer')],
] as [string, () => Partner][])('the provider’s task is nothing for %s', (_, partner) => {
  test('not to read, to list, or to fetch files of', async () => {
    expect((await partner().readTicket(task.number)).status).toBe(404)
    expect(JSON.stringify((await partner().listOpenTickets()).body)).not.toContain(task.number)
    expect((await partner().getAttachment(fileOfTask)).status).toBe(404)
  })

  test.each(['In Progress', 'On Hold', 'Comment', 'Worknote', 'Attachment', 'Closed Complete', 'Closed Incomplete', 'Closed Skipped'])(
    'nor to work on: %s',
    async action => {
      const { status } = await partner().updateTask({
        action,
        kpn_ticket_number: task.number,
        customer_reference_number: task.reference,
        comment: 'x',
        worknotes: 'x',
        attachments: [{ name: 'x.txt', content: 'QQ==' }],
      })
      expect(status).toBe(403)
      expect((await desk.read(taskRecord)).fields.state).toBe('1')
    },
  )
})

describe('roles', () => {
  test('a provider files no tickets', async () => {
    const { status, body } = await provider.fileTicket()
    expect(status).toBe(403)
    expect(body.error.code).toBe('not_in_agreement')
  })

  test('a ticket is not filed for another company by naming its people or things', async () => {
    const { number } = await filed(customer, { contact: 'user.one@south.example', user: 'south.user.two', ci: 'SOUTH-SRV-01' })
    const { fields } = await desk.record(number)
    expect(fields.company).toBe(customer.access.organisation.sys_id)
    for (const user of await desk.find('sys_user', 'user_nameSTARTSWITHsouth')) {
      expect(fields.caller_id).not.toBe(user.sys_id)
      expect(fields.opened_by).not.toBe(user.sys_id)
    }
  })

  test('a ticket that the operator moves to another company is told to that one, and is the author’s still', async () => {
    const other = system.partner('otherCustomer')
    const made = await madeByOperator(desk, customer, 'incident', { short_description: 'Wrong company' })
    await customer.updates.until({ number: shown(made), action: 'New' })
    await desk.change(made, { company: other.access.organisation.sys_id })
    await other.updates.until({ number: shown(made), action: 'New' })
    expect((await customer.readTicket(shown(made))).status).toBe(404)
    expect((await other.readTicket(shown(made))).status).toBe(200)
    await desk.change(incident, { company: other.access.organisation.sys_id })
    await desk.comment(incident, 'Still North’s own ticket')
    await customer.updates.until(({ ticket_attributes }) => ticket_attributes.comments === 'Still North’s own ticket')
    expect((await other.readTicket(ticket.number)).status).toBe(404)
    expect(other.updates.of(ticket.number)).toEqual([])
  })
})

describe('references', () => {
  const odd = [
    'A^B',
    'A^ORnumberISNOTEMPTY',
    `O'Brien "quoted"`,
    '100%',
    '%25^%5E',
    'back\\slash',
    'a,b;c=d&e?f#g/h',
    '𝕏-💡',
    'javascript:gs.beginningOfLastMonth()',
    '$(id) `id`',
    ' leading and trailing ',
    'línea\nzwei',
  ]

  test.each(odd)('%j is kept as it is, on the way in and on the way out', async start => {
    const reference = `${start}${customer.newReference()}`.slice(0, 64)
    const { number } = await filed(customer, { customer_reference_number: reference })
    const record = await desk.record(number)
    expect(record.fields.correlation_display).toBe(reference)
    expect((await customer.fileTicket({ customer_reference_number: reference })).body.kpn_ticket_number).toBe(number)
    await desk.comment(record, 'Seen')
    expect((await customer.updates.until({ number, action: 'Comment' })).customer_reference_number).toBe(reference)
    expect((await customer.readTicket(number)).body.result[0].customer_reference_number).toBe(reference)
    const comment = { action: 'Comment', kpn_ticket_number: number, customer_reference_number: reference, comment: start }
    expect((await customer.updateTicket(comment)).status).toBe(200)
    expect(await desk.journal(record, 'comments')).toContain(start)
  })

  test.each(odd)('%j as contact, user and ci asks for nothing that it should not', async text => {
    const { status, headers, body } = await customer.fileTicket({ contact: text, user: text, ci: text })
    expect(status).toBe(200)
    for (const field of ['contact', 'user', 'ci']) expect(headers.get('warnings')).toContain(`${field} "`)
    expect((await desk.record(body.kpn_ticket_number)).fields.cmdb_ci).toBe('')
  })

  test('the same reference at two partners is two tickets, each its owner’s', async () => {
    const other = system.partner('otherCustomer')
    const reference = `SAME-${customer.newReference()}`
    const [one, two] = [
      await filed(customer, { customer_reference_number: reference, short_description: 'Of North' }),
      await filed(other, { customer_reference_number: reference, short_description: 'Of South' }),
    ]
    expect(one.number).not.toBe(two.number)
    expect((await other.readTicket(one.number)).status).toBe(404)
    expect((await customer.readTicket(two.number)).status).toBe(404)
    const comment = { action: 'Comment', kpn_ticket_number: one.number, customer_reference_number: reference, comment: 'x' }
    expect((await other.updateTicket(comment)).status).toBe(404)
    await desk.comment(await desk.record(two.number), 'For South')
    expect((await other.updates.until({ number: two.number, action: 'Comment' })).customer_reference_number).toBe(reference)
    expect(customer.updates.of(two.number)).toEqual([])
  })
})
