import { afterAll, beforeAll, test } from 'vitest'
import { accepted, assignedTo, type KnownTask } from '../stories/tasks.ts'
import { filed } from '../stories/tickets.ts'
import { type Body, carried } from '../system/partner.ts'
import { type SocketSystem, startBehindSocket, until } from './socket-system.ts'

/**
 * What was accepted and could not be done at once is done later; by then the record may be somebody else's. The settle time is long
 * enough for the desk to hand it on meanwhile.
 */
let system: SocketSystem
beforeAll(async () => {
  system = await startBehindSocket({ settings: { SERVICENOW_SETTLE_SECONDS: '3' } })
})
afterAll(async () => {
  await system?.[Symbol.asyncDispose]()
})

const desk = () => system.instance.desk
const provider = () => system.exchange.partner('provider')
const customer = () => system.exchange.partner('customer')
const other = () => system.exchange.partner('otherCustomer')

const work = ({ number, reference }: KnownTask, update: Body) =>
  provider().updateTask({ kpn_ticket_number: number, customer_reference_number: reference, ...update })

/** None of the writes on this record is on its way any more. */
const over = (sysId: string) =>
  until('the exchange has come to an end with it', async () => {
    const open = await system.rows(`select from exchange.recorded_write where sys_id = $1 and state = 'open'`, [sysId])
    return open.length === 0
  })

async function taskOfTheProvider() {
  const { number, reference } = await filed(customer())
  const task = await assignedTo(system.exchange.firstSteps.provider.solverGroup, desk(), await desk().record(number))
  return { number, reference, task, known: await accepted(provider(), task) }
}

const anotherGroup = async () => (await desk().create('sys_user_group', { name: `Another group ${Math.random()}` })).sys_id

test.concurrent('a provider’s In Progress that is done later is not done on a task that has been given to another group', async ({
  expect,
}) => {
  const { task, known } = await taskOfTheProvider()
  await system.instance.fault({ kind: 'timeout-before-write', method: 'PATCH', path: task.sys_id, times: 1 })
  const first = await work(known, { action: 'In Progress', worknotes: 'Only for whom it was given to' })
  expect(first.status).toBe(503)
  await desk().change(task, { assignment_group: await anotherGroup() })
  await over(task.sys_id)
  expect((await desk().read(task)).fields.state).toBe('1')
  expect(await desk().journal(task, 'work_notes')).toEqual([])
  const again = await work(known, { action: 'In Progress', worknotes: 'Only for whom it was given to' })
  expect(again.status).toBe(404)
})

test.concurrent('a provider’s file that is added later is not added to a task that has been given to another group', async ({ expect }) => {
  const { task, known } = await taskOfTheProvider()
  await system.instance.fault({ kind: 'timeout-before-write', method: 'POST', path: `table_sys_id=${task.sys_id}`, times: 1 })
  const file = carried({ name: 'plan.txt', bytes: Buffer.from('floor plan') })
  expect((await work(known, { action: 'Attachment', attachments: [file] })).status).toBe(503)
  await desk().change(task, { assignment_group: await anotherGroup() })
  await over(task.sys_id)
  expect(await desk().filesOf(task)).toEqual([])
})

test.concurrent('a customer’s comment that is added later is not added to a ticket that has been moved to another company', async ({
  expect,
}) => {
  const made = await desk().create('incident', { short_description: 'Moved', company: customer().access.organisation.sys_id })
  const number = made.number.replace('INC', 'INC#')
  await customer().updates.until({ number, action: 'New' })
  await system.instance.fault({ kind: 'timeout-before-write', method: 'PATCH', path: made.sys_id, times: 1 })
  const comment = {
    action: 'Comment',
    kpn_ticket_number: number,
    customer_reference_number: customer().newReference(),
    comment: 'For us alone',
  }
  expect((await customer().updateTicket(comment)).status).toBe(503)
  await desk().change(made, { company: other().access.organisation.sys_id })
  await over(made.sys_id)
  expect(await desk().journal(made, 'comments')).toEqual([])
  expect((await customer().updateTicket(comment)).status).toBe(404)
})

test.concurrent('a provider’s comment is carried to the ticket later only while the ticket is still the same customer’s', async ({
  expect,
}) => {
  const ticket = await desk().create('incident', { short_description: 'Moved', company: customer().access.organisation.sys_id })
  const task = await assignedTo(system.exchange.firstSteps.provider.solverGroup, desk(), ticket)
  const known = await accepted(provider(), task)
  const strikes = await system.instance.fault({ kind: 'timeout-before-write', method: 'PATCH', path: ticket.sys_id })
  expect((await work(known, { action: 'Comment', comment: 'The customer’s key lies at the desk' })).status).toBe(200)
  await until('the comment is on its way to the ticket', async () => {
    const carrying = `select from exchange.recorded_write where sys_id = $1 and operation = 'carry-comment' and progress->0->>'begun' = 'true'`
    return (await system.rows(carrying, [ticket.sys_id])).length === 1
  })
  await desk().change(ticket, { company: other().access.organisation.sys_id })
  await strikes.off()
  await over(ticket.sys_id)
  expect(await desk().journal(ticket, 'comments')).toEqual([])
})
