import { setTimeout as pause } from 'node:timers/promises'
import { untilAnswered } from '../faults/socket-system.ts'
import type { Partner } from '../system/partner.ts'
import type { Update } from '../system/update.ts'
import type { Party } from './told-history.ts'

/** Longer than an exchange stands still, and the next one starts. */
const PATIENT_MS = 90_000

/** A partner's whole queue, read from the last update on. */
export class WholeQueue {
  readonly updates: Update[] = []
  readonly #partner: () => Partner
  readonly #began: Date
  #reading: Promise<void> | undefined

  constructor(partner: () => Partner, began: Date) {
    this.#partner = partner
    this.#began = began
  }

  /** Reads what has come; who asks meanwhile waits for the same answer. */
  read(): Promise<void> {
    this.#reading ??= this.#pages().finally(() => {
      this.#reading = undefined
    })
    return this.#reading
  }

  async #pages(): Promise<void> {
    for (;;) {
      const last = this.updates.at(-1)
      const query = last ? { from: last.transaction_id } : { since: new Date(this.#began.getTime() - 2_000).toISOString() }
      const { status, body } = await untilAnswered(() => this.#partner().poll(query), PATIENT_MS)
      if (status !== 200) throw new Error(`The queue was not read: ${status} ${JSON.stringify(body)}`)
      const news: Update[] = last ? body.slice(1) : body
      this.updates.push(...news)
      if (body.length < 1_000) return
    }
  }

  async until(test: (update: Update) => boolean, withinMs: number): Promise<Update | undefined> {
    for (const end = Date.now() + withinMs; ; await pause(100)) {
      await this.read()
      const found = this.updates.find(test)
      if (found || Date.now() > end) return found
    }
  }
}

/** Everybody's queue, since then. */
export function wholeQueues(partner: (party: Party) => Partner, began: Date): Record<Party, WholeQueue> {
  const queue = (party: Party) => new WholeQueue(() => partner(party), began)
  return { customer: queue('customer'), otherCustomer: queue('otherCustomer'), provider: queue('provider') }
}
