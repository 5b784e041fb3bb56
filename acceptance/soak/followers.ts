import { join, resolve } from 'node:path'
import { type PollerMode, readJournal } from '@deskbridge/connect'
import type { Amiss, Party } from '../concurrency/told-history.ts'
import { type Command, runScript } from '../system/command.ts'
import type { PartnerAccess } from '../system/partner.ts'
import type { Update } from '../system/update.ts'
import type { KeptHistory } from './kept-history.ts'

const SCRIPT = resolve(import.meta.dirname, 'follower-process.ts')
const STARTS_WITHIN_MS = 30_000
const ENDS_WITHIN_MS = 40_000
/** By then a poller has read what is there. */
const CAUGHT_UP_WITHIN_MS = 30_000

export interface Followed {
  party: Party
  mode: PollerMode
  access: PartnerAccess
}

/** A poller that is killed and started again on its folder. */
export class Follower {
  readonly about: Followed
  readonly #exchange: string
  readonly #folder: string
  readonly #kept: KeptHistory
  #process: Command
  /** Polls that failed, or were under way when their process was killed. */
  #broken = 0

  private constructor(about: Followed, exchange: string, kept: KeptHistory) {
    this.about = about
    this.#exchange = exchange
    this.#folder = join(kept.folder, `follower-${this.name}`)
    this.#kept = kept
    this.#process = this.#run()
  }

  static async start(about: Followed, exchange: string, kept: KeptHistory): Promise<Follower> {
    const follower = new Follower(about, exchange, kept)
    await follower.#process.untilPrinted('follows', STARTS_WITHIN_MS)
    return follower
  }

  get name(): string {
    return `${this.about.party}-${this.about.mode}`
  }

  #run(): Command {
    const { clientId, clientSecret } = this.about.access
    return runScript([SCRIPT], {
      EXCHANGE: this.#exchange,
      CLIENT_ID: clientId,
      CLIENT_SECRET: clientSecret,
      FOLDER: this.#folder,
      MODE: this.about.mode,
    })
  }

  #took(): void {
    const troubles = this.#process.output().match(/^trouble .*$/gm) ?? []
    for (const trouble of troubles) this.#kept.keep({ actor: this.name, what: 'polls', answer: trouble })
    this.#broken += troubles.length
  }

  async killed(): Promise<void> {
    this.#process.process.kill('SIGKILL')
    await this.#process.ended
    this.#took()
    this.#broken += 1
    this.#process = this.#run()
    await this.#process.untilPrinted('follows', STARTS_WITHIN_MS)
  }

  async end(): Promise<void> {
    this.#process.process.kill('SIGTERM')
    setTimeout(() => this.#process.process.kill('SIGKILL'), ENDS_WITHIN_MS).unref()
    await this.#process.ended
    this.#took()
  }

  /** Ends it when it has read all of this queue, and holds what it stored against it. */
  async amiss(queue: readonly Update[]): Promise<Amiss[]> {
    const last = queue.at(-1)?.transaction_id
    const stored = async () => [...(await readJournal(this.#folder)).remembered]
    for (const end = Date.now() + CAUGHT_UP_WITHIN_MS; last && Date.now() < end && !(await stored()).includes(last); ) await pause(200)
    await this.end()
    const ids = await stored()
    const all = queue.map(update => update.transaction_id)
    const known = new Set(all)
    const strange = ids.filter(id => !known.has(id))
    const wrong: Amiss[] = strange.length ? [{ count: 'crossed', says: `${this.name}: stored ${strange}, which are not in its queue` }] : []
    const heard = new Set(ids)
    const gaps = gapsIn(queue, heard)
    // A plain poll that breaks is lost with its answer (GUARANTEES, "The queue", where it ends): one answer each, whole.
    const allowed = this.about.mode === 'read-once' ? this.#broken : 0
    for (const gap of gaps.slice(allowed))
      wrong.push({ count: 'lost', says: `${gap[0]!.kpn_ticket_number}: ${this.name} never stored ${JSON.stringify(gap)}` })
    const inOrder = all.filter(id => heard.has(id))
    if (this.about.mode !== 'read-once' && !strange.length && inOrder.join() !== ids.join())
      wrong.push({ count: 'reordered', says: `${this.name}: stored its updates in another order than its queue has` })
    console.log(
      `${this.name}: ${ids.length} of ${all.length} updates stored, ${this.#broken} polls broken${allowed ? `, ${gaps.length} answers lost with them` : ''}`,
    )
    return wrong
  }
}

/** What was never stored, in runs as the queue has them. */
function gapsIn(queue: readonly Update[], heard: ReadonlySet<string>): Update[][] {
  const gaps: Update[][] = []
  let isOpen = false
  for (const update of queue) {
    const isMissing = !heard.has(update.transaction_id)
    if (isMissing && isOpen) gaps.at(-1)!.push(update)
    else if (isMissing) gaps.push([update])
    isOpen = isMissing
  }
  return gaps
}

const pause = (milliseconds: number) => new Promise(done => setTimeout(done, milliseconds))
