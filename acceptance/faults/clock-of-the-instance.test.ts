import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type ClockChange, setClock } from '../concurrency/clock-of-the-instance.ts'
import { shown } from '../stories/tickets.ts'
import { ask } from '../system/answer.ts'
import { startSystem } from '../system/start-system.ts'
import { type SocketSystem, settingsFor, startBehindSocket, startInstance, until, untilAnswered } from './socket-system.ts'

/** A node of the cluster with a wrong clock, an import that brings its own times: what the desk saves is told all the same. */
let system: SocketSystem
beforeAll(async () => {
  system = await startBehindSocket()
})
afterAll(async () => {
  await system?.[Symbol.asyncDispose]()
})

const customer = () => system.exchange.partner('customer')
const desk = () => system.instance.desk
const TOLD_WITHIN_MS = 15_000

const clock = (change: ClockChange) => setClock(system.instance, change)

async function filed() {
  const { body } = await untilAnswered(() => customer().fileTicket())
  const record = await desk().record(body.kpn_ticket_number)
  await until('it is captured', async () => {
    return (await system.rows('select from exchange.captured_record where sys_id = $1', [record.sys_id])).length === 1
  })
  return { number: body.kpn_ticket_number as string, record }
}

const hears = (text: string) => customer().updates.until(update => update.ticket_attributes.comments === text, TOLD_WITHIN_MS)
const troubles = async () => (await ask(`${system.exchange.firstSteps.exchange}/readyz`, { method: 'GET' })).body.troubles

test('the clock of the instance is put back five minutes, and forward again: every comment is told, once and in order', async () => {
  const ticket = await filed()
  await desk().comment(ticket.record, 'before')
  await hears('before')
  await clock({ advance: '-5m' })
  await desk().comment(ticket.record, 'while it is behind')
  await hears('while it is behind')
  const meanwhile = await filed()
  await desk().comment(meanwhile.record, 'on one that was filed meanwhile')
  await hears('on one that was filed meanwhile')
  await clock({ reset: true })
  await desk().comment(ticket.record, 'after')
  await hears('after')
  await desk().comment(meanwhile.record, 'after, too')
  await hears('after, too')
  const told = (number: string) =>
    customer()
      .updates.of(number)
      .map(update => update.ticket_attributes.comments)
  expect(told(ticket.number)).toEqual(['before', 'while it is behind', 'after'])
  expect(told(meanwhile.number)).toEqual(['on one that was filed meanwhile', 'after, too'])
}, 120_000)

test('one save carries a time two hours ahead: it moves no mark, it is said, and everything else is told at once', async () => {
  const ticket = await filed()
  await clock({ advance: '2h' })
  const odd = await desk().create('incident', { short_description: 'Nobody’s record, from the future' })
  await clock({ reset: true })
  await desk().comment(ticket.record, 'told at once')
  await hears('told at once')
  const made = await desk().create('incident', { short_description: 'New', company: customer().access.organisation.sys_id })
  await customer().updates.until({ number: shown(made), action: 'New' }, TOLD_WITHIN_MS)
  const ahead = await until('it is said', async () => (await troubles()).find((one: { kind: string }) => one.kind === 'rows-ahead'), 75_000)
  expect(ahead).toMatchObject({ environment: 'sandbox', count: 1 })
  expect((await troubles()).filter((one: { kind: string }) => one.kind !== 'rows-ahead')).toEqual([])
  await desk().ask('DELETE', `/api/now/table/incident/${odd.sys_id}`)
}, 120_000)

test('a record of tomorrow that is there before the first look is history, and hides nothing', async () => {
  const instance = await startInstance()
  await setClock(instance, { advance: '1d' })
  await instance.desk.create('incident', { short_description: 'Of tomorrow' })
  await setClock(instance, { reset: true })
  await pause(1_100)
  const exchange = await startSystem({ environment: settingsFor(instance) })
  try {
    const partner = exchange.partner('customer')
    const { body } = await untilAnswered(() => partner.fileTicket())
    const record = await instance.desk.record(body.kpn_ticket_number)
    await instance.desk.change(record, { state: '2' })
    await partner.updates.until({ number: body.kpn_ticket_number, action: 'In Progress' }, TOLD_WITHIN_MS)
    const made = await instance.desk.create('incident', { short_description: 'New', company: partner.access.organisation.sys_id })
    await partner.updates.until({ number: shown(made), action: 'New' }, TOLD_WITHIN_MS)
  } finally {
    await exchange.end()
    await instance.end()
  }
}, 120_000)
