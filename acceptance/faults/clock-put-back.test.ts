import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { setClock } from '../concurrency/clock-of-the-instance.ts'
import { shown } from '../stories/tickets.ts'
import type { DeskRecord } from '../system/desk.ts'
import type { Partner } from '../system/partner.ts'
import { type SocketSystem, startBehindSocket, until, untilAnswered } from './socket-system.ts'

let system: SocketSystem

beforeAll(async () => {
  const halfAnHourBehind = async (instance: SocketSystem['instance']) => {
    await setClock(instance, { advance: '-30m' })
    return instance.url
  }
  system = await startBehindSocket({ url: halfAnHourBehind })
  await setClock(system.instance, { reset: true })
})

afterAll(() => system?.[Symbol.asyncDispose]())

const companyOf = (partner: Partner) => partner.access.organisation.sys_id
const customer = () => system.exchange.partner('customer')
const otherCustomer = () => system.exchange.partner('otherCustomer')

async function commentsShown(partner: Partner, number: string): Promise<string[]> {
  const { body } = await partner.readTicket(number)
  return body.result[0].comments.map(({ text }: { text: string }) => text)
}

const captured = (record: DeskRecord, saves = 0) =>
  until('it is captured', async () => {
    const rows = await system.rows('select from exchange.captured_record where sys_id = $1 and mod_count >= $2', [record.sys_id, saves])
    return rows.length === 1
  })

async function told(partner: Partner, number: string): Promise<string[]> {
  await partner.updates.listen()
  return partner.updates.of(number).map(({ action, ticket_attributes: { comments } }) => [action, comments].filter(Boolean).join(': '))
}

test('what the desk does while its clock is put back by minutes is told, in order, though it is noticed only afterwards', async () => {
  const { desk } = system.instance
  const { body } = await untilAnswered(() => customer().fileTicket())
  const record = await desk.record(body.kpn_ticket_number)
  await captured(record)
  const away = await system.instance.fault({ kind: 'server-error', method: 'GET', path: '/table/task' })
  await pause(300)
  await setClock(system.instance, { advance: '-5m' })
  await desk.comment(record, 'one')
  await desk.change(record, { state: '2', comments: 'two' })
  await desk.change(record, { state: '3', hold_reason: '4' })
  await setClock(system.instance, { reset: true })
  await desk.comment(record, 'three')
  await away.off()
  await until('the last comment is told', async () => (await told(customer(), body.kpn_ticket_number)).includes('Comment: three'))
  expect(await told(customer(), body.kpn_ticket_number)).toEqual(['Comment: one', 'In Progress: two', 'On Hold', 'Comment: three'])
}, 60_000)

test('a file that is added while the clock is put back is told, though it is noticed only with a later save', async () => {
  const { desk } = system.instance
  const { body } = await untilAnswered(() => customer().fileTicket())
  const record = await desk.record(body.kpn_ticket_number)
  await captured(record)
  const away = await system.instance.fault({ kind: 'server-error', method: 'GET', path: '/table/task' })
  await pause(300)
  await setClock(system.instance, { advance: '-5m' })
  await desk.attach(record, { name: 'log.txt', bytes: Buffer.from('added while the clock was behind') })
  await setClock(system.instance, { reset: true })
  await desk.change(record, { state: '2', comments: 'last' })
  await away.off()
  await until('the last save is told', async () => (await told(customer(), body.kpn_ticket_number)).includes('In Progress: last'))
  expect(await told(customer(), body.kpn_ticket_number)).toEqual(['Attachment', 'In Progress: last'])
  await desk.attach(record, { name: 'second.txt', bytes: Buffer.from('added later') })
  await until('the second file is told', async () => (await told(customer(), body.kpn_ticket_number)).length === 3)
  expect(await told(customer(), body.kpn_ticket_number)).toEqual(['Attachment', 'In Progress: last', 'Attachment'])
}, 60_000)

