import { setTimeout as pause } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { timesEach } from '../faults/sentences.ts'
import { type SocketInstance, type SocketSystem, startBehindSocket } from '../faults/socket-system.ts'
import type { OpenSystem } from '../system/open-system.ts'
import { setClock } from './clock-of-the-instance.ts'
import { PlayedHistory } from './played-history.ts'
import { rowsOf } from './rows-of-a-story.ts'
import { CUSTOMERS, type Customer, planned } from './seeded-history.ts'
import { type Found, missingOf, readable, type Story, shownAmiss, strangeWords, toldAmiss } from './told-history.ts'
import { WholeQueue } from './whole-queue.ts'

/**
 * Everybody at work on a ticket that is filed, made, copied and moved, with an instance whose journal, audit, files and clock come and
 * go. Each happening is told once, in its order, to whom the ticket belonged then. HISTORY_SEED plays another one, HISTORY_STEPS makes it longer,
 * HISTORY_RUNS plays so many one after the other, each with the next seed.
 */
const SEED = Number(process.env.HISTORY_SEED ?? 601)
const STEPS = Number(process.env.HISTORY_STEPS ?? 54)
const RUNS = Number(process.env.HISTORY_RUNS ?? 1)
/** What was put aside is tried again at least every 19 s; what an abrupt clock hid is found by the next sweep. */
const SETTLES_WITHIN_MS = 45_000
const AFTER_A_START_MS = 25_000
/** After a look that failed the next one comes within 6.25 s. */
const NOTHING_COMES_MS = 8_000
/** Long enough for anything that should not come. */
const QUIET_MS = 1_200

const CLOCKS = [
  { what: 'with a clock that goes on', jumps: false },
  { what: 'with a clock that jumps', jumps: true },
]
const SEEDS = Array.from({ length: RUNS }, (_, run) => SEED + run)

for (const { seed, what, jumps } of SEEDS.flatMap(seed => CLOCKS.map(clock => ({ seed, ...clock })))) {
  test(
    `a random history ${what} is told once, in order, to whom it belongs (seed ${seed}, ${STEPS} steps)`,
    async () => {
      console.log(`HISTORY_SEED=${seed} HISTORY_STEPS=${STEPS}, ${what}`)
      await using system = await startBehindSocket({ url: behind })
      await setClock(system.instance, { reset: true })
      const history = new PlayedHistory(system, planned(seed, STEPS), jumps)
      const started = performance.now()
      await history.play()
      const played = performance.now()
      const { queues, exchange, late } = await settled(system, history)
      const wrong = [...history.wrong, ...(await amiss(exchange, history.stories, queues)), ...(jumps ? [] : late)]
      const seconds = (ms: number) => `${(ms / 1_000).toFixed(1)} s`
      console.log(
        `seed ${seed}: ${history.stories.length} tickets, ${history.stories.flatMap(({ happenings }) => happenings).length} happenings,`,
        `${queues.customer.length + queues.otherCustomer.length} updates, ${history.clocks.length} clocks, skipped ${history.skipped.length};`,
        `played ${seconds(played - started)}, settled ${seconds(performance.now() - played)}; late ${late.length}, amiss ${wrong.length}`,
      )
      const concerned = history.stories.filter(({ name }) => wrong.some(sentence => sentence.startsWith(`${name}:`)))
      for (const story of concerned) console.log(await rowsOf(system, story, queues))
      for (const line of history.slow) console.log(`slow: ${line}`)
      if (wrong.length) console.log(`Clocks:\n  ${history.clocks.join('\n  ')}\n${wrong.join('\n')}`)
      expect(timesEach(wrong)).toEqual([])
    },
    180_000 + STEPS * 500,
  )
}

/** The exchange looks for the first time: the clock is never put back to before that. What it met then is history to it. */
async function behind(instance: SocketInstance): Promise<string> {
  await setClock(instance, { advance: '-30m' })
  return instance.url
}

type Queues = Readonly<Record<Customer | 'provider', WholeQueue['updates']>>

interface Settled {
  queues: Queues
  exchange: OpenSystem
  /** What came only after a new start. */
  late: string[]
}

