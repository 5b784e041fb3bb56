import { afterAll, describe, expect, test } from 'vitest'
import { CHANGE_WORK } from '../stories/desk-work.ts'
import { filed } from '../stories/tickets.ts'
import { startSystem } from '../system/start-system.ts'

const system = await startSystem()
afterAll(() => system.end())
const customer = system.partner('customer')
const desk = system.desk('sandbox')

async function changeOf() {
  const { number } = await filed(customer, { ticket_type: 'Change Request', short_description: 'New firewall rule' })
  const [group] = await desk.find('sys_user_group', 'name=Network')
  return { ...(await desk.change(await desk.record(number), { assignment_group: group!.sys_id })), shown: number }
}

describe('2.4 the operator updates the ticket: Change Request', () => {
  test('through all its states: In Progress once, Executed at review, Closed', async () => {
    const change = await changeOf()
    await desk.change(change, CHANGE_WORK.assess)
    await desk.change(change, CHANGE_WORK.authorize)
    await desk.change(change, CHANGE_WORK.schedule)
    await desk.change(change, { ...CHANGE_WORK.implement, work_notes: 'Started' })
    await desk.comment(change, 'The rule is in place.')
    await desk.change(change, { ...CHANGE_WORK.review, comments: 'Please test.' })
    await desk.change(change, CHANGE_WORK.close)
    const updates = await customer.updates.untilActions(change.shown, ['In Progress', 'Comment', 'Executed', 'Closed'])
    expect(updates.map(update => update.ticket_attributes)).toEqual([
      { state: 'In Progress' },
      { state: 'In Progress', comments: 'The rule is in place.' },
      { state: 'Executed', comments: 'Please test.' },
      { state: 'Closed', resolution_code: 'Successful', resolution_notes: 'Done as planned.' },
    ])
    for (const update of updates) expect(update.ticket_type).toBe('Change Request')
  })

  test('on hold with its reason, and in progress again', async () => {
    const change = await changeOf()
    await desk.change(change, CHANGE_WORK.assess)
    await desk.change(change, CHANGE_WORK.hold)
    await desk.change(change, CHANGE_WORK.goOn)
    const [, hold] = await customer.updates.untilActions(change.shown, ['In Progress', 'On Hold', 'In Progress'])
    expect(hold!.ticket_attributes).toEqual({ state: 'On Hold', on_hold_reason: 'Waiting for the maintenance window' })
  })

  test('cancelled, from whatever state', async () => {
    const atOnce = await changeOf()
    await desk.change(atOnce, { ...CHANGE_WORK.cancel, comments: 'Not needed any more.' })
    const [canceled] = await customer.updates.untilActions(atOnce.shown, ['Canceled'])
    expect(canceled!.ticket_attributes).toMatchObject({ state: 'Canceled', comments: 'Not needed any more.' })
    const onHold = await changeOf()
    await desk.change(onHold, CHANGE_WORK.assess)
    await desk.change(onHold, CHANGE_WORK.hold)
    await desk.change(onHold, CHANGE_WORK.cancel)
    await customer.updates.untilActions(onHold.shown, ['In Progress', 'On Hold', 'Canceled'])
  })

  test('a file of the desk, which the customer fetches', async () => {
    const change = await changeOf()
    const bytes = Buffer.from('plan')
    const id = await desk.attach(change, { name: 'plan.txt', bytes, contentType: 'text/plain' })
    const [told] = await customer.updates.untilActions(change.shown, ['Attachment'])
    expect(told!.ticket_attributes.attachments).toEqual([{ attachment_id: id, name: 'plan.txt', content_type: 'text/plain', size: 4 }])
    expect(Buffer.from((await customer.getAttachment(id)).body.content, 'base64')).toEqual(bytes)
  })

  test('another desired delivery date is a changed detail', async () => {
    const change = await changeOf()
    await desk.change(change, { requested_by_date: '2027-03-01 09:00:00' })
    const [details] = await customer.updates.untilActions(change.shown, ['Details Changed'])
    expect(details!.ticket_attributes).toEqual({ desired_delivery_date: '2027-03-01T09:00:00Z' })
  })
})