test('a ticket of the desk whose first file has an earlier time than its making is told once, and then its file', async () => {
  const { desk } = system.instance
  const away = await system.instance.fault({ kind: 'server-error', method: 'GET', path: '/table/task' })
  await pause(300)
  const record = await desk.create('incident', { short_description: 'Just made', company: companyOf(otherCustomer()) })
  await setClock(system.instance, { advance: '-5m' })
  await desk.attach(record, { name: 'first.txt', bytes: Buffer.from('added while the clock was behind') })
  await setClock(system.instance, { reset: true })
  await desk.comment(record, 'said last')
  await away.off()
  await until('the comment is told', async () => (await told(otherCustomer(), shown(record))).includes('Comment: said last'))
  expect(await told(otherCustomer(), shown(record))).toEqual(['New', 'Attachment', 'Comment: said last'])
}, 60_000)

test('what was said to nobody is not told to whom the record is given after the clock was put back', async () => {
  const { desk } = system.instance
  const nobody = (await desk.create('core_company', { name: 'Company of nobody' })).sys_id
  await setClock(system.instance, { advance: '5m' })
  const record = await desk.create('incident', { short_description: 'Nobody’s', company: nobody })
  await desk.comment(record, 'said to nobody')
  await setClock(system.instance, { reset: true })
  await pause(1_100)
  await desk.change(record, { company: companyOf(otherCustomer()) })
  await until('it is told', async () => (await told(otherCustomer(), shown(record))).includes('New'))
  await pause(2_500)
  expect(await told(otherCustomer(), shown(record))).toEqual(['New'])
}, 60_000)

test('what was said to one partner is not shown to the next one, and what was said after the move is, though its time is earlier', async () => {
  const { desk } = system.instance
  const record = await desk.create('incident', { short_description: 'Moved', company: companyOf(customer()) })
  await desk.comment(record, 'said to the first one')
  await until('it is told', async () => (await told(customer(), shown(record))).length === 2)
  await setClock(system.instance, { advance: '-2m' })
  await desk.change(record, { company: companyOf(otherCustomer()) })
  await until('the move is told', async () => (await told(otherCustomer(), shown(record))).includes('New'))
  expect(await commentsShown(otherCustomer(), shown(record))).toEqual([])
  await desk.comment(record, 'said to the next one')
  await until('its comment is told', async () => (await told(otherCustomer(), shown(record))).length === 2)
  expect(await commentsShown(otherCustomer(), shown(record))).toEqual(['said to the next one'])
  await desk.change(record, { company: companyOf(customer()) })
  await until('the return is told', async () => (await told(customer(), shown(record))).length === 3)
  expect(await commentsShown(customer(), shown(record))).toEqual(['said to the first one'])
  await setClock(system.instance, { reset: true })
}, 60_000)

test('a file that nobody’s record gets while clocks have told later times before is neither told nor shown to whom it was taken from', async () => {
  const { desk } = system.instance
  const nobody = (await desk.create('core_company', { name: 'A third company of nobody' })).sys_id
  const record = await desk.create('incident', { short_description: 'Taken away', company: companyOf(customer()) })
  await until('it is told', async () => (await told(customer(), shown(record))).includes('New'))
  await setClock(system.instance, { advance: '4m' })
  await desk.comment(record, 'said with a later time')
  await until('the comment is told', async () => (await told(customer(), shown(record))).length === 2)
  await setClock(system.instance, { reset: true })
  await captured(await desk.change(record, { company: nobody }), 2)
  await setClock(system.instance, { advance: '6m' })
  await captured(await desk.change(record, { state: '2' }), 3)
  await setClock(system.instance, { reset: true })
  const file = await desk.attach(record, { name: 'nobody.txt', bytes: Buffer.from('for nobody outside') })
  await captured(record, 4)
  expect(await told(customer(), shown(record))).toEqual(['New', 'Comment: said with a later time'])
  await desk.change(record, { company: companyOf(customer()) })
  await until('the return is told', async () => (await told(customer(), shown(record))).length === 3)
  expect((await customer().getAttachment(file)).status).toBe(404)
}, 60_000)

