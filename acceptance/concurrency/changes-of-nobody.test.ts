import { afterAll, beforeAll, expect, test } from 'vitest'
import { InstanceGateway } from '../faults/instance-gateway.ts'
import { type SocketSystem, startBehindSocket, until, untilAnswered } from '../faults/socket-system.ts'

const MANY = 1_000

let system: SocketSystem
let gateway: InstanceGateway
beforeAll(async () => {
  system = await startBehindSocket({
    url: async ({ url }) => {
      gateway = await InstanceGateway.before(url)
      return gateway.url
    },
  })
})
afterAll(async () => {
  await system?.[Symbol.asyncDispose]()
  gateway?.close()
})

test('a thousand changes of nobody’s records: nothing is read of them beside the pages that list changes, and nothing is kept', async () => {
  const customer = system.exchange.partner('customer')
  const { desk } = system.instance
  const { body } = await untilAnswered(() => customer.fileTicket())
  const { sys_id: sysId } = await desk.record(body.kpn_ticket_number)
  await until(
    'it is captured',
    async () => (await system.rows('select from exchange.captured_record where sys_id = $1', [sysId])).length > 0,
  )
  const kept = async () => (await system.rows('select from exchange.captured_record')).length
  const before = await kept()
  const from = gateway.passed.length
  const queue = Array.from({ length: MANY }, (_, at) => at)
  await Promise.all(
    Array.from({ length: 16 }, async () => {
      for (let at = queue.pop(); at !== undefined; at = queue.pop()) await desk.create('incident', { short_description: `Nobody’s ${at}` })
    }),
  )
  await desk.comment(await desk.record(body.kpn_ticket_number), 'Somebody’s')
  await customer.updates.until(update => update.ticket_attributes.comments === 'Somebody’s', 20_000)
  const asked = gateway.passed.slice(from)
  const list = asked.filter(call => !/GET \/api\/now\/table\/task\?|GET \/api\/now\/attachment\?/.test(call))
  // The one ticket of a partner: its record, journal and audit, perhaps twice.
  expect(list.length, list.join('\n')).toBeLessThan(20)
  expect(await kept()).toBe(before)
}, 120_000)

test('what was captured long ago and is forgotten is not told again when its record changes', async () => {
  const customer = system.exchange.partner('customer')
  const { desk } = system.instance
  const made = await desk.create('incident', { short_description: 'Old', company: customer.access.organisation.sys_id })
  const number = made.number.replace('INC', 'INC#')
  await customer.updates.until({ number, action: 'New' }, 20_000)
  await desk.comment(made, 'Long ago')
  await customer.updates.until({ number, action: 'Comment' }, 20_000)
  await desk.change(made, { company: '' })
  await until('it is nobody’s', async () => {
    return (await system.rows('select from exchange.captured_record where sys_id = $1 and not partners', [made.sys_id])).length === 1
  })
  // Housekeeping of a quarter of a year later.
  await system.rows(`delete from exchange.captured_source where record_sys_id = $1`, [made.sys_id])
  await system.rows(`delete from exchange.captured_record r where not partners
    and not exists (select from exchange.bond b where b.environment = r.environment and b.sys_id = r.sys_id)`)
  await new Promise(done => setTimeout(done, 1_100))
  await desk.change(made, { company: customer.access.organisation.sys_id })
  await desk.comment(made, 'Today')
  await customer.updates.until(update => update.ticket_attributes.comments === 'Today', 20_000)
  const told = customer.updates.of(number).map(({ action, ticket_attributes }) => `${action} ${ticket_attributes.comments ?? ''}`.trim())
  expect(told).toEqual(['New', 'Comment Long ago', 'New', 'Comment Today'])
}, 60_000)
