import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { putBackForTheFirstLook, setClock } from '../concurrency/clock-of-the-instance.ts'
import { PlayedHistory } from '../concurrency/played-history.ts'
import { rowsOf } from '../concurrency/rows-of-a-story.ts'
import { planned } from '../concurrency/seeded-history.ts'
import { amiss, settled } from '../concurrency/settled-history.ts'
import { type Amiss, COUNTS, PARTIES, type Party, type Story } from '../concurrency/told-history.ts'
import { Turns } from '../concurrency/turns.ts'
import { type GatedSystem, startBehindGate } from '../faults/gated-system.ts'
import { type PlayedOn, until } from '../faults/socket-system.ts'
import type { OpenSystem, PartnerRole } from '../system/open-system.ts'
import { aboutOf, answerAmiss, documentedStatuses } from './answers.ts'
import { type Asked, PartnerOfBoth } from './both-exchanges.ts'
import { Exchanges } from './exchanges.ts'
import { type Followed, Follower } from './followers.ts'
import { KeptHistory } from './kept-history.ts'
import { type Pace, strikeUntilEnded } from './strikes.ts'
import { writtenAmiss } from './written.ts'

export interface SoakOptions {
  seed: number
  /** Work begins as long as this has not passed; what was begun is finished. */
  ms: number
  /** Steps of the work that is done side by side, and begun anew when it is done. */
  steps: number
  pace: Pace
  /** So long a write whose outcome is unknown is looked for before it counts as absent. */
  settleSeconds: number
  /** Whether the instance's clock jumps. */
  clockJumps: boolean
  /** The history and the pollers' journals are kept here. */
  folder: string
}

export interface Soaked {
  counts: Record<Amiss['count'], number>
  violations: Amiss[]
  /** By where the guarantees end (GUARANTEES): not counted. */
  known: string[]
}

const PROGRESS_EVERY_MS = 30_000
const DONE_WITHIN_MS = 90_000
const STORIES_PRINTED = 5

/** Everybody at work on two exchanges, one database and one instance, all of which end, stand still and come back; then the books are compared. */
export async function soak(options: SoakOptions): Promise<Soaked> {
  const kept = new KeptHistory(options.folder)
  const moments = [performance.now()]
  await using gated = await startBehindGate({
    keepAddresses: true,
    settings: { SERVICENOW_SETTLE_SECONDS: String(options.settleSeconds) },
    before: putBackForTheFirstLook,
  })
  await setClock(gated.instance, { reset: true })
  const run = await Soak.open(gated, options, kept)
  moments.push(performance.now())
  try {
    await run.work()
    moments.push(performance.now())
    const soaked = await run.held()
    const [started, worked, compared] = [...moments.slice(1), performance.now()].map((at, place) =>
      ((at - moments[place]!) / 1_000).toFixed(1),
    )
    console.log(`started in ${started} s, worked for ${worked} s, settled and compared in ${compared} s`)
    return soaked
  } finally {
    await run.end()
    await kept.close()
  }
}

class Soak {
  readonly #gated: GatedSystem
  readonly #options: SoakOptions
  readonly #kept: KeptHistory
  readonly #exchanges: Exchanges
  readonly #followers: readonly Follower[]
  readonly #system: PlayedOn
  readonly #violations: Amiss[] = []
  readonly #known: string[] = []
  readonly #writes: Asked[] = []
  readonly #stories: Story[] = []
  readonly #turns = new Turns()
  readonly #began = new Date()
  #playing: PlayedHistory | undefined
  #asked = 0
  #happenings = 0

  private constructor(parts: {
    gated: GatedSystem
    options: SoakOptions
    kept: KeptHistory
    followers: readonly Follower[]
    exchanges: Exchanges
    documented: ReadonlyMap<string, ReadonlySet<number>>
  }) {
    const { gated, exchanges, documented } = parts
    this.#gated = gated
    this.#options = parts.options
    this.#kept = parts.kept
    this.#exchanges = exchanges
    this.#followers = parts.followers
    const onAsked = (asked: Asked) => this.#took(asked, answerAmiss(asked, documented, exchanges))
    this.#system = { instance: gated.instance, rows: gated.rows, exchange: bothAsOne(exchanges, onAsked) }
  }

  static async open(gated: GatedSystem, options: SoakOptions, kept: KeptHistory): Promise<Soak> {
    const exchanges = new Exchanges(gated.exchanges)
    const { backOffice } = exchanges.first
    const customer = exchanges.first.partner('customer').access
    const acknowledges = await backOffice.addProject(customer, 'sandbox', 'acknowledge')
    await backOffice.close()
    const followed: Followed[] = [
      { party: 'customer', mode: 'from', access: customer },
      { party: 'customer', mode: 'ack', access: acknowledges },
      { party: 'otherCustomer', mode: 'read-once', access: exchanges.first.partner('otherCustomer').access },
      { party: 'provider', mode: 'from', access: exchanges.first.partner('provider').access },
    ]
    const addressOf = (at: number) => exchanges.at(at % exchanges.count).firstSteps.exchange
    const followers = await Promise.all(followed.map((about, at) => Follower.start(about, addressOf(at), kept)))
    const documented = await documentedStatuses(addressOf(0))
    return new Soak({ gated, options, kept, followers, exchanges, documented })
  }

