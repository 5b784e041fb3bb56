import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { accepted, assignedTo } from '../stories/tasks.ts'
import { type SocketSystem, startBehindSocket, until, untilAnswered } from './socket-system.ts'

/** The instance says yes and leaves a field out: an access rule does not let the exchange's user write it. */
let system: SocketSystem
beforeAll(async () => {
  system = await startBehindSocket()
})
afterAll(async () => {
  await system?.[Symbol.asyncDispose]()
})
afterEach(() => system.instance.noFaults())

const customer = () => system.exchange.partner('customer')
const desk = () => system.instance.desk
const leaveOut = (fields: string[], method = 'POST', times?: number, table = 'incident') =>
  system.instance.fault({ kind: 'unwritable-field', fields, method, path: `/table/${table}`, ...(times ? { times } : {}) })

describe('a filing', () => {
  test.each([
    ['description', 'What the partner wrote'],
    ['short_description', 'Network drive'],
  ])('whose %s is left out is an error that names it; the retry adds only that', async (field, text) => {
    await leaveOut([field], 'POST', 1)
    const still = await leaveOut([field], 'PATCH')
    const reference = customer().newReference()
    const send = () =>
      customer().fileTicket({
        customer_reference_number: reference,
        short_description: 'Network drive',
        description: 'What the partner wrote',
      })
    const first = await send()
    expect(first.status).toBe(503)
    expect(first.body.error).toMatchObject({ code: 'left_out_by_service_desk', left_out: [field] })
    const [made] = await desk().find('incident', `correlation_display=${reference}`)
    expect(first.body.error.message).toContain(made!.number.replace('INC', 'INC#'))
    expect((await send()).status).toBe(503)
    await still.off()
    const last = await untilAnswered(send)
    expect([last.status, last.body.kpn_ticket_number]).toEqual([200, made!.number.replace('INC', 'INC#')])
    expect(await desk().find('incident', `correlation_display=${reference}`)).toHaveLength(1)
    expect((await desk().record(made!.number)).fields[field]).toContain(text)
  })

  test.each([
    ['correlation_id', 'incident', 'Incident'],
    // An incident gets its company from its caller anyway.
    ['company', 'change_request', 'Change Request'],
  ])('whose %s is left out is parked for the operator, until it is mended: one %s', async (field, table, ticket_type) => {
    await leaveOut([field], 'POST', 1, table)
    const still = await leaveOut([field], 'PATCH', undefined, table)
    const reference = customer().newReference()
    const send = () => customer().fileTicket({ customer_reference_number: reference, ticket_type })
    const first = await send()
    expect([first.status, first.body.error.code]).toEqual([503, 'left_out_by_service_desk'])
    const { body } = await system.exchange.askAsOperator('/operator/troubles')
    expect(body.result).toContainEqual(expect.objectContaining({ kind: 'write-parked', cause: expect.stringContaining(field) }))
    await still.off()
    expect((await untilAnswered(send)).status).toBe(200)
    const made = await desk().find(table, `correlation_display=${reference}`)
    expect(made).toHaveLength(1)
    expect(made[0]!.fields[field]).not.toBe('')
    expect((await system.exchange.askAsOperator('/operator/troubles')).body.result).toEqual([])
  })

  test('whose service is left out is answered 200, with a warning', async () => {
    await leaveOut(['business_service'], 'POST', 1)
    const answer = await customer().fileTicket()
    expect(answer.status).toBe(200)
    expect(answer.headers.get('warnings')).toContain('service was set otherwise by the service desk')
  })

  test('of which nothing is left out has no warning', async () => {
    const answer = await customer().fileTicket({ description: '  Blanks at the ends\r\nand lines ', priority: '2 - High' })
    expect([answer.status, answer.headers.get('warnings')]).toEqual([200, null])
  })
})

test('a comment that is left out is an error that names it; the retry adds it, once', async () => {
  const reference = customer().newReference()
  const { body } = await untilAnswered(() => customer().fileTicket({ customer_reference_number: reference }))
  const still = await leaveOut(['comments'], 'PATCH')
  const comment = {
    action: 'Comment',
    kpn_ticket_number: body.kpn_ticket_number,
    customer_reference_number: reference,
    comment: 'Is it there?',
  }
  const first = await customer().updateTicket(comment)
  expect([first.status, first.body.error.code, first.body.error.left_out]).toEqual([503, 'left_out_by_service_desk', ['comments']])
  await still.off()
  expect((await untilAnswered(() => customer().updateTicket(comment))).status).toBe(200)
  expect(await desk().journal(await desk().record(body.kpn_ticket_number), 'comments')).toEqual(['Is it there?'])
})

test('of a provider’s state and note only the note is left out: the state stands, and the retry adds the note alone', async () => {
  const { body } = await untilAnswered(() => customer().fileTicket())
  const task = await assignedTo(system.exchange.firstSteps.provider.solverGroup, desk(), await desk().record(body.kpn_ticket_number))
  const provider = system.exchange.partner('provider')
  const { number, reference } = await accepted(provider, task)
  const still = await system.instance.fault({ kind: 'unwritable-field', fields: ['work_notes'], method: 'PATCH', path: task.sys_id })
  const update = { action: 'In Progress', kpn_ticket_number: number, customer_reference_number: reference, worknotes: 'I am at it' }
  const first = await provider.updateTask(update)
  expect([first.status, first.body.error.code]).toEqual([503, 'left_out_by_service_desk'])
  expect((await desk().read(task)).fields.state).toBe('2')
  await still.off()
  expect((await untilAnswered(() => provider.updateTask(update))).status).toBe(200)
  await until('it is there', async () => (await desk().journal(task, 'work_notes')).length > 0)
  expect(await desk().journal(task, 'work_notes')).toEqual(['I am at it'])
})