test('a file that nobody’s record gets while the clock is put back, noticed with a later save, is not told to whom it was taken from', async () => {
  const { desk } = system.instance
  const nobody = (await desk.create('core_company', { name: 'A fifth company of nobody' })).sys_id
  const record = await desk.create('incident', { short_description: 'Nobody’s now', company: companyOf(customer()) })
  await captured(record)
  await captured(await desk.change(record, { company: nobody }), 1)
  const away = await system.instance.fault({ kind: 'server-error', method: 'GET', path: '/table/task' })
  await pause(300)
  await setClock(system.instance, { advance: '-9m' })
  await desk.attach(record, { name: 'nobody.txt', bytes: Buffer.from('for nobody outside') })
  await setClock(system.instance, { reset: true })
  await desk.change(record, { urgency: '1' })
  await away.off()
  await captured(record, 3)
  expect(await told(customer(), shown(record))).toEqual(['New'])
}, 60_000)

test('a file with a later time than the move behind it is not shown to whom the record is given', async () => {
  const { desk } = system.instance
  const record = await desk.create('incident', { short_description: 'With a file', company: companyOf(customer()) })
  await captured(record)
  await setClock(system.instance, { advance: '5m' })
  const first = await desk.attach(record, { name: 'first.txt', bytes: Buffer.from('for its first owner') })
  await captured(record, 1)
  await setClock(system.instance, { reset: true })
  await captured(await desk.change(record, { company: companyOf(otherCustomer()) }), 2)
  const next = await desk.attach(record, { name: 'next.txt', bytes: Buffer.from('for its next owner') })
  await captured(record, 3)
  const given = async (partner: Partner) =>
    Promise.all([first, next].map(async file => (await untilAnswered(() => partner.getAttachment(file))).status))
  expect(await given(otherCustomer())).toEqual([404, 200])
  await captured(await desk.change(record, { company: companyOf(customer()) }), 4)
  expect(await given(customer())).toEqual([200, 404])
}, 60_000)

test('a file among saves of times before and behind it, noticed all at once, is told to whose the record was then', async () => {
  const { desk } = system.instance
  const nobody = (await desk.create('core_company', { name: 'A fourth company of nobody' })).sys_id
  await setClock(system.instance, { advance: '6m' })
  const record = await desk.create('incident', { short_description: 'Through four times', company: nobody })
  await setClock(system.instance, { reset: true })
  await captured(await desk.change(record, { company: companyOf(otherCustomer()) }), 1)
  const away = await system.instance.fault({ kind: 'server-error', method: 'GET', path: '/table/task' })
  await pause(1_100)
  await desk.attach(record, { name: 'between.txt', bytes: Buffer.from('for its first owner') })
  await setClock(system.instance, { advance: '-4m' })
  await desk.comment(record, 'said to the first owner')
  await setClock(system.instance, { reset: true })
  await pause(1_100)
  await desk.change(record, { company: companyOf(customer()) })
  await setClock(system.instance, { advance: '-7m' })
  await desk.comment(record, 'said to the next owner')
  await setClock(system.instance, { reset: true })
  await desk.change(record, { state: '2' })
  await away.off()
  await captured(record, 6)
  expect(await told(otherCustomer(), shown(record))).toEqual(['New', 'Attachment', 'Comment: said to the first owner'])
  expect(await told(customer(), shown(record))).toEqual(['New', 'Comment: said to the next owner', 'In Progress'])
}, 60_000)

test('a file of the very second in which capture has seen its record last is shown to whom it was given, though clocks have told later times', async () => {
  const { desk } = system.instance
  for (;;) {
    const record = await desk.create('incident', { short_description: 'Given away', company: companyOf(otherCustomer()) })
    await setClock(system.instance, { advance: '6m' })
    await captured(await desk.change(record, { state: '2' }), 1)
    await setClock(system.instance, { reset: true })
    await captured(await desk.change(record, { company: companyOf(customer()) }), 2)
    await pause(1_000 - (Date.now() % 1_000))
    const { fields } = await desk.change(record, { short_description: 'In this second' })
    await captured(record, 3)
    const file = await desk.attach(record, { name: 'same-second.txt', bytes: Buffer.from('for its new owner') })
    const [row] = await desk.filesOf(record)
    if (row?.sys_created_on !== fields.sys_updated_on) continue
    await captured(record, 4)
    expect((await customer().getAttachment(file)).status).toBe(200)
    expect((await otherCustomer().getAttachment(file)).status).toBe(404)
    return
  }
}, 60_000)

