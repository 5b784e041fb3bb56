import { randomness } from './randomness.ts'

/** What a random history does: all of it follows from its seed, so that the same one can be played again. */

export const CUSTOMERS = ['customer', 'otherCustomer'] as const
export type Customer = (typeof CUSTOMERS)[number]
/** Whose company a record names: a customer's, one that is nobody's, or none. */
export type Company = Customer | 'nobody' | 'none'

/** How a partner sends a request: with a key or without one, once or twice at the same time. */
export interface Sending {
  keyed: boolean
  twin: boolean
}

export const TICKET_TYPES = ['Incident', 'Change Request', 'Service Request', 'Request for Information'] as const
export type TicketType = (typeof TICKET_TYPES)[number]

export type Step = { pauseMs: number } & (
  | { does: 'comment' | 'file' | 'read' | 'task' }
  | ({ does: 'customer-comment-with-file' | 'customer-comment' } & Sending)
  | { does: 'note' | 'state' | 'details' | 'urgency'; withComment: boolean }
  | { does: 'hidden-file'; forMs: number }
  | { does: 'move'; to: Company; withComment: boolean }
)

export type Origin =
  | { by: 'filing'; customer: Customer; withFile: boolean; ticketType: TicketType; twin: boolean }
  | { by: 'desk' | 'copy'; company: Company; of: number }

export interface PlannedRecord {
  afterMs: number
  origin: Origin
  steps: Step[]
}

/** Something goes wrong for a moment. */
export type Trouble = { pauseMs: number } & (
  | { strikes: 'journal'; kind: 'empty-journal' | 'hidden-journal'; times: number; heldMs: number; forMs: number }
  | { strikes: 'audit'; kind: 'error-in-200' | 'server-error'; forMs: number }
  | { strikes: 'changes'; forMs: number }
  | { strikes: 'write'; kind: (typeof WRITE_FAULTS)[number]; method: 'POST' | 'PATCH'; forMs: number }
)

const WRITE_FAULTS = ['reset-after-write', 'reset-before-write', 'server-error-after-write', 'latency'] as const

/** The instance's clock is put forward or back by minutes for a moment; `seen`: not before everything that was saved so far is noticed. */
export interface Jump {
  pauseMs: number
  minutes: number
  forMs: number
  seen: boolean
}

export interface PlannedHistory {
  records: PlannedRecord[]
  troubles: () => Trouble
  jumps: () => Jump
}

type Random = () => number
type Weighed<T> = readonly (readonly [weight: number, what: T])[]

const between = (random: Random, least: number, most: number) => least + Math.floor(random() * (most - least + 1))
const oneOf = <T>(random: Random, list: readonly T[]): T => list[Math.floor(random() * list.length)]!

function weighed<T>(random: Random, choices: Weighed<T>): T {
  let left = random() * choices.reduce((sum, [weight]) => sum + weight, 0)
  for (const [weight, what] of choices) {
    left -= weight
    if (left < 0) return what
  }
  return choices.at(-1)![1]
}

const STEPS_A_RECORD = 6
const MOST_RECORDS = 24

const STEPS: Weighed<Exclude<Step['does'], 'task'>> = [
  [22, 'comment'],
  [20, 'state'],
  [9, 'details'],
  [5, 'urgency'],
  [7, 'note'],
  [10, 'file'],
  [3, 'hidden-file'],
  [9, 'customer-comment'],
  [6, 'customer-comment-with-file'],
  [12, 'move'],
  [5, 'read'],
]

/** What a history is made of: incidents and their texts, or also all other types, keys, twins, tasks, and writes that fail. */
export type Mix = 'incidents' | 'everything'

/** So many steps in all, spread over some records that are worked on side by side. */
export function planned(seed: number, steps: number, mix: Mix = 'incidents'): PlannedHistory {
  const random = randomness(seed)
  const more = mix === 'everything' ? randomness(seed + 3) : () => 1
  const count = Math.min(MOST_RECORDS, Math.max(4, Math.round(steps / STEPS_A_RECORD)))
  const records: PlannedRecord[] = []
  for (let at = 0; at < count; at++) {
    const origin = originOf(random, more, at, records)
    const own = randomness(seed + 1_000 * (at + 1))
    const company: Company = origin.by === 'filing' ? origin.customer : origin.company
    records.push({
      afterMs: origin.by === 'copy' ? between(random, 500, 2_000) : between(random, 0, 2_000),
      origin,
      steps: stepsOf(own, more, company, Math.ceil(steps / count)),
    })
  }
  const troubleOf = randomness(seed + 1)
  const jumpOf = randomness(seed + 2)
  return { records, troubles: () => (more() < WRITES_FAIL ? failingWrite(troubleOf) : trouble(troubleOf)), jumps: () => jump(jumpOf) }
}

