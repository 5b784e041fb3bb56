import type { Answer } from './answer.ts'

/** An update as GET /TicketUpdates gives it (contract connect-api 1.2). */
export interface Update {
  transaction_id: string
  message_datetime_utc: string
  ticket_type: string
  action: string
  kpn_ticket_number: string
  customer_reference_number?: string
  // biome-ignore lint/suspicious/noExplicitAny: read as a partner's program reads it
  ticket_attributes: Record<string, any>
}

export type About = { number: string; action?: string } | ((update: Update) => boolean)

const EVERY_MS = 60
/** "Within a second" is promised on the practice instance; a busy machine gets five. */
const SOON_MS = 5_000

/** Reads a partner's queue and remembers what it heard, since each update is handed over once. */
export class UpdateReader {
  /** Every update heard so far, in order. */
  readonly heard: Update[] = []
  readonly #poll: () => Promise<Answer>

  constructor(poll: () => Promise<Answer>) {
    this.#poll = poll
  }

  async listen(): Promise<Update[]> {
    const { status, body } = await this.#poll()
    if (status !== 200) throw new Error(`GET /TicketUpdates was answered ${status}: ${JSON.stringify(body)}`)
    this.heard.push(...body)
    return body
  }

  of(number: string): Update[] {
    return this.heard.filter(update => update.kpn_ticket_number === number)
  }

  /** The first update like this, heard already or to come. */
  async until(about: About, withinMs = SOON_MS): Promise<Update> {
    const test =
      typeof about === 'function'
        ? about
        : (update: Update) => update.kpn_ticket_number === about.number && (about.action ?? update.action) === update.action
    const found = await this.#waitFor(() => this.heard.find(test), withinMs)
    if (found) return found
    const wanted = typeof about === 'function' ? 'Such an update' : `An update ${about.action ?? ''} of ${about.number}`
    throw new Error(`${wanted} did not come. Heard:\n${this.#told(typeof about === 'function' ? undefined : about.number)}`)
  }

  /** Waits until exactly these actions were told of a ticket, in this order, and gives the updates. */
  async untilActions(number: string, actions: readonly string[], withinMs = SOON_MS): Promise<Update[]> {
    const enough = await this.#waitFor(() => this.of(number).length >= actions.length || undefined, withinMs)
    const told = this.of(number).map(update => update.action)
    if (enough && told.join() === actions.join()) return this.of(number)
    throw new Error(`Of ${number} was told: ${told.join(', ') || 'nothing'}; expected: ${actions.join(', ')}.\n${this.#told(number)}`)
  }

  async #waitFor<T>(look: () => T | undefined, withinMs: number): Promise<T | undefined> {
    for (const end = Date.now() + withinMs; ; ) {
      const found = look()
      if (found !== undefined) return found
      if (Date.now() > end) return undefined
      if (!(await this.listen()).length) await new Promise(done => setTimeout(done, EVERY_MS))
    }
  }

  #told(number?: string): string {
    const updates = number ? this.of(number) : this.heard
    return updates.map(update => JSON.stringify(update)).join('\n') || 'nothing'
  }
}