test('while capture is held up, a record that went to another partner and came back shows nothing that was said to that one', async () => {
  const { desk } = system.instance
  const record = await desk.create('incident', { short_description: 'There and back', company: companyOf(customer()) })
  await until('it is told', async () => (await told(customer(), shown(record))).includes('New'))
  await pause(1_100)
  const away = await system.instance.fault({ kind: 'server-error', method: 'GET', path: '/table/task' })
  await pause(300)
  await desk.change(record, { company: companyOf(otherCustomer()) })
  await pause(1_100)
  await desk.comment(record, 'said to the other one')
  const file = await desk.attach(record, { name: 'other.txt', bytes: Buffer.from('for the other one') })
  await pause(1_100)
  await desk.change(record, { company: companyOf(customer()) })
  expect(await commentsShown(customer(), shown(record))).toEqual([])
  expect((await customer().getAttachment(file)).status).toBe(404)
  await away.off()
}, 60_000)

test('a record of nobody that is given to a partner in the second that capture has reached shows nothing that was said to nobody', async () => {
  const { desk } = system.instance
  const nobody = (await desk.create('core_company', { name: 'Another company of nobody' })).sys_id
  for (let turn = 0; turn < 4; turn++) {
    const record = await desk.create('incident', { short_description: 'Nobody’s', company: nobody })
    await desk.comment(record, 'said to nobody')
    await pause(1_100)
    const other = await desk.create('incident', { short_description: 'Saved in that second', company: companyOf(customer()) })
    await until('it is told', async () => (await told(customer(), shown(other))).includes('New'))
    await desk.change(record, { company: companyOf(otherCustomer()) })
    const { status, body } = await otherCustomer().readTicket(shown(record))
    expect([status, JSON.stringify(body).includes('said to nobody')]).toEqual([200, false])
  }
}, 60_000)

for (const seconds of [-120, 240])
  test(`one save among others carries a time that is wrong by ${seconds} s: each is told once, in the order in which they were made`, async () => {
    const { desk } = system.instance
    const { body } = await untilAnswered(() => customer().fileTicket())
    const number = body.kpn_ticket_number
    const record = await desk.record(number)
    await until('the ticket is captured', async () => {
      const rows = await system.rows('select from exchange.captured_record where sys_id = $1', [record.sys_id])
      return rows.length === 1
    })
    await desk.change(record, { state: '2', comments: 'before' })
    await system.instance.fault({ kind: 'wrong-clock', seconds, method: 'PATCH', path: record.sys_id, user: 'admin', times: 1 })
    await desk.comment(record, 'at a wrong time')
    await desk.change(record, { state: '3', hold_reason: '4', comments: 'after' })
    await until('the last save is told', async () => (await told(customer(), number)).includes('On Hold: after'))
    expect(await told(customer(), number)).toEqual(['In Progress: before', 'Comment: at a wrong time', 'On Hold: after'])
  }, 60_000)

test('a journal that is silent for one read makes no comment of a partner twice', async () => {
  const { desk } = system.instance
  const reference = customer().newReference()
  const { body } = await untilAnswered(() => customer().fileTicket({ customer_reference_number: reference }))
  const number = body.kpn_ticket_number
  const record = await desk.record(number)
  await system.instance.fault({ kind: 'empty-journal', method: 'GET', path: 'sys_journal_field', times: 1 })
  const update = { action: 'Comment', kpn_ticket_number: number, customer_reference_number: reference, comment: 'said once' }
  await untilAnswered(() => customer().updateTicket(update))
  await untilAnswered(() => customer().updateTicket(update))
  expect(await desk.journal(record, 'comments')).toEqual(['said once'])
}, 60_000)
