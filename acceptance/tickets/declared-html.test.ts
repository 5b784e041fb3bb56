import { afterAll, beforeAll, expect, test } from 'vitest'
import { InstanceGateway } from '../faults/instance-gateway.ts'
import { type SocketSystem, startBehindSocket, untilAnswered } from '../faults/socket-system.ts'
import { filed } from '../stories/tickets.ts'

/** An instance whose dictionary says that an incident's description is HTML; that of a change request is text, as everywhere. */
let system: SocketSystem
let gateway: InstanceGateway
beforeAll(async () => {
  system = await startBehindSocket({
    url: async ({ url }) => {
      gateway = await InstanceGateway.before(url)
      // Once: what it says counts for an hour.
      const body = JSON.stringify({ result: [{ name: 'incident', element: 'description' }] })
      const headers = { 'x-total-count': '1' }
      void gateway.next(({ url }) => url.includes('sys_dictionary'), { refused: { status: 200, body, headers } })
      return gateway.url
    },
  })
})
afterAll(async () => {
  await system?.[Symbol.asyncDispose]()
  gateway?.close()
})

const customer = () => system.exchange.partner('customer')
const read = async (number: string) => (await customer().readTicket(number)).body.result[0]

test('what ServiceNow declares as HTML is read as text, and written so that it shows what the partner wrote', async () => {
  const { desk } = system.instance
  const description = 'Log on as <user>  at "host" & say [code]\n<script>alert(1)</script>\n  indented'
  const { body } = await untilAnswered(() => customer().fileTicket({ description }))
  const number = body.kpn_ticket_number as string
  const record = await desk.record(number)
  expect(record.fields.description).toContain('&lt;script&gt;')
  expect(record.fields.description).not.toMatch(/<(?!br \/>)/)
  expect((await read(number)).description).toBe(description)

  await desk.change(record, { description: '<p>It is <b>the disk</b></p><ul><li>full</li></ul>', short_description: 'a <b>disk</b>' })
  const told = await customer().updates.until({ number, action: 'Details Changed' }, 20_000)
  expect(told.ticket_attributes).toMatchObject({ description: 'It is the disk\n\n* full', short_description: 'a <b>disk</b>' })
  expect(await read(number)).toMatchObject({ description: 'It is the disk\n\n* full', short_description: 'a <b>disk</b>' })

  const change = await filed(customer(), { ticket_type: 'Change Request', description })
  expect((await desk.record(change.number)).fields.description).toContain('<script>')
  expect((await read(change.number)).description).toBe(description)
  expect(gateway.passed.filter(call => call.includes('sys_dictionary'))).toHaveLength(1)
}, 60_000)
