import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { InstanceGateway } from '../faults/instance-gateway.ts'
import { type SocketSystem, startBehindSocket, untilAnswered } from '../faults/socket-system.ts'
import { accepted, assignedTo } from '../stories/tasks.ts'
import { ask } from '../system/answer.ts'
import { carried } from '../system/partner.ts'

/**
 * How often an operation asks ServiceNow, counted at the instance's door and written into docs/instance-calls.md. After a change
 * that is meant: INSTANCE_CALLS=write npx vitest run acceptance/running/calls-of-the-instance.test.ts
 */
const PAGE = join(import.meta.dirname, '../../docs/instance-calls.md')
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

/** How many calls looks took, and how many looks there were. */
async function looks(): Promise<{ calls: number; looks: number }> {
  const { body } = await ask(`${system.exchange.firstSteps.exchange}/metrics`, { method: 'GET' })
  const figure = (name: string) =>
    Number(new RegExp(`deskbridge_look_calls_${name}\\{environment="sandbox"\\} (\\d+)`).exec(body)?.[1] ?? 0)
  return { calls: figure('sum'), looks: figure('count') }
}

/** What a look costs when nothing changes. */
async function ofIdleLook(): Promise<number> {
  await pause(2_000)
  const before = await looks()
  await pause(2_000)
  const after = await looks()
  return Math.round((after.calls - before.calls) / (after.looks - before.looks))
}

/** Another process captures, so that what is asked is asked by the operation alone. */
const leaveCaptureToAnother = () =>
  system.rows(`update exchange.capture set holder = 'another', held_until = now() + interval '1 hour', fence = fence + 1`)

async function calls(work: () => Promise<{ status: number }>): Promise<number> {
  const before = gateway.passed.length
  expect((await work()).status).toBe(200)
  return gateway.passed.length - before
}

test('the table of calls is what is counted', async () => {
  const customer = system.exchange.partner('customer')
  const provider = system.exchange.partner('provider')
  await Promise.all([customer.token(), provider.token()])
  const reference = customer.newReference()
  const { body } = await untilAnswered(() => customer.fileTicket({ customer_reference_number: reference }))
  const record = await system.instance.desk.record(body.kpn_ticket_number)
  const known = { kpn_ticket_number: body.kpn_ticket_number, customer_reference_number: reference }
  const file = carried({ name: 'one.txt', bytes: Buffer.from('one') })
  const task = await assignedTo(system.exchange.firstSteps.provider.solverGroup, system.instance.desk, record)
  const { number, reference: own } = await accepted(provider, task)
  const ofTask = { kpn_ticket_number: number, customer_reference_number: own }
  const idle = await ofIdleLook()
  await leaveCaptureToAnother()
  await pause(1_500)
  const rows: [string, () => Promise<{ status: number }>][] = [
    ['`POST /Ticket`, an Incident', () => customer.fileTicket()],
    ['`POST /Ticket`, an Incident with a file', () => customer.fileTicket({ attachments: [file] })],
    ['`POST /Ticket`, a Service Request (its item is a record too)', () => customer.fileTicket({ ticket_type: 'Service Request' })],
    ['`POST /Ticket` again', () => customer.fileTicket({ customer_reference_number: reference })],
    ['`PATCH /Ticket`, a comment', () => customer.updateTicket({ ...known, action: 'Comment', comment: 'One' })],
    ['`PATCH /Ticket`, a file', () => customer.updateTicket({ ...known, action: 'Comment', attachments: [file] })],
    ['`PATCH /Task`, In Progress', () => provider.updateTask({ ...ofTask, action: 'In Progress' })],
    ['`GET /Ticket`', () => customer.readTicket(body.kpn_ticket_number)],
    ['`GET /ListOpenTickets`, a customer', () => customer.listOpenTickets()],
    ['`GET /TicketUpdates`', () => customer.poll()],
  ]
  const counted: string[] = []
  for (const [operation, work] of rows) counted.push(`| ${operation} | ${await calls(work)} |`)
  const page = `# How often ServiceNow is asked

Written by \`acceptance/running/calls-of-the-instance.test.ts\`, which counts at the instance's door. A retry, an answer that was lost and a pause
that the instance asks for come on top; so does a contact, user or CI by name (one call each), and, where
a text has a \`<\`, a \`&\` or a line end, once an hour the question which fields are HTML.

| operation | calls |
|---|---|
${counted.join('\n')}
| a look for changes, when nothing changed | ${idle} |

A look reads the journal, the audit and the files only of records that are a partner's, were one's at the last look, or carry a
partner's reference. How many calls a look took is in the metric \`deskbridge_look_calls\`.
`
  if (process.env.INSTANCE_CALLS === 'write') writeFileSync(PAGE, page)
  expect(existsSync(PAGE) ? readFileSync(PAGE, 'utf8') : '').toBe(page)
}, 60_000)
