import { afterAll, describe, expect, test } from 'vitest'
import { TASK_WORK } from '../stories/desk-work.ts'
import { accepted, assignedTo, TASK_TABLES, type TicketTable } from '../stories/tasks.ts'
import { filed, shown } from '../stories/tickets.ts'
import { startSystem } from '../system/start-system.ts'

const system = await startSystem()
afterAll(() => system.end())
const customer = system.partner('customer')
const provider = system.partner('provider')
const desk = system.desk('sandbox')
const group = system.firstSteps.provider.solverGroup

const TYPES = [
  ['Incident', 'incident'],
  ['Change Request', 'change_request'],
  ['Service Request', 'sc_request'],
] as const

async function taskOf(type: string, values: Readonly<Record<string, string>> = {}) {
  const { number } = await filed(customer, { ticket_type: type })
  const ticket = await desk.record(number)
  return { ticket: number, task: await assignedTo(group, desk, ticket, values) }
}

describe.each(TYPES)('3.1 the operator assigns a task of a %s to the provider’s solver group', (type, table) => {
  test('New is placed in the queue, with what there is to do and the ticket it belongs to', async () => {
    const { ticket, task } = await taskOf(type, { description: 'Third door left', comments: 'Call first.', work_notes: 'Key in the safe.' })
    const told = await provider.updates.until({ number: shown(task), action: 'New' })
    expect(told.ticket_type).toBe(TASK_TABLES[table as TicketTable].word)
    expect(told.customer_reference_number).toBeUndefined()
    expect(told.ticket_attributes).toMatchObject({
      state: 'Open',
      short_description: 'Check the cable in the basement',
      description: 'Third door left',
      comments: 'Call first.',
      worknotes: 'Key in the safe.',
      assignment_group: group.name,
      parent_kpn_ticket_number: ticket,
      parent_ticket_type: type,
    })
  })

  test('also when a task of somebody else is passed on to it, with the files it has', async () => {
    const [network] = await desk.find('sys_user_group', 'name=Network')
    const { task } = await taskOf(type, { assignment_group: network!.sys_id })
    const id = await desk.attach(task, { name: 'plan.pdf', bytes: Buffer.from('plan'), contentType: 'application/pdf' })
    await desk.change(task, { assignment_group: group.sys_id })
    await provider.updates.until({ number: shown(task), action: 'New' })
    // Within one second nobody can say whether the file or the assignment was first; then the file follows the New.
    const told = await provider.updates.until(
      ({ kpn_ticket_number, ticket_attributes }) => kpn_ticket_number === shown(task) && ticket_attributes.attachments,
    )
    expect(told.ticket_attributes.attachments).toEqual([{ attachment_id: id, name: 'plan.pdf', content_type: 'application/pdf', size: 4 }])
    expect(Buffer.from((await provider.getAttachment(id)).body.content, 'base64').toString()).toBe('plan')
  })

  test('the provider’s Response stores its reference on the task', async () => {
    const { task } = await taskOf(type)
    const { reference } = await accepted(provider, task)
    expect((await desk.read(task)).fields.correlation_display).toBe(reference)
  })
})

describe.each(TYPES)('3.2 the operator places an update on the task of a %s', type => {
  test('Comment, Worknote and Attachment each come with what they carry', async () => {
    const { task } = await taskOf(type)
    const { number, reference } = await accepted(provider, task)
    await desk.comment(task, 'The customer is at home.')
    await desk.workNote(task, 'The customer is angry.')
    await provider.updates.until({ number, action: 'Worknote' })
    const id = await desk.attach(task, { name: 'photo.jpg', bytes: Buffer.from('photo'), contentType: 'image/jpeg' })
    const [, comment, worknote, attachment] = await provider.updates.untilActions(number, ['New', 'Comment', 'Worknote', 'Attachment'])
    expect(comment!.ticket_attributes).toEqual({ state: 'Open', comments: 'The customer is at home.' })
    expect(worknote!.ticket_attributes).toEqual({ state: 'Open', worknotes: 'The customer is angry.' })
    expect(attachment!.ticket_attributes.attachments[0]).toMatchObject({ attachment_id: id, name: 'photo.jpg' })
    for (const update of [comment, worknote, attachment]) expect(update!.customer_reference_number).toBe(reference)
    expect(Buffer.from((await provider.getAttachment(id)).body.content, 'base64').toString()).toBe('photo')
  })

  test('a task that is taken away is told as Canceled, and is the provider’s no more', async () => {
    const { task } = await taskOf(type)
    const { number, reference } = await accepted(provider, task)
    const [network] = await desk.find('sys_user_group', 'name=Network')
    await desk.change(task, { assignment_group: network!.sys_id })
    await desk.comment(task, 'We do it ourselves.')
    const told = await provider.updates.until({ number, action: 'Canceled' })
    expect(told.ticket_attributes.state).toBe('Open')
    expect((await provider.readTicket(number)).status).toBe(404)
    const late = { action: 'Comment', kpn_ticket_number: number, customer_reference_number: reference, comment: 'Too late' }
    expect((await provider.updateTask(late)).status).toBe(404)
    await desk.change(task, { assignment_group: group.sys_id })
    await provider.updates.untilActions(number, ['New', 'Canceled', 'New'])
  })
})

describe('the operator ends a task itself', () => {
  test.each([
    ['Incident', TASK_WORK.closeComplete, 'Closed', 'Closed Complete'],
    ['Incident', TASK_WORK.closeIncomplete, 'Closed', 'Closed Incomplete'],
    ['Service Request', TASK_WORK.skip, 'Closed', 'Closed Skipped'],
    ['Change Request', { state: '3' }, 'Closed', 'Closed'],
    ['Change Request', { state: '4' }, 'Canceled', 'Canceled'],
  ])('task of a %s, state %o: %s, state %s in its attributes', async (type, values, action, state) => {
    const { task } = await taskOf(type)
    const { number } = await accepted(provider, task)
    await desk.change(task, { ...values, comments: 'No longer needed.' })
    const [, told] = await provider.updates.untilActions(number, ['New', action])
    expect(told!.ticket_attributes).toMatchObject({ state, comments: 'No longer needed.' })
  })
})

describe('who hears what of a task', () => {
  test('the operator’s comment on a task reaches the customer of the ticket, its work note does not', async () => {
    const { ticket, task } = await taskOf('Incident')
    await desk.workNote(task, 'Between us and the provider')
    await desk.comment(task, 'The engineer comes at two.')
    const [comment] = await customer.updates.untilActions(ticket, ['Comment'])
    expect(comment!.ticket_attributes.comments).toBe('The engineer comes at two.')
    expect(await desk.journal(await desk.record(ticket), 'comments')).toEqual(['The engineer comes at two.'])
  })

  test('a comment on the ticket is not told to the provider of its task', async () => {
    const { ticket, task } = await taskOf('Incident')
    await desk.comment(await desk.record(ticket), 'For the customer')
    await customer.updates.until({ number: ticket, action: 'Comment' })
    await desk.comment(task, 'For both')
    const [, comment] = await provider.updates.untilActions(shown(task), ['New', 'Comment'])
    expect(comment!.ticket_attributes.comments).toBe('For both')
  })

  test('a file of a task is not the customer’s', async () => {
    const { task } = await taskOf('Incident')
    const id = await desk.attach(task, { name: 'internal.txt', bytes: Buffer.from('internal') })
    await provider.updates.until(update => update.kpn_ticket_number === shown(task) && update.ticket_attributes.attachments?.length)
    expect((await provider.getAttachment(id)).status).toBe(200)
    expect((await customer.getAttachment(id)).status).toBe(404)
  })
})