  #took(asked: Asked, wrong: readonly Amiss[]): void {
    const { actor, method, path, query, body, answer, trouble, exchange, beganAt, endedAt } = asked
    this.#asked += 1
    for (const one of wrong) {
      this.#violations.push(one)
      this.#kept.keep({ actor: 'soak', ticket: aboutOf(asked), what: `${one.count}: ${one.says}` })
    }
    const isPoll = path === '/TicketUpdates'
    // With `from` the first one is known already.
    if (isPoll && answer?.status === 200 && answer.body.length <= (query?.from ? 1 : 0)) return
    this.#kept.keep({
      actor,
      ticket: aboutOf(asked),
      what: `${method} ${path} at exchange ${exchange}${body ? ` ${JSON.stringify(body)}` : ''}, ${endedAt - beganAt} ms`,
      answer: answer ? [answer.status, isPoll && answer.status === 200 ? `${answer.body.length} updates` : answer.body] : trouble,
    })
    if (body) this.#writes.push({ ...asked, ...(answer ? { answer: { ...answer, body: undefined } } : {}) })
  }

  /** Waves of work while everything is struck, until the time is over. */
  async work(): Promise<void> {
    const { seed, ms, steps, pace, clockJumps } = this.#options
    const { gate, instance } = this.#gated
    const struck = { exchanges: this.#exchanges, gate, instance, followers: this.#followers, turns: this.#turns, kept: this.#kept }
    const strikes = strikeUntilEnded(struck, seed, pace)
    const progress = setInterval(() => console.log(this.#soFar()), PROGRESS_EVERY_MS)
    const slow: string[] = []
    try {
      for (let wave = 0; wave === 0 || Date.now() - this.#began.getTime() < ms; wave++) {
        const history = new PlayedHistory(this.#system, planned(seed + wave * 10_000, steps, 'everything'), {
          clockJumps,
          firstRecord: wave * 100,
          turns: this.#turns,
          onHappening: ({ name, number }, { by, did, owner, told, at }) => {
            this.#happenings += 1
            this.#kept.keep({ actor: by, ticket: number, what: `${name}: ${did}, ${owner ?? 'nobody'}’s, at ${at}`, answer: told })
          },
        })
        this.#playing = history
        await Promise.race([history.play(), strikes.failed])
        this.#stories.push(...history.stories)
        this.#violations.push(...history.wrong)
        slow.push(...history.slow)
      }
    } finally {
      clearInterval(progress)
      const count = await strikes.end()
      await this.#gated.gate.open()
      console.log(`${this.#soFar()}, ${count} strikes, ${slow.length} steps that took longer than 5 s`)
    }
  }

  #soFar(): string {
    const minutes = ((Date.now() - this.#began.getTime()) / 60_000).toFixed(1)
    return `${minutes} min: ${this.#stories.length} tickets and tasks done, ${this.#happenings} happenings, ${this.#asked} requests, ${this.#violations.length} violations${this.#playing?.waitedFor() ?? ''}`
  }

  /** Nothing goes wrong any more: waits until all is done, and holds everybody's books against what happened. */
  async held(): Promise<Soaked> {
    const { desk } = this.#gated.instance
    await until('everything that was accepted is done', () => this.#isDone(), DONE_WITHIN_MS).catch(error =>
      this.#violations.push({ count: 'never answered', says: `writes: ${error}` }),
    )
    const played = { began: this.#began, stories: this.#stories }
    const { queues, exchange, late } = await settled(this.#system, played, { restart: () => this.#restart() })
    this.#known.push(...late.map(({ says }) => says))
    if (!this.#options.clockJumps) this.#violations.push(...late)
    this.#violations.push(...(await amiss(exchange, this.#stories, queues)))
    for (const follower of this.#followers) this.#violations.push(...(await follower.amiss(queues[follower.about.party])))
    const written = await writtenAmiss(desk, this.#stories, this.#writes, this.#exchanges)
    this.#violations.push(...written.amiss)
    this.#known.push(...written.known)
    await this.#tellStories(queues)
    const count = (kind: Amiss['count']) => this.#violations.filter(({ count }) => count === kind).length
    const counts = Object.fromEntries(COUNTS.map(kind => [kind, count(kind)])) as Soaked['counts']
    const updates = PARTIES.reduce((sum, party) => sum + queues[party].length, 0)
    console.log(`${this.#stories.length} tickets and tasks, ${this.#happenings} happenings, ${updates} updates, ${this.#asked} requests`)
    return { counts, violations: this.#violations, known: this.#known }
  }

  async #isDone(): Promise<boolean> {
    const [row] = await this.#gated.rows(`select count(*)::int as count from exchange.recorded_write where state <> 'done'`)
    return row!.count === 0
  }

  async #restart(): Promise<OpenSystem> {
    for (let exchange = 0; exchange < this.#exchanges.count; exchange++) await this.#exchanges.restarted(exchange, 'stop')
    return this.#system.exchange
  }

  /** Of each ticket that a violation names its own story: kept whole, printed for the first ones. */
  async #tellStories(queues: Parameters<typeof rowsOf>[2]): Promise<void> {
    const concerned = this.#stories.filter(({ name, number }) =>
      this.#violations.some(({ says }) => says.startsWith(`${name}:`) || says.startsWith(`${number}:`)),
    )
    for (const [place, story] of concerned.entries()) {
      const told = await rowsOf(this.#system, story, queues)
      writeFileSync(join(this.#options.folder, `${story.name}.txt`), told, { mode: 0o600 })
      if (place < STORIES_PRINTED) console.log(told)
    }
  }

  async end(): Promise<void> {
    for (const follower of this.#followers) await follower.end()
  }
}

/** What a partner or the desk talks to: whichever exchange is next. */
function bothAsOne(exchanges: Exchanges, onAsked: (asked: Asked) => void): OpenSystem {
  const partners = new Map<PartnerRole, PartnerOfBoth>()
  return {
    ...exchanges.first,
    partner(role: PartnerRole | Party) {
      const known = partners.get(role) ?? new PartnerOfBoth(role, exchanges, onAsked)
      partners.set(role, known)
      return known
    },
  }
}
