import { setTimeout as pause } from 'node:timers/promises'
import { patiently } from '../faults/desk-agent.ts'
import { type PlayedOn, untilAnswered } from '../faults/socket-system.ts'
import type { DeskRecord } from '../system/desk.ts'
import type { Update } from '../system/update.ts'
import { InstanceClock } from './clock-of-the-instance.ts'
import type { Customer, Jump, PlannedHistory, Trouble } from './seeded-history.ts'
import type { Amiss, Happening, Party, Story } from './told-history.ts'
import { Turns } from './turns.ts'
import { type WholeQueue, wholeQueues } from './whole-queue.ts'
import { Worker } from './work-on-a-ticket.ts'
import { PATIENT_MS, type WorkerParts } from './worker-parts.ts'

/** By then everything that was saved is noticed, while nothing goes wrong. */
const SEEN_WITHIN_MS = 20_000
const SLOW_SECONDS = 5

export interface PlayOptions {
  clockJumps: boolean
  /** The number of the first record, so that several histories of one run say nothing twice. */
  firstRecord?: number
  /** Waited for before the instance is away or its clock changes. */
  turns?: Turns
  /** Told of each happening, when it is done. */
  onHappening?: (story: Story, happening: Happening) => void
}

/** A random history at work: people of the desk, two customers, and what goes wrong. */
export class PlayedHistory {
  readonly stories: Story[] = []
  readonly began = new Date()
  /** What partners were answered and shown meanwhile that should not have been. */
  readonly wrong: Amiss[] = []
  /** The jumps of the clock, for whoever reads what went wrong. */
  readonly clocks: string[] = []
  readonly skipped: string[] = []
  /** What took longer than it should. */
  readonly slow: string[] = []
  readonly #system: PlayedOn
  readonly #plan: PlannedHistory
  readonly #options: PlayOptions
  readonly #turns: Turns
  readonly #clock: InstanceClock
  readonly #hiding: Promise<void>[] = []
  readonly #underWay = new Map<string, number>()
  #hidden = false
  #working = true
  /** Nothing more goes wrong until what was saved so far is noticed. */
  #waiting = false
  readonly #queues: Readonly<Record<Party, WholeQueue>>

  constructor(system: PlayedOn, plan: PlannedHistory, options: PlayOptions) {
    this.#system = system
    this.#plan = plan
    this.#options = options
    this.#turns = options.turns ?? new Turns()
    this.#clock = new InstanceClock(system.instance)
    this.#queues = wholeQueues(party => system.exchange.partner(party), this.began)
  }