/** Waits until all is told and nothing more comes. Where something does not, a new start of the exchange looks an hour back. */
async function settled(system: SocketSystem, { began, stories }: PlayedHistory): Promise<Settled> {
  const first = await quiet(system, system.exchange, began, stories, SETTLES_WITHIN_MS)
  if (first.isTold) return { ...first, exchange: system.exchange, late: [] }
  await system.exchange.stop()
  const exchange = await system.exchange.startAgain()
  const second = await quiet(system, exchange, began, stories, AFTER_A_START_MS)
  const known = new Set(CUSTOMERS.flatMap(customer => first.queues[customer].map(update => update.transaction_id)))
  const late = CUSTOMERS.flatMap(customer => second.queues[customer].filter(update => !known.has(update.transaction_id)))
  const nameOf = (number: string) => stories.find(story => story.number === number)?.name ?? number
  return {
    ...second,
    exchange,
    late: late.map(update => `${nameOf(update.kpn_ticket_number)}: told only by a new start of the exchange: ${JSON.stringify(update)}`),
  }
}

async function quiet(system: SocketSystem, exchange: OpenSystem, began: Date, stories: readonly Story[], withinMs: number) {
  const queue = (role: Customer | 'provider') => new WholeQueue(() => exchange.partner(role), began)
  const [customer, otherCustomer, provider] = [queue('customer'), queue('otherCustomer'), queue('provider')]
  const readAll = () => Promise.all([customer, otherCustomer, provider].map(one => one.read()))
  let isTold = false
  let [count, changed] = [0, Date.now()]
  for (const end = Date.now() + withinMs; !isTold && Date.now() < end && Date.now() - changed < NOTHING_COMES_MS; await pause(150)) {
    await readAll()
    const [row] = await system.rows('select count(*)::int as count from exchange.capture_due')
    const all = customer.updates.length + otherCustomer.updates.length
    if (row!.count || all !== count) changed = Date.now()
    count = all
    const missing = (role: Customer, { updates }: WholeQueue) =>
      stories.reduce((sum, story) => sum + missingOf(story, { customer: role, updates }), 0)
    isTold = row!.count === 0 && missing('customer', customer) + missing('otherCustomer', otherCustomer) === 0
  }
  await pause(QUIET_MS)
  await readAll()
  return { isTold, queues: { customer: customer.updates, otherCustomer: otherCustomer.updates, provider: provider.updates } }
}

async function amiss(exchange: OpenSystem, stories: readonly Story[], queues: Queues): Promise<string[]> {
  const wrong: string[] = []
  for (const customer of CUSTOMERS) {
    const updates = queues[customer]
    for (const word of strangeWords(JSON.stringify(updates), stories, customer))
      wrong.push(`${word.slice(2).split('s')[0]}: ${customer} was told ${word}, which is not its own`)
    const open = (await exchange.partner(customer).listOpenTickets()).body.result.map(
      (ticket: { kpn_ticket_number: string }) => ticket.kpn_ticket_number,
    )
    for (const story of stories) {
      wrong.push(...toldAmiss(story, { customer, updates }))
      wrong.push(...shownAmiss(story, customer, readable(story, customer), await shown(exchange, story, customer)))
      const isOwn = readable(story, customer) !== undefined
      if (open.includes(story.number) !== isOwn)
        wrong.push(`${story.name}: ListOpenTickets ${isOwn ? 'does not name' : 'names'} it to ${customer}`)
      wrong.push(...(await givenAmiss(exchange, story, customer)))
    }
  }
  for (const { number, name } of stories)
    if (queues.provider.some(update => update.kpn_ticket_number === number)) wrong.push(`${name}: the provider was told of it`)
  return wrong
}

async function shown(exchange: OpenSystem, { number }: Story, customer: Customer): Promise<Found | undefined> {
  const { status, body } = await exchange.partner(customer).readTicket(number)
  if (status === 404) return undefined
  if (status !== 200) throw new Error(`GET /Ticket was answered ${status}: ${JSON.stringify(body)}`)
  const [ticket] = body.result as { comments: { text: string }[]; attachments: { name: string }[] }[]
  return { comments: ticket!.comments.map(({ text }) => text), files: ticket!.attachments.map(({ name }) => name) }
}

/** GetAttachment gives what GET /Ticket shows, and nothing else. */
async function givenAmiss(exchange: OpenSystem, story: Story, customer: Customer): Promise<string[]> {
  const wrong: string[] = []
  for (const { file } of story.happenings) {
    if (!file?.id) continue
    const { status } = await exchange.partner(customer).getAttachment(file.id)
    const expected = readable(story, customer)?.files.includes(file.name) ? 200 : 404
    if (status !== expected)
      wrong.push(`${story.name}: GetAttachment answers ${customer} ${status} for ${file.name}, and should answer ${expected}`)
  }
  return wrong
}
