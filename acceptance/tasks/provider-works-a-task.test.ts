import { afterAll, describe, expect, test } from 'vitest'
import { accepted, assignedTo, worked } from '../stories/tasks.ts'
import { filed, shown } from '../stories/tickets.ts'
import { startSystem } from '../system/start-system.ts'

const system = await startSystem()
afterAll(() => system.end())
const customer = system.partner('customer')
const provider = system.partner('provider')
const desk = system.desk('sandbox')
const group = system.firstSteps.provider.solverGroup

async function acceptedTask(type: string) {
  const { number: ticket } = await filed(customer, { ticket_type: type })
  const task = await assignedTo(group, desk, await desk.record(ticket))
  return { ticket, task, known: await accepted(provider, task) }
}

/** Which fields the desk sees after each of the provider's state actions (contract servicenow-core, 11.3 and 11.5). */
const STATES = {
  'Incident Task': {
    'In Progress': { state: '2' },
    'On Hold': { state: '-5' },
    'Closed Complete': { state: '3' },
    'Closed Incomplete': { state: '4' },
    'Closed Skipped': { state: '7' },
  },
  'Change Task': {
    'In Progress': { state: '2', on_hold: 'false' },
    'On Hold': { on_hold: 'true' },
    'Closed Complete': { state: '3', close_code: 'successful' },
    'Closed Incomplete': { state: '3', close_code: 'unsuccessful' },
    'Closed Skipped': { state: '3', close_code: 'unsuccessful' },
  },
} as const

describe.each([
  ['Incident', 'Incident Task', STATES['Incident Task']],
  ['Change Request', 'Change Task', STATES['Change Task']],
  ['Service Request', 'Request Task', STATES['Incident Task']],
])('3.3 the provider updates the task of a %s', (type, word, states) => {
  test('starts working, needs more information, goes on', async () => {
    const { task, known } = await acceptedTask(type)
    await worked(provider, known, { action: 'in progress' })
    expect((await desk.read(task)).fields).toMatchObject(states['In Progress'])
    await worked(provider, known, { action: 'On Hold', worknotes: 'Which floor?' })
    expect((await desk.read(task)).fields).toMatchObject(states['On Hold'])
    expect(await desk.journal(task, 'work_notes')).toEqual(['Which floor?'])
    await worked(provider, known, { action: 'In Progress', worknotes: 'Third.' })
    expect((await desk.read(task)).fields).toMatchObject(states['In Progress'])
  })

  test('adds a comment, a work note and an attachment, each answered with the five documented fields', async () => {
    const { task, known } = await acceptedTask(type)
    for (const update of [
      { action: 'Comment', comment: 'On my way.' },
      { action: 'Worknote', worknotes: 'Traffic jam.' },
      { action: 'Attachment', attachments: [{ name: 'route.txt', content: 'QTI=' }] },
    ]) {
      const { status, body } = await provider.updateTask({
        kpn_ticket_number: known.number,
        customer_reference_number: known.reference,
        ...update,
      })
      expect(status).toBe(200)
      expect(body).toEqual({
        code: 'TechnicalEndpointSuccess',
        state: 'updated',
        kpn_ticket_number: known.number,
        customer_reference_number: known.reference,
        note: `${word} ${known.number} has been updated;`,
      })
    }
    expect(await desk.journal(task, 'comments')).toEqual(['On my way.'])
    expect(await desk.journal(task, 'work_notes')).toEqual(['Traffic jam.'])
    expect((await desk.filesOf(task)).map(({ file_name }) => file_name)).toEqual(['route.txt'])
  })

  test.each(['Closed Complete', 'Closed Incomplete', 'Closed Skipped'] as const)('ends it with %s', async action => {
    const { task, known } = await acceptedTask(type)
    await worked(provider, known, { action, close_notes: 'That is all.' })
    expect((await desk.read(task)).fields).toMatchObject({ ...states[action], close_notes: 'That is all.', active: 'false' })
    const again = { action: 'Comment', kpn_ticket_number: known.number, customer_reference_number: known.reference, comment: 'PS' }
    const { status, body } = await provider.updateTask(again)
    expect(status).toBe(409)
    expect(body.error.message).toContain('Closed')
  })

  test('its comment reaches the ticket and the customer; its work note never reaches the customer', async () => {
    const { ticket, known } = await acceptedTask(type)
    await worked(provider, known, { action: 'Worknote', worknotes: 'The customer lied.' })
    await worked(provider, known, { action: 'On Hold', worknotes: 'He lied again.' })
    await worked(provider, known, { action: 'Comment', comment: 'The cable is replaced.' })
    const told = await customer.updates.until({ number: ticket, action: 'Comment' })
    expect(told.ticket_attributes.comments).toBe('The cable is replaced.')
    expect(await desk.journal(await desk.record(ticket), 'comments')).toEqual(['The cable is replaced.'])
    const everything = JSON.stringify([customer.updates.heard, (await customer.readTicket(ticket)).body])
    expect(everything).not.toContain('lied')
  })

  test('is not told of its own doing', async () => {
    const { task, known } = await acceptedTask(type)
    await worked(provider, known, { action: 'In Progress', worknotes: 'Mine' })
    await worked(provider, known, { action: 'Comment', comment: 'Mine too' })
    await worked(provider, known, { action: 'Attachment', attachments: [{ name: 'mine.txt', content: 'QTI=' }] })
    await desk.comment(task, 'Yours')
    const [, only] = await provider.updates.untilActions(known.number, ['New', 'Comment'])
    expect(only!.ticket_attributes.comments).toBe('Yours')
  })
})

