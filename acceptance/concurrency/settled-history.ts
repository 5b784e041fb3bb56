import { setTimeout as pause } from 'node:timers/promises'
import type { PlayedOn } from '../faults/socket-system.ts'
import type { OpenSystem } from '../system/open-system.ts'
import { CUSTOMERS, type Customer } from './seeded-history.ts'
import {
  type Amiss,
  type Found,
  type Heard,
  missingOf,
  PARTIES,
  type Party,
  readable,
  type Story,
  shownAmiss,
  strangeWords,
  toldAmiss,
} from './told-history.ts'
import { type WholeQueue, wholeQueues } from './whole-queue.ts'

/** What was put aside is tried again at least every 19 s; what an abrupt clock hid is found by the next sweep. */
const SETTLES_WITHIN_MS = 45_000
const AFTER_A_START_MS = 25_000
/** After a look that failed the next one comes within 6.25 s. */
const NOTHING_COMES_MS = 8_000
/** Long enough for anything that should not come. */
const QUIET_MS = 1_200

type Queues = Readonly<Record<Party, WholeQueue['updates']>>

export interface Settled {
  queues: Queues
  exchange: OpenSystem
  /** What came only after a new start. */
  late: Amiss[]
}

export interface Played {
  began: Date
  stories: readonly Story[]
}

/** Waits until all is told and nothing more comes. Where something does not, a new start of the exchange looks an hour back. */
export async function settled(
  system: PlayedOn,
  { began, stories }: Played,
  { restart }: { restart: () => Promise<OpenSystem> },
): Promise<Settled> {
  const first = await quiet(system, system.exchange, began, stories, SETTLES_WITHIN_MS)
  if (first.isTold) return { ...first, exchange: system.exchange, late: [] }
  const exchange = await restart()
  const second = await quiet(system, exchange, began, stories, AFTER_A_START_MS)
  const known = new Set(PARTIES.flatMap(party => first.queues[party].map(update => update.transaction_id)))
  const late = PARTIES.flatMap(party => second.queues[party].filter(update => !known.has(update.transaction_id)))
  const nameOf = (number: string) => stories.find(story => story.number === number)?.name ?? number
  return {
    ...second,
    exchange,
    late: late.map(update => ({
      count: 'lost',
      says: `${nameOf(update.kpn_ticket_number)}: told only by a new start of the exchange: ${JSON.stringify(update)}`,
    })),
  }
}

async function quiet(system: PlayedOn, exchange: OpenSystem, began: Date, stories: readonly Story[], withinMs: number) {
  const queues = wholeQueues(party => exchange.partner(party), began)
  const readAll = () => Promise.all(PARTIES.map(party => queues[party].read()))
  let isTold = false
  let [count, changed] = [0, Date.now()]
  for (const end = Date.now() + withinMs; !isTold && Date.now() < end && Date.now() - changed < NOTHING_COMES_MS; await pause(150)) {
    await readAll()
    const [row] = await system.rows('select count(*)::int as count from exchange.capture_due')
    const all = PARTIES.reduce((sum, party) => sum + queues[party].updates.length, 0)
    if (row!.count || all !== count) changed = Date.now()
    count = all
    isTold = row!.count === 0 && !PARTIES.some(party => isMissing(stories, { customer: party, updates: queues[party].updates }))
  }
  await pause(QUIET_MS)
  await readAll()
  const { customer, otherCustomer, provider } = queues
  return { isTold, queues: { customer: customer.updates, otherCustomer: otherCustomer.updates, provider: provider.updates } }
}

const isMissing = (stories: readonly Story[], { customer, updates }: Heard): boolean => {
  const of = Map.groupBy(updates, update => update.kpn_ticket_number)
  return stories.some(story => missingOf(story, { customer, updates: of.get(story.number) ?? [] }) > 0)
}

/** Everything that each of them was told and is shown, against what happened. */
export async function amiss(exchange: OpenSystem, stories: readonly Story[], queues: Queues): Promise<Amiss[]> {
  const wrong: Amiss[] = []
  for (const party of PARTIES) {
    const updates = queues[party]
    const of = Map.groupBy(updates, update => update.kpn_ticket_number)
    for (const word of strangeWords(JSON.stringify(updates), stories, party))
      wrong.push({ count: 'crossed', says: `${word.slice(2).split('s')[0]}: ${party} was told ${word}, which is not its own` })
    for (const story of stories) wrong.push(...toldAmiss(story, { customer: party, updates: of.get(story.number) ?? [] }))
    const ids = new Set(updates.map(update => update.transaction_id))
    if (ids.size < updates.length)
      wrong.push({ count: 'doubled', says: `queue: ${party} was given one transaction_id for several updates` })
  }
  for (const customer of CUSTOMERS) {
    const open = (await exchange.partner(customer).listOpenTickets()).body.result.map(
      (ticket: { kpn_ticket_number: string }) => ticket.kpn_ticket_number,
    )
    for (const story of stories) {
      wrong.push(...shownAmiss(story, customer, readable(story, customer), await shown(exchange, story, customer)))
      const isOwn = readable(story, customer) !== undefined
      if (open.includes(story.number) !== isOwn)
        wrong.push({
          count: isOwn ? 'lost' : 'crossed',
          says: `${story.name}: ListOpenTickets ${isOwn ? 'does not name' : 'names'} it to ${customer}`,
        })
      wrong.push(...(await givenAmiss(exchange, story, customer)))
    }
  }
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
async function givenAmiss(exchange: OpenSystem, story: Story, customer: Customer): Promise<Amiss[]> {
  const wrong: Amiss[] = []
  for (const { file } of story.happenings) {
    if (!file?.id) continue
    const { status } = await exchange.partner(customer).getAttachment(file.id)
    const expected = readable(story, customer)?.files.includes(file.name) ? 200 : 404
    if (status !== expected)
      wrong.push({
        count: status === 200 ? 'crossed' : 'lost',
        says: `${story.name}: GetAttachment answers ${customer} ${status} for ${file.name}, and should answer ${expected}`,
      })
  }
  return wrong
}
