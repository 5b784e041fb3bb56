import { setTimeout as pause } from 'node:timers/promises'
import { type SocketSystem, untilAnswered } from '../faults/socket-system.ts'
import { shown } from '../stories/tickets.ts'
import type { DeskRecord } from '../system/desk.ts'
import { carried } from '../system/partner.ts'
import type { InstanceClock } from './clock-of-the-instance.ts'
import { type Company, CUSTOMERS, type Customer, type Origin, type Step } from './seeded-history.ts'
import { type Happening, readable, type Story, strangeWords } from './told-history.ts'
import type { Turns } from './turns.ts'
import type { WholeQueue } from './whole-queue.ts'

/** Within a second nobody can tell what came first: people do not move a ticket in the very second in which they write on it. */
const SECOND_MS = 1_050
/** A partner's program goes on sending for so long. */
export const PATIENT_MS = 45_000
/** A partner that was not told of a ticket by then says nothing on it. */
const TOLD_WITHIN_MS = 10_000

export interface WorkerParts {
  system: SocketSystem
  turns: Turns
  clock: InstanceClock
  queues: Readonly<Record<Customer, WholeQueue>>
  companies: Readonly<Record<Company, string>>
  wrong: string[]
  skipped: string[]
  hide(name: string, forMs: number): Promise<void>
}

const PRIORITIES = ['1 - Critical', '2 - High', '3 - Moderate', '4 - Low', '5 - Planning']
const priorityOf = ({ fields }: DeskRecord) => PRIORITIES.find(priority => priority.startsWith(`${fields.priority} `)) ?? ''

/** Whoever works on one record, one step after the other. */
export class Worker {
  readonly #parts: WorkerParts
  readonly #name: string
  #story!: Story
  #owner: Customer | undefined
  #company!: Company
  #fields!: DeskRecord
  #state = '1'
  #lastMs = 0
  /** By the instance's clock. */
  #times = { file: '', move: '' }
  #references = new Map<Customer, string>()
  #answered = false

  constructor(parts: WorkerParts, name: string) {
    this.#parts = parts
    this.#name = name
  }