describe('what a provider cannot do', () => {
  test.each([
    ['Comment', 'comment'],
    ['Worknote', 'worknotes'],
    ['Attachment', 'attachments'],
  ])('%s with nothing to add is refused', async (action, field) => {
    const { known } = await acceptedTask('Incident')
    const { status, body } = await provider.updateTask({
      action,
      kpn_ticket_number: known.number,
      customer_reference_number: known.reference,
    })
    expect(status).toBe(400)
    expect(body.error.field).toBe(field)
  })

  test('give another reference than the one that the task has', async () => {
    const { known } = await acceptedTask('Incident')
    const { status, body } = await provider.updateTask({
      action: 'In Progress',
      kpn_ticket_number: known.number,
      customer_reference_number: provider.newReference(),
    })
    expect(status).toBe(400)
    expect(body.error.code).toBe('reference_mismatch')
  })

  test('answer its New with Failure without the operator hearing of it', async () => {
    const { number } = await filed(customer)
    const task = await assignedTo(group, desk, await desk.record(number))
    const { transaction_id } = await provider.updates.until({ number: shown(task), action: 'New' })
    const { status } = await provider.updateTask({
      action: 'Response',
      status: 'Failure',
      error_details: 'No engineer in that region.',
      transaction_id,
      kpn_ticket_number: shown(task),
      customer_reference_number: provider.newReference(),
    })
    expect(status).toBe(200)
    expect((await desk.journal(task, 'work_notes')).join()).toContain('No engineer in that region.')
    const { body } = await system.askAsOperator('/operator/unanswered')
    expect(body.result).toContainEqual(expect.objectContaining({ number: task.number, error_details: 'No engineer in that region.' }))
  })

  test('work on a task type that its agreement does not have', async () => {
    await system.backOffice.changeAgreement('Demo Provider', 'sandbox', { taskTypes: ['Incident Task'] })
    const { number } = await filed(customer, { ticket_type: 'Change Request' })
    const task = await assignedTo(group, desk, await desk.record(number))
    const { status, body } = await provider.updateTask({
      action: 'In Progress',
      kpn_ticket_number: shown(task),
      customer_reference_number: provider.newReference(),
    })
    expect(status).toBe(403)
    expect(body.error.code).toBe('not_in_agreement')
  })
})
