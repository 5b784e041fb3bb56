import type { TicketUpdate } from '@deskbridge/connect'

const EVERY_MS = 60
/** On a practice instance an update comes within a second; a busy machine gets five. */
const SOON_MS = 5_000

/** What a partner has read from its queue: each update is handed over once. */
export class Hearing {
  /** In the order in which it was read. */
  readonly all: TicketUpdate[] = []
  readonly #read: () => Promise<readonly TicketUpdate[]>

  constructor(read: () => Promise<readonly TicketUpdate[]>) {
    this.#read = read
  }

  /** Reads on; whether there was something. */
  async listen(): Promise<boolean> {
    const more = await this.#read()
    this.all.push(...more)
    return more.length > 0
  }

  /** What was heard of a ticket or task. */
  of(number: string): TicketUpdate[] {
    return this.all.filter(update => update.kpn_ticket_number === number)
  }

  /** The first update of this number that is one; heard already, or within five seconds. */
  async until(number: string, action: string, test: (update: TicketUpdate) => boolean = () => true): Promise<TicketUpdate> {
    for (const end = Date.now() + SOON_MS; ; ) {
      const found = this.of(number).find(update => update.action === action && test(update))
      if (found) return found
      if (Date.now() > end) throw new Error(`An update ${action} of ${number} did not come. Heard of it: ${this.#told(number)}`)
      if (!(await this.listen())) await new Promise(done => setTimeout(done, EVERY_MS))
    }
  }

  #told(number: string): string {
    return (
      this.of(number)
        .map(update => JSON.stringify(update))
        .join('\n') || 'nothing'
    )
  }
}
