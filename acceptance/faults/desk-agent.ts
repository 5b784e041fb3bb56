import type { Desk, DeskRecord } from '../system/desk.ts'
import type { Callers } from './callers.ts'
import type { PartnerRequest } from './partner-request.ts'

const SPEAKS_EVERY_MS = 150
/** Of so many tickets that were filed last, so that each gets several comments. */
const OF_THE_LAST = 12

const pause = (milliseconds: number) => new Promise(done => setTimeout(done, milliseconds))

/** Somebody of the desk who comments on the partners' tickets in ServiceNow, one after the other. */
export class DeskAgent {
  /** What was said on each filing's ticket, in order. */
  readonly said = new Map<PartnerRequest, string[]>()
  readonly #desk: Desk
  readonly #callers: Callers
  readonly #records = new Map<PartnerRequest, DeskRecord>()
  readonly #work: Promise<void>
  #working = true

  constructor(desk: Desk, callers: Callers) {
    this.#desk = desk
    this.#callers = callers
    this.#work = this.#atWork()
    // Whoever waits for the end hears of a failure.
    this.#work.catch(() => {})
  }

  async finish(): Promise<void> {
    this.#working = false
    await this.#work
  }

  async #atWork(): Promise<void> {
    for (let turn = 0; this.#working; turn++) {
      await pause(SPEAKS_EVERY_MS)
      const tickets = this.#callers.tickets.slice(-OF_THE_LAST)
      const ticket = tickets[Math.floor(Math.random() * tickets.length)]
      if (!ticket) continue
      const text = `${this.#callers.name} is looked at, ${turn}`
      await this.#say(await this.#recordOf(ticket), text)
      this.said.set(ticket, [...(this.said.get(ticket) ?? []), text])
    }
  }

  async #recordOf(ticket: PartnerRequest): Promise<DeskRecord> {
    const known = this.#records.get(ticket) ?? (await patiently(() => this.#desk.record(ticket.number!)))
    this.#records.set(ticket, known)
    return known
  }

  /** Once: after a failure a person looks at the ticket before saying it again. */
  async #say(record: DeskRecord, text: string): Promise<void> {
    for (;;) {
      const failed = await this.#desk.comment(record, text).then(
        () => false,
        () => true,
      )
      if (!failed) return
      await pause(500)
      if ((await patiently(() => this.#desk.journal(record, 'comments'))).includes(text)) return
    }
  }
}

/** Where the instance or its own database is struck too, its pages fail for a moment. */
export async function patiently<T>(look: () => Promise<T>): Promise<T> {
  for (const late = Date.now() + 20_000; ; ) {
    try {
      return await look()
    } catch (error) {
      if (Date.now() > late) throw error
      await pause(300)
    }
  }
}
