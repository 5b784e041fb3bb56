import { afterAll, describe, expect, test } from 'vitest'
import { TASK_WORK } from '../stories/desk-work.ts'
import { commented, filed } from '../stories/tickets.ts'
import { startSystem } from '../system/start-system.ts'

const system = await startSystem()
afterAll(() => system.end())
const customer = system.partner('customer')
const desk = system.desk('sandbox')

async function requestOf() {
  const ticket = await filed(customer, { ticket_type: 'Service Request', short_description: 'A laptop for a new colleague' })
  const request = await desk.record(ticket.number)
  const [item] = await desk.find('sc_req_item', `request=${request.sys_id}`)
  return { request, item: item!, shown: ticket.number, ticket }
}

describe('2.4 the operator updates the ticket: Service Request', () => {
  test('through the states of its item: In Progress, On Hold, In Progress, and with the item’s end Completed and Closed', async () => {
    const { item, shown } = await requestOf()
    await desk.change(item, { ...TASK_WORK.start, comments: 'The laptop is ordered.' })
    await desk.change(item, TASK_WORK.pend)
    await desk.change(item, TASK_WORK.start)
    await desk.change(item, TASK_WORK.closeComplete)
    const updates = await customer.updates.untilActions(shown, ['In Progress', 'On Hold', 'In Progress', 'Completed', 'Closed'])
    expect(updates[0]!.ticket_attributes).toEqual({ state: 'In Progress', comments: 'The laptop is ordered.' })
    for (const update of updates) expect(update.ticket_type).toBe('Service Request')
  })

  test('comments and files of an item count as the request’s own', async () => {
    const { item, shown } = await requestOf()
    await desk.comment(item, 'Black or grey?')
    await desk.workNote(item, 'Grey is cheaper')
    await customer.updates.until({ number: shown, action: 'Comment' })
    const bytes = Buffer.from('offer')
    const id = await desk.attach(item, { name: 'offer.txt', bytes, contentType: 'text/plain' })
    const [comment, attachment] = await customer.updates.untilActions(shown, ['Comment', 'Attachment'])
    expect(comment!.ticket_attributes.comments).toBe('Black or grey?')
    expect(attachment!.ticket_attributes.attachments[0].attachment_id).toBe(id)
    expect(Buffer.from((await customer.getAttachment(id)).body.content, 'base64')).toEqual(bytes)
  })

  test('a script that works an item through within one second leaves out no step, and tells none too late', async () => {
    const requests = await Promise.all(Array.from({ length: 4 }, requestOf))
    const expected = ['In Progress', 'On Hold', 'In Progress', 'Comment', 'Completed', 'Closed']
    for (const { item } of requests)
      for (const state of [TASK_WORK.start, TASK_WORK.pend, TASK_WORK.start, TASK_WORK.closeComplete])
        await desk.change(item, { ...state, comments: `Now ${state.state}` })
    for (const { shown } of requests) await customer.updates.untilActions(shown, expected)
  })

  test('changed details of the request are told', async () => {
    const { request, shown } = await requestOf()
    const [user] = await desk.find('sys_user', 'user_name=north.user.one')
    await desk.change(request, { short_description: 'Two laptops', requested_for: user!.sys_id })
    const [details] = await customer.updates.untilActions(shown, ['Details Changed'])
    expect(details!.ticket_attributes).toEqual({ short_description: 'Two laptops', user: 'user.one@north.example' })
  })

  test('approved: In Progress', async () => {
    const { request, shown } = await requestOf()
    await desk.change(request, { request_state: 'in_process' })
    await customer.updates.untilActions(shown, ['In Progress'])
  })

  test('completed and closed in one save: both, in that order, the comment with the first', async () => {
    const { request, shown } = await requestOf()
    await desk.change(request, { request_state: 'closed_complete', comments: 'Enjoy.' })
    const [completed, closed] = await customer.updates.untilActions(shown, ['Completed', 'Closed'])
    expect(completed!.ticket_attributes.comments).toBe('Enjoy.')
    expect(closed!.ticket_attributes.comments).toBeUndefined()
    expect(completed!.transaction_id).not.toBe(closed!.transaction_id)
  })

  test.each(['closed_cancelled', 'closed_rejected'])('%s is told as Canceled, and not as Closed too', async request_state => {
    const { request, shown } = await requestOf()
    await desk.change(request, { request_state })
    await desk.comment(request, 'You may ask again.')
    await customer.updates.untilActions(shown, ['Canceled', 'Comment'])
  })

  test('the customer is not told of the item that came with its own filing, nor of its own comment', async () => {
    const { request, shown, ticket } = await requestOf()
    await commented(customer, ticket, 'Grey, please.')
    await desk.comment(request, 'Grey it is.')
    const [only] = await customer.updates.untilActions(shown, ['Comment'])
    expect(only!.ticket_attributes.comments).toBe('Grey it is.')
  })
})