  async play(): Promise<void> {
    const { desk } = this.#system.instance
    const nobody = (await this.#turns.together(() => desk.create('core_company', { name: 'Nobody’s company' }))).sys_id
    const witness = await this.#file('customer')
    const trouble = this.#troubles()
    const jumps = this.#jumps(witness.record, witness.number).catch(error => {
      this.wrong.push({ count: 'never answered', says: `clock: nobody can go on: ${error}` })
    })
    const filings = this.#plan.records.map(() => Promise.withResolvers<Story>())
    const work = this.#plan.records.map(async (record, at) => {
      await pause(record.afterMs)
      const name = `r${(this.#options.firstRecord ?? 0) + at}`
      const worker = new Worker(this.#parts(nobody), name)
      const work = async () => {
        const of = record.origin.by === 'copy' ? await filings[record.origin.of]!.promise : undefined
        const story = await worker.begin(record.origin, of)
        this.stories.push(story)
        filings[at]!.resolve(story)
        for (const [place, step] of record.steps.entries()) await this.#timed(`${name}s${place} ${step.does}`, () => worker.do(step, place))
      }
      await work().catch(error => {
        this.wrong.push({ count: 'never answered', says: `${name}: nobody can go on: ${error}` })
        filings[at]!.reject(error)
      })
    })
    for (const { promise } of filings) promise.catch(() => {})
    try {
      await Promise.all(work)
    } finally {
      this.#working = false
      await Promise.all([trouble, jumps, ...this.#hiding])
      await patiently(() => this.#system.instance.noFaults())
    }
    this.stories.sort((a, b) => a.name.localeCompare(b.name, 'en', { numeric: true }))
  }

  /** What is under way and takes long, for whoever watches. */
  waitedFor(): string {
    const long = [...this.#underWay].filter(([, began]) => performance.now() - began > SLOW_SECONDS * 1_000).map(([what]) => what)
    const failed = this.wrong.map(({ says }) => says)
    return [...(long.length ? [`waited for: ${long.join(', ')}`] : []), ...failed].map(line => `\n  ${line}`).join('')
  }

  async #timed(what: string, act: () => Promise<unknown>): Promise<void> {
    const began = performance.now()
    this.#underWay.set(what, began)
    await act().finally(() => this.#underWay.delete(what))
    const seconds = (performance.now() - began) / 1_000
    if (seconds > SLOW_SECONDS) this.slow.push(`${what} took ${seconds.toFixed(1)} s`)
  }

  #parts(nobody: string): WorkerParts {
    return {
      system: this.#system,
      turns: this.#turns,
      clock: this.#clock,
      queues: this.#queues,
      companies: {
        none: '',
        nobody,
        customer: this.#system.exchange.partner('customer').access.organisation.sys_id,
        otherCustomer: this.#system.exchange.partner('otherCustomer').access.organisation.sys_id,
      },
      wrong: this.wrong,
      stories: this.stories,
      happened: (story, happening) => {
        story.happenings.push(happening)
        this.#options.onHappening?.(story, happening)
      },
      skipped: this.skipped,
      hide: (name, forMs) => this.#hide(name, forMs),
    }
  }

  async #file(customer: Customer): Promise<{ number: string; record: DeskRecord }> {
    const { body } = await untilAnswered(() => this.#system.exchange.partner(customer).fileTicket(), PATIENT_MS)
    return { number: body.kpn_ticket_number, record: await patiently(() => this.#system.instance.desk.record(body.kpn_ticket_number)) }
  }

  /** An access rule of the desk hides a file of this name for a while; one at a time. */
  async #hide(name: string, forMs: number): Promise<void> {
    if (this.#hidden) return
    this.#hidden = true
    const { desk } = this.#system.instance
    const rules = await patiently(() => desk.find('sys_security_acl', 'nameSTARTSWITHsys_attachment^operation=read'))
    for (const rule of rules) await patiently(() => desk.change(rule, { condition: `file_name!=${name}` }))
    const undo = async () => {
      await pause(forMs)
      for (const rule of rules) await patiently(() => desk.change(rule, { condition: rule.fields.condition ?? '' }))
      this.#hidden = false
    }
    this.#hiding.push(undo())
  }

  async #troubles(): Promise<void> {
    while (this.#working) {
      const next = this.#plan.troubles()
      await pause(next.pauseMs)
      while (this.#waiting) await pause(50)
      // Whatever is away is struck already.
      if (this.#working) await this.#strike(next).catch(() => {})
    }
  }

  async #strike(trouble: Trouble): Promise<void> {
    const { instance } = this.#system
    if (trouble.strikes === 'write') {
      const fault = await instance.fault({
        kind: trouble.kind,
        method: trouble.method,
        times: 1,
        ...(trouble.kind === 'latency' && { delayMs: 300 }),
      })
      return takeBack(fault, trouble.forMs)
    }
    const hold = () => instance.fault({ kind: 'server-error', method: 'GET', path: '/table/task' })
    if (trouble.strikes === 'journal') {
      const held = trouble.heldMs ? await hold() : undefined
      await pause(trouble.heldMs)
      const fault = await instance.fault({ kind: trouble.kind, method: 'GET', path: 'sys_journal_field', times: trouble.times })
      await held?.off()
      return takeBack(fault, trouble.forMs)
    }
    const fault =
      trouble.strikes === 'changes' ? await hold() : await instance.fault({ kind: trouble.kind, method: 'GET', path: 'sys_audit' })
    return takeBack(fault, trouble.forMs)
  }

  async #jumps(witness: DeskRecord, number: string): Promise<void> {
    for (let turn = 0; this.#working && this.#options.clockJumps; turn++) {
      const jump = this.#plan.jumps()
      await pause(jump.pauseMs)
      if (!this.#working) return
      await this.#jump(jump, { witness, number, word: `witness ${turn}` })
    }
  }

  async #jump(
    { minutes, forMs, seen }: Jump,
    { witness, number, word }: { witness: DeskRecord; number: string; word: string },
  ): Promise<void> {
    const whenSeen = async (text: string) => {
      if (!seen) return
      this.#waiting = true
      await this.#system.instance.desk.comment(witness, text)
      const isIt = (update: Update) => update.kpn_ticket_number === number && update.ticket_attributes.comments === text
      if (!(await this.#queues.customer.until(isIt, SEEN_WITHIN_MS)))
        this.slow.push(`"${text}" was not told within ${SEEN_WITHIN_MS / 1_000} s`)
      this.#waiting = false
    }
    const change = async (to: number, text: string) =>
      this.#turns.alone(async () => {
        await this.#timed(text, () => whenSeen(text))
        this.clocks.push(`at ${this.#clock.now()} ${seen ? 'after everything was noticed' : 'abruptly'} to ${to} minutes`)
        await this.#clock.set(to)
      })
    await change(minutes, `${word} before`)
    await pause(forMs)
    await change(0, `${word} after`)
  }
}

/** Whatever it did not strike by then: otherwise the one request of a quiet time meets all that waits for one, again and again. */
async function takeBack(fault: { off(): Promise<void> }, afterMs: number): Promise<void> {
  await pause(afterMs)
  await fault.off()
}
