import { afterAll, beforeAll, expect, test } from 'vitest'
import { INCIDENT_WORK } from '../stories/desk-work.ts'
import { accepted, assignedTo } from '../stories/tasks.ts'
import { commented, filed } from '../stories/tickets.ts'
import { ask } from '../system/answer.ts'
import { InstanceGateway } from './instance-gateway.ts'
import { type SocketSystem, startBehindSocket } from './socket-system.ts'

/** Texts that are made to hold somebody up, and a first look that takes long: the door opens all the same, and everything is told. */
const SECOND_MS = 1_050
let system: SocketSystem
let gateway: InstanceGateway
/** The first look's first question is passed on when the test says so. */
const asked = Promise.withResolvers<void>()
let isAnswered = false
beforeAll(async () => {
  system = await startBehindSocket({
    settings: { SERVICENOW_TIMEOUT_SECONDS: '60' },
    url: async ({ url }) => {
      gateway = await InstanceGateway.before(url)
      void gateway
        .next(({ method, url }) => method === 'GET' && url.includes('/table/task?'), { after: asked.promise })
        .then(() => {
          isAnswered = true
        })
      return gateway.url
    },
  })
})
afterAll(async () => {
  await system?.[Symbol.asyncDispose]()
  gateway?.close()
})

const pause = (ms: number) => new Promise(done => setTimeout(done, ms))
const readyz = async (url: string) => (await ask(`${url}/readyz`, { method: 'GET' })).body

test('the door opens before the first look has ended, and what happens to a ticket that is filed meanwhile is told', async () => {
  const customer = system.exchange.partner('customer')
  const { desk } = system.instance
  const { number } = await filed(customer)
  const record = await desk.record(number)
  await pause(SECOND_MS)
  await desk.change(record, { ...INCIDENT_WORK.start, comments: 'I have a look' })
  await pause(SECOND_MS)
  await desk.create('incident', { short_description: 'Somebody else’s, and later' })
  expect(isAnswered).toBe(false)
  asked.resolve()
  const [update] = await customer.updates.untilActions(number, ['In Progress'], 20_000)
  expect(update!.ticket_attributes.comments).toBe('I have a look')
}, 60_000)

test('a text that the instance has cut in the middle of a character is told, and what comes after it too', async () => {
  const customer = system.exchange.partner('customer')
  const provider = system.exchange.partner('provider')
  const { desk } = system.instance
  const { number } = await filed(customer)
  const record = await desk.record(number)
  const task = await assignedTo(system.exchange.firstSteps.provider.solverGroup, desk, record)
  await accepted(provider, task)
  // The practice instance keeps what PostgreSQL keeps: halves and NUL come from older texts and other programs.
  gateway.rewrites = text => text.replaceAll('CUT', '\\ud83d\\u0000')
  await desk.change(record, { description: 'Half a smile: CUT', comments: 'Another: CUT' })
  await desk.comment(task, 'On a task: CUT')
  const cut = (text: string) => customer.updates.until(update => update.ticket_attributes.comments === `${text}\ufffd\ufffd`, 20_000)
  await cut('Another: ')
  await cut('On a task: ')
  expect((await customer.readTicket(number)).body.result[0].description).toBe('Half a smile: \ufffd\ufffd')
  gateway.rewrites = text => text
}, 60_000)

const TAGS = '<p>'.repeat(100_000)
const DEEP = `[code]${'<div>'.repeat(10_000)}The disk is full${'</div>'.repeat(10_000)}[/code]`
const LISTS = `[code]${'<ul><li>'.repeat(3_000)}[/code]`
const HTML = '[code]<p>The disk is full.</p><p>It is &lt; 1 % free.</p>[/code]'

test('a start with comments of 300 kB and of 10,000 elements in one another tells them and everybody else’s', async () => {
  const { desk } = system.instance
  const [customer, other] = [system.exchange.partner('customer'), system.exchange.partner('otherCustomer')]
  const hostile = await filed(customer)
  const usual = await filed(other)
  await commented(customer, hostile, `${'<p>'.repeat(1_300)}mine`)
  await system.exchange.stop()
  const record = await desk.record(hostile.number)
  for (const text of [TAGS, DEEP, LISTS, HTML]) await desk.comment(record, text)
  await desk.comment(await desk.record(usual.number), 'Hello')
  const again = await system.exchange.startAgain()
  try {
    const [toldCustomer, toldOther] = [again.partner('customer'), again.partner('otherCustomer')]
    await toldOther.updates.until(update => update.ticket_attributes.comments === 'Hello', 20_000)
    const told = await toldCustomer.updates.untilActions(hostile.number, ['Comment', 'Comment', 'Comment', 'Comment'], 20_000)
    const read = [TAGS, DEEP, LISTS, 'The disk is full.\n\nIt is < 1 % free.']
    expect(told.map(({ ticket_attributes }) => ticket_attributes.comments)).toEqual(read)
    const { status, body } = await toldCustomer.readTicket(hostile.number)
    expect(status).toBe(200)
    expect(body.result[0].comments.map(({ text }: { text: string }) => text).sort()).toEqual([...read, `${'<p>'.repeat(1_300)}mine`].sort())
    expect(await readyz(again.firstSteps.exchange)).toMatchObject({ status: 'ready', troubles: [] })
  } finally {
    await again.end()
  }
}, 90_000)