  async begin(origin: Origin, of: Story | undefined): Promise<Story> {
    const { system, companies } = this.#parts
    const { desk } = system.instance
    if (origin.by === 'filing') await this.#filed(origin.customer, origin.withFile)
    else {
      const copied = of ? (await desk.read(of.record)).fields : {}
      const { correlation_id = '', correlation_display = '' } = copied
      const values = {
        short_description: `d-${this.#name}`,
        company: companies[origin.company],
        ...(of ? { correlation_id, correlation_display } : {}),
      }
      const record = await this.#parts.turns.together(() => desk.create('incident', values))
      this.#owner = ownerBy(origin.company)
      this.#company = origin.company
      this.#story = { name: this.#name, record, number: shown(record), filer: undefined, happenings: [] }
      this.#fields = record
      this.#happened({
        did: of ? `copy of ${of.name}` : `made for ${origin.company}`,
        by: 'desk',
        told: this.#owner ? ['New'] : [],
        at: record.fields.sys_created_on!,
        handedOver: true,
      })
    }
    this.#lastMs = Date.now()
    return this.#story
  }

  async #filed(customer: Customer, withFile: boolean): Promise<void> {
    const { system } = this.#parts
    const { desk } = system.instance
    const partner = system.exchange.partner(customer)
    const reference = partner.newReference()
    this.#references.set(customer, reference)
    const file = { name: `f-${this.#name}s999.txt`, bytes: Buffer.from(this.#name) }
    const ticket = {
      customer_reference_number: reference,
      short_description: `d-${this.#name}`,
      ...(withFile ? { attachments: [carried(file)] } : {}),
    }
    const { status, body } = await untilAnswered(() => partner.fileTicket(ticket), PATIENT_MS)
    if (status !== 200) throw new Error(`POST /Ticket was answered ${status}: ${JSON.stringify(body)}`)
    const record = await desk.record(body.kpn_ticket_number)
    this.#owner = customer
    this.#company = customer
    this.#story = { name: this.#name, record, number: body.kpn_ticket_number, filer: customer, happenings: [] }
    this.#fields = record
    this.#happened({ did: 'filed', by: customer, told: [], at: record.fields.sys_created_on! })
    if (withFile)
      this.#happened({ did: 'file with the filing', by: customer, told: [], at: record.fields.sys_created_on!, file: { name: file.name } })
  }

  #happened(happening: Pick<Happening, 'did' | 'by' | 'told' | 'at'> & Partial<Happening>): void {
    this.#story.happenings.push({
      owner: this.#owner,
      handedOver: false,
      unassigned: this.#company === 'none',
      ...happening,
    })
  }

  async do(step: Step, place: number): Promise<void> {
    await pause(step.pauseMs)
    const word = `${this.#name}s${place}`
    const { turns } = this.#parts
    // What a partner sends for its own filing is on its way also while the clock is changed.
    const isPartners = step.does === 'customer-comment' || step.does === 'customer-comment-with-file'
    if (step.does === 'move') return this.#move(step, word)
    if (isPartners && this.#story.filer) await this.#customerSays(word, step.does === 'customer-comment-with-file')
    else if (isPartners) await this.#ownerSays(word, step.does === 'customer-comment-with-file')
    else if (step.does === 'read') await this.#look()
    else await turns.together(() => this.#deskWorks(step, word))
    this.#lastMs = Date.now()
  }

  async #deskWorks(step: Step, word: string): Promise<void> {
    const comment = `c-${word}`
    switch (step.does) {
      case 'comment':
        return this.#saved(step.does, { comments: comment }, this.#lines([], comment), { comment })
      case 'note': {
        const said = step.withComment ? { comments: comment } : {}
        return this.#saved(step.does, { work_notes: `n-${word}`, ...said }, this.#lines([], said.comments), {
          note: `n-${word}`,
          comment: said.comments,
        })
      }
      case 'state': {
        this.#state = this.#state === '2' ? '3' : '2'
        const said = step.withComment ? { comments: comment } : {}
        const action = this.#state === '2' ? 'In Progress' : 'On Hold'
        const told = this.#owner ? [[action, said.comments].filter(Boolean).join(' · ')] : []
        return this.#saved(
          `state ${this.#state}`,
          { state: this.#state, ...(this.#state === '3' ? { hold_reason: '4' } : {}), ...said },
          told,
          { comment: said.comments },
        )
      }
      case 'details':
      case 'urgency':
        return this.#details(step.does, step.withComment ? comment : undefined, word)
      case 'file':
      case 'hidden-file':
        return this.#attach(step, word)
      default:
        throw new Error(`Nobody at the desk does this: ${step.does}`)
    }
  }

  async #details(what: 'details' | 'urgency', comment: string | undefined, word: string): Promise<void> {
    const urgency = String((Number(this.#fields.fields.urgency) % 3) + 1)
    const values = what === 'details' ? { short_description: `d-${word}` } : { urgency }
    const before = priorityOf(this.#fields)
    const { desk } = this.#parts.system.instance
    this.#fields = await desk.change(this.#story.record, { ...values, ...(comment ? { comments: comment } : {}) })
    const priority = priorityOf(this.#fields)
    const changed =
      what === 'details'
        ? `Details Changed · short_description d-${word}`
        : priority !== before
          ? `Details Changed · priority ${priority}`
          : undefined
    this.#happened({
      did: `${what} ${word}`,
      by: 'desk',
      told: this.#lines(changed ? [changed] : [], comment),
      at: this.#fields.fields.sys_updated_on!,
      ...(comment ? { comment } : {}),
    })
  }

  #lines(before: readonly string[], comment: string | undefined): string[] {
    return this.#owner ? [...before, ...(comment ? [`Comment · ${comment}`] : [])] : []
  }

  async #saved(
    did: string,
    values: Record<string, string>,
    told: readonly string[],
    said: { comment?: string | undefined; note?: string },
  ): Promise<void> {
    this.#fields = await this.#parts.system.instance.desk.change(this.#story.record, values)
    const { comment, note } = said
    const words = [comment, note].filter(Boolean).join(' ')
    this.#happened({
      did: `${did} ${words}`.trim(),
      by: 'desk',
      told,
      at: this.#fields.fields.sys_updated_on!,
      ...(comment ? { comment } : {}),
      ...(note ? { note } : {}),
    })
  }

  async #attach(step: Step, word: string): Promise<void> {
    if (!this.#mayAttach(word)) return
    const name = `f-${word}.txt`
    if (step.does === 'hidden-file') await this.#parts.hide(name, step.forMs)
    const id = await this.#parts.system.instance.desk.attach(this.#story.record, { name, bytes: Buffer.from(word) })
    await this.#attached(name, step.does, 'desk', id)
  }

  /** By its time alone nobody can tell whose it was then, when the clock was put back since the record was moved. */
  #mayAttach(word: string): boolean {
    if (this.#story.filer || this.#parts.clock.now() > this.#times.move) return true
    this.#parts.skipped.push(`${word}: no file behind a move of a later time`)
    return false
  }

  async #attached(name: string, did: string, by: 'desk' | Customer, id?: string): Promise<void> {
    const files = await this.#parts.system.instance.desk.filesOf(this.#story.record)
    const file = files.find(one => one.file_name === name)!
    const at = file.sys_created_on!
    if (at > this.#times.file) this.#times.file = at
    this.#happened({ did: `${did} ${name}`, by, told: [], at, file: { name, id: id ?? file.sys_id! } })
  }

  async #customerSays(word: string, withFile: boolean): Promise<void> {
    const customer = this.#owner!
    const partner = this.#parts.system.exchange.partner(customer)
    const comment = `c-${word}`
    const file = { name: `f-${word}.txt`, bytes: Buffer.from(word) }
    const known = { kpn_ticket_number: this.#story.number, customer_reference_number: this.#references.get(customer)! }
    const update = { action: 'Comment', ...known, comment, ...(withFile ? { attachments: [carried(file)] } : {}) }
    const { status, body } = await untilAnswered(() => partner.updateTicket(update), PATIENT_MS)
    if (status !== 200)
      this.#parts.wrong.push(`${this.#name}: ${customer}’s comment ${comment} was answered ${status}: ${JSON.stringify(body)}`)
    const { desk } = this.#parts.system.instance
    const [entry] = await desk.find('sys_journal_field', `element_id=${this.#story.record.sys_id}^element=comments^value=${comment}`)
    if (!entry) return
    this.#happened({ did: `comment ${comment}`, by: customer, told: [], at: entry.fields.sys_created_on!, comment })
    if (withFile) await this.#attached(file.name, 'file', customer)
  }

  /** Whoever has the desk's ticket answers its New first. */
  async #ownerSays(word: string, withFile: boolean): Promise<void> {
    const customer = this.#owner
    if (!customer) return
    const { queues, system, turns, skipped } = this.#parts
    const news = this.#story.happenings.filter(({ owner, told }) => owner === customer && told[0]?.startsWith('New')).length
    const own = () =>
      queues[customer].updates.filter(({ action, kpn_ticket_number }) => action === 'New' && kpn_ticket_number === this.#story.number)
    for (const end = Date.now() + TOLD_WITHIN_MS; own().length < news; await pause(100)) {
      await queues[customer].read()
      if (Date.now() > end) return void skipped.push(`${word}: no New was heard yet`)
    }
    await turns.together(async () => {
      if (withFile && !this.#mayAttach(word)) return
      if (!this.#answered) {
        const partner = system.exchange.partner(customer)
        const reference = this.#references.get(customer) ?? partner.newReference()
        this.#references.set(customer, reference)
        const known = { kpn_ticket_number: this.#story.number, customer_reference_number: reference }
        const response = { action: 'Response', status: 'Success', transaction_id: own().at(-1)!.transaction_id, ...known }
        const { status, body } = await untilAnswered(() => partner.updateTicket(response), PATIENT_MS)
        if (status !== 200) this.#parts.wrong.push(`${this.#name}: ${customer}’s Response was answered ${status}: ${JSON.stringify(body)}`)
        this.#answered = true
      }
      await this.#customerSays(word, withFile)
    })
  }

  async #move({ to, withComment }: Extract<Step, { does: 'move' }>, word: string): Promise<void> {
    await pause(Math.max(0, this.#lastMs + SECOND_MS - Date.now()))
    const { turns, companies, system, clock, skipped } = this.#parts
    if (to === 'nobody' && this.#owner) await this.#captured()
    const comment = withComment ? `c-${word}` : undefined
    await turns.together(async () => {
      if (!this.#story.filer && clock.now() <= this.#times.file) return void skipped.push(`${word}: no move before the time of a file`)
      this.#fields = await system.instance.desk.change(this.#story.record, {
        company: companies[to],
        ...(comment ? { comments: comment } : {}),
      })
      const at = this.#fields.fields.sys_updated_on!
      const said = comment ? { comment } : {}
      if (this.#story.filer)
        return this.#happened({ did: `company ${to} ${comment ?? ''}`, by: 'desk', told: this.#lines([], comment), at, ...said })
      this.#owner = ownerBy(to)
      this.#company = to
      this.#answered = false
      if (at > this.#times.move) this.#times.move = at
      const news = this.#owner ? [['New', comment].filter(Boolean).join(' · ')] : []
      this.#happened({ did: `moved to ${to} ${comment ?? ''}`, by: 'desk', told: news, at, handedOver: true, ...said })
    })
    await this.#look()
    await pause(SECOND_MS)
    this.#lastMs = Date.now()
  }

  /** A record that is nobody's again before it was seen for the first time was never a partner's (GUARANTEES, "Where it ends"). */
  async #captured(): Promise<void> {
    const { rows } = this.#parts.system
    const isSeen = async () =>
      (await rows('select from exchange.captured_record where sys_id = $1', [this.#story.record.sys_id])).length > 0
    for (const end = Date.now() + PATIENT_MS; Date.now() < end && !(await isSeen()); await pause(100));
  }

  /** What both partners are shown now is their own. */
  async #look(): Promise<void> {
    for (const customer of CUSTOMERS) {
      const partner = this.#parts.system.exchange.partner(customer)
      const { status, body } = await partner.readTicket(this.#story.number)
      const own = readable(this.#story, customer)
      if (status === 200 && !own) this.#parts.wrong.push(`${this.#name}: GET /Ticket shows it to ${customer}, whose it is not`)
      if (status === 404 && own) this.#parts.wrong.push(`${this.#name}: GET /Ticket is answered 404 to ${customer}, whose it is`)
      for (const strange of strangeWords(JSON.stringify(body), [this.#story], customer))
        this.#parts.wrong.push(
          `${this.#name}: GET /Ticket shows ${customer} ${strange} at ${this.#parts.clock.now()}, which was not said to it`,
        )
      const file = this.#story.happenings.findLast(happening => happening.file?.id)?.file
      if (!file) continue
      const got = await partner.getAttachment(file.id!)
      if (got.status === 200 && !own?.files.includes(file.name))
        this.#parts.wrong.push(`${this.#name}: GetAttachment gives ${customer} ${file.name}, which is not its own`)
    }
  }
}

const ownerBy = (company: Company): Customer | undefined => CUSTOMERS.find(customer => customer === company)
