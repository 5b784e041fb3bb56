import { afterAll, describe, expect, test } from 'vitest'
import { accepted, assignedTo, worked } from '../stories/tasks.ts'
import { commented, filed, madeByOperator, shown } from '../stories/tickets.ts'
import { carried } from '../system/partner.ts'
import { startSystem } from '../system/start-system.ts'

const system = await startSystem()
afterAll(() => system.end())
const customer = system.partner('customer')
const provider = system.partner('provider')
const desk = system.desk('sandbox')
const group = system.firstSteps.provider.solverGroup

describe('the same words again are no retry when somebody has changed the record since', () => {
  test('the same answer to a second question is written, and moves the incident on again', async () => {
    const ticket = await filed(customer)
    const record = await desk.record(ticket.number)
    for (const question of ['May we restart it?', 'May we restart it once more?']) {
      await desk.change(record, { state: '3', hold_reason: '1', comments: question })
      await commented(customer, ticket, 'Yes, go ahead')
      expect((await desk.read(record)).fields.state).toBe('2')
    }
    expect((await desk.journal(record, 'comments')).filter(text => text === 'Yes, go ahead')).toHaveLength(2)
  })

  test('a provider goes on, waits, and goes on', async () => {
    const { number } = await filed(customer)
    const task = await assignedTo(group, desk, await desk.record(number))
    const known = await accepted(provider, task)
    for (const [action, state] of [
      ['In Progress', '2'],
      ['On Hold', '-5'],
      ['In Progress', '2'],
    ]) {
      await worked(provider, known, { action })
      expect((await desk.read(task)).fields.state).toBe(state)
    }
  })

  test('the same request twice with nothing in between is one', async () => {
    const ticket = await filed(customer)
    await commented(customer, ticket, 'It happens every morning')
    await commented(customer, ticket, 'It happens every morning')
    expect(await desk.journal(await desk.record(ticket.number), 'comments')).toEqual(['It happens every morning'])
  })
})

describe('a Response', () => {
  test('brings its files and its comment along', async () => {
    const record = await madeByOperator(desk, customer, 'incident')
    const told = await customer.updates.until({ number: shown(record), action: 'New' })
    const { status } = await customer.updateTicket({
      action: 'Response',
      status: 'Success',
      transaction_id: told.transaction_id,
      kpn_ticket_number: told.kpn_ticket_number,
      customer_reference_number: customer.newReference(),
      comment: 'We are looking, too',
      attachments: [carried({ name: 'log.txt', bytes: Buffer.from('line 1') })],
    })
    expect(status).toBe(200)
    expect(await desk.journal(record, 'comments')).toEqual(['We are looking, too'])
    expect((await desk.filesOf(record)).map(file => file.file_name)).toEqual(['log.txt'])
  })

  test('to a comment does not answer the New', async () => {
    const record = await madeByOperator(desk, customer, 'incident')
    const number = shown(record)
    await customer.updates.until({ number, action: 'New' })
    await desk.comment(record, 'Technician is on the way')
    const comment = await customer.updates.until({ number, action: 'Comment' })
    const { status } = await customer.updateTicket({
      action: 'Response',
      status: 'Success',
      transaction_id: comment.transaction_id,
      kpn_ticket_number: number,
      customer_reference_number: customer.newReference(),
    })
    expect(status).toBe(200)
    const { body } = await system.askAsOperator('/operator/unanswered', { older_than_seconds: '0' })
    expect(body.result.map((row: { number: string }) => row.number)).toContain(record.number)
  })
})

describe('what the customer hears', () => {
  test('another reason for the same hold', async () => {
    const { number } = await filed(customer)
    const record = await desk.record(number)
    await desk.change(record, { state: '3', hold_reason: '4' })
    await desk.change(record, { hold_reason: '1' })
    const holds = await customer.updates.untilActions(number, ['On Hold', 'On Hold'])
    expect(holds.map(update => update.ticket_attributes.on_hold_reason)).toEqual(['Awaiting Vendor', 'Awaiting Caller'])
  })

  test('the end of a hold, also of a change that nobody has begun', async () => {
    const { number } = await filed(customer, { ticket_type: 'Change Request' })
    const record = await desk.record(number)
    await desk.change(record, { on_hold: 'true', on_hold_reason: 'Budget' })
    await desk.change(record, { on_hold: 'false' })
    await customer.updates.untilActions(number, ['On Hold', 'In Progress'])
  })

  test('a comparison in a comment, as it was written', async () => {
    const { number } = await filed(customer)
    const text = 'if a<b && c>d then use the <a> tag'
    await desk.comment(await desk.record(number), text)
    expect((await customer.updates.until({ number, action: 'Comment' })).ticket_attributes.comments).toBe(text)
  })

  test('what was said on a task that hangs on an item of its request', async () => {
    const { number } = await filed(customer, { ticket_type: 'Service Request' })
    const [item] = await desk.find('sc_req_item', `request=${(await desk.record(number)).sys_id}`)
    const task = await desk.create('sc_task', { request_item: item!.sys_id, short_description: 'Deliver', assignment_group: group.sys_id })
    const told = await provider.updates.until({ number: shown(task), action: 'New' })
    expect(told.ticket_attributes.parent_kpn_ticket_number).toBe(number)
    await desk.comment(task, 'It is on its way to you')
    expect((await customer.updates.until({ number, action: 'Comment' })).ticket_attributes.comments).toBe('It is on its way to you')
  })
})

describe('what the provider hears', () => {
  test('a New of a task that came closed and was opened again', async () => {
    const { number } = await filed(customer)
    const task = await desk.create('incident_task', {
      incident: (await desk.record(number)).sys_id,
      short_description: 'Measure the line',
    })
    await desk.change(task, { state: '3' })
    await desk.change(task, { assignment_group: group.sys_id })
    await desk.change(task, { state: '2' })
    await provider.updates.untilActions(shown(task), ['New'])
  })

  test('a New of its own task that the desk opened again', async () => {
    const { number } = await filed(customer)
    const task = await assignedTo(group, desk, await desk.record(number))
    const known = await accepted(provider, task)
    await worked(provider, known, { action: 'Closed Complete', close_notes: 'done' })
    await desk.change(task, { state: '2', comments: 'please look again' })
    const [, again] = await provider.updates.untilActions(shown(task), ['New', 'New'])
    expect(again).toMatchObject({ customer_reference_number: known.reference, ticket_attributes: { comments: 'please look again' } })
    await worked(provider, known, { action: 'Closed Complete', close_notes: 'done' })
    expect((await desk.read(task)).fields.state).toBe('3')
  })
})

describe('refused, because it would be lost', () => {
  test('a comment of blanks alone', async () => {
    const { number, reference } = await filed(customer)
    const comment = { action: 'Comment', kpn_ticket_number: number, customer_reference_number: reference, comment: '  ' }
    const { status, body } = await customer.updateTicket(comment)
    expect([status, body.error.field]).toEqual([400, 'comment'])
  })

  test('[code] does not grow a text over its length', async () => {
    const { number } = await filed(customer, { short_description: `${'[code]'.repeat(26)}END!` })
    expect((await desk.record(number)).fields.short_description).toMatch(/^［code\].*END!$/)
  })
})