const OTHER_TYPE = 0.5
const TWIN = 0.3
const KEYED = 0.4
const TASK = 0.12
const WRITES_FAIL = 0.6

/** How else things are done; `more` is 1 where they are not. */
const sending = (more: Random): Sending => ({ keyed: more() < KEYED, twin: more() < TWIN })

function originOf(random: Random, more: Random, at: number, before: readonly PlannedRecord[]): Origin {
  const customer = oneOf(random, CUSTOMERS)
  // One of each at least.
  const by =
    at < 2
      ? 'filing'
      : at === 2
        ? 'desk'
        : at === 3
          ? 'copy'
          : weighed(random, [
              [4, 'filing'],
              [4, 'desk'],
              [2, 'copy'],
            ] as const)
  if (by === 'filing') {
    const withFile = random() < 0.3
    const ticketType = more() < OTHER_TYPE ? oneOf(more, TICKET_TYPES) : 'Incident'
    return { by, customer, withFile, ticketType, twin: more() < TWIN }
  }
  const filings = before.flatMap(({ origin }, place) => (origin.by === 'filing' ? [place] : []))
  const of = by === 'copy' ? oneOf(random, filings) : -1
  const filer = by === 'copy' ? (before[of]!.origin as { customer: Customer }).customer : undefined
  const other = CUSTOMERS.find(one => one !== filer)!
  const company: Company =
    by === 'copy' && random() < 0.8
      ? other
      : weighed(random, [
          [7, customer],
          [1, 'nobody'],
          [1, 'none'],
        ] as const)
  return { by, company, of }
}

function stepsOf(random: Random, more: Random, first: Company, count: number): Step[] {
  const steps: Step[] = []
  let company = first
  for (let turn = 0; turn < count; turn++) {
    const does = weighed(random, STEPS)
    const pauseMs = random() < 0.45 ? 0 : between(random, 20, 450)
    const withComment = random() < 0.5
    if (more() < TASK) steps.push({ does: 'task', pauseMs })
    else if (does === 'move') {
      const others = (['customer', 'otherCustomer', 'nobody'] as const).filter(
        one => one !== company && !(company === 'none' && one === 'nobody'),
      )
      company = oneOf(random, others)
      steps.push({ does, pauseMs, to: company, withComment: random() < 0.25 })
    } else if (does === 'hidden-file') steps.push({ does, pauseMs, forMs: between(random, 700, 2_500) })
    else if (does === 'note') steps.push({ does, pauseMs, withComment: random() < 0.25 })
    else if (does === 'state' || does === 'details' || does === 'urgency') steps.push({ does, pauseMs, withComment })
    else if (does === 'customer-comment' || does === 'customer-comment-with-file') steps.push({ does, pauseMs, ...sending(more) })
    else steps.push({ does, pauseMs })
  }
  return steps
}

function trouble(random: Random): Trouble {
  const pauseMs = between(random, 100, 1_300)
  const strikes = weighed(random, [
    [5, 'journal'],
    [2, 'audit'],
    [2, 'changes'],
  ] as const)
  const forMs = between(random, 200, 900)
  if (strikes === 'changes') return { strikes, pauseMs, forMs }
  if (strikes === 'audit') return { strikes, pauseMs, kind: oneOf(random, ['error-in-200', 'server-error'] as const), forMs }
  const kind = oneOf(random, ['empty-journal', 'hidden-journal'] as const)
  return {
    strikes,
    pauseMs,
    kind,
    times: weighed(random, [
      [5, 1],
      [3, 2],
      [2, 4],
    ] as const),
    heldMs: random() < 0.5 ? 0 : forMs,
    forMs,
  }
}

const failingWrite = (random: Random): Trouble => ({
  strikes: 'write',
  pauseMs: between(random, 100, 600),
  kind: oneOf(random, WRITE_FAULTS),
  method: random() < 0.5 ? 'POST' : 'PATCH',
  forMs: between(random, 200, 900),
})

const jump = (random: Random): Jump => ({
  pauseMs: between(random, 900, 2_600),
  minutes: (random() < 0.65 ? -1 : 1) * between(random, 1, 9),
  forMs: between(random, 500, 1_800),
  seen: random() < 0.6,
})
