import { setTimeout as pause } from 'node:timers/promises'
import { patiently } from '../faults/desk-agent.ts'
import { untilAnswered } from '../faults/socket-system.ts'
import { shown } from '../stories/tickets.ts'
import type { Answer } from '../system/answer.ts'
import type { DeskRecord } from '../system/desk.ts'
import { carried } from '../system/partner.ts'
import { type Company, CUSTOMERS, type Customer, type Origin, type Sending, type Step } from './seeded-history.ts'
import { nextStateWork } from './state-work.ts'
import { type Amiss, type Happening, readable, type Story, strangeWords } from './told-history.ts'
import { workOnTask } from './work-on-a-task.ts'
import { PATIENT_MS, TOLD_WITHIN_MS, type WorkerParts } from './worker-parts.ts'

/** Within a second nobody can tell what came first: people do not move a ticket in the very second in which they write on it. */
const SECOND_MS = 1_050

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
  #stateChanges = 0
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
    if (origin.by === 'filing') await this.#filed(origin)
    else {
      const copied = of ? (await patiently(() => desk.read(of.record))).fields : {}
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

  async #filed({ customer, withFile, ticketType, twin }: Extract<Origin, { by: 'filing' }>): Promise<void> {
    const { system } = this.#parts
    const { desk } = system.instance
    const partner = system.exchange.partner(customer)
    const reference = partner.newReference()
    this.#references.set(customer, reference)
    const file = { name: `f-${this.#name}s999.txt`, bytes: Buffer.from(this.#name) }
    const ticket = {
      ticket_type: ticketType,
      customer_reference_number: reference,
      short_description: `d-${this.#name}`,
      ...(withFile ? { attachments: [carried(file)] } : {}),
    }
    const { status, body } = await this.#sent(twin, () => partner.fileTicket(ticket))
    if (status !== 200) throw new Error(`POST /Ticket was answered ${status}: ${JSON.stringify(body)}`)
    const record = await patiently(() => desk.record(body.kpn_ticket_number))
    this.#owner = customer
    this.#company = customer
    this.#story = { name: this.#name, record, number: body.kpn_ticket_number, filer: customer, happenings: [] }
    this.#fields = record
    this.#happened({ did: 'filed', by: customer, told: [], at: record.fields.sys_created_on! })
    if (withFile)
      this.#happened({ did: 'file with the filing', by: customer, told: [], at: record.fields.sys_created_on!, file: { name: file.name } })
    if (record.table === 'change_request') await this.#givenToAGroup()
  }

  /** Without one a change cannot be assessed. */
  async #givenToAGroup(): Promise<void> {
    const { desk } = this.#parts.system.instance
    await this.#parts.turns.together(async () => {
      const [group] = await desk.find('sys_user_group', 'name=Network')
      await this.#saved('given to a group', { assignment_group: group!.sys_id }, [], {})
    })
  }

  #happened(happening: Pick<Happening, 'did' | 'by' | 'told' | 'at'> & Partial<Happening>): void {
    this.#parts.happened(this.#story, {
      owner: this.#owner,
      handedOver: false,
      unassigned: this.#company === 'none',
      ...happening,
    })
  }

  /** Sends it until it is answered; a twin is on its way at the same time, and must hear the same. */
  async #sent(twin: boolean, send: () => Promise<Answer>): Promise<Answer> {
    const [first, second] = await Promise.all((twin ? [send, send] : [send]).map(one => untilAnswered(one, PATIENT_MS)))
    if (second && (first!.status !== second.status || first!.body.kpn_ticket_number !== second.body.kpn_ticket_number))
      this.#parts.wrong.push({
        count: 'doubled',
        says: `${this.#name}: sent twice at once, and answered ${JSON.stringify([first!.body, second.body])}`,
      })
    return first!
  }

  async do(step: Step, place: number): Promise<void> {
    await pause(step.pauseMs)
    const word = `${this.#name}s${place}`
    const { turns } = this.#parts
    // What a partner sends for its own filing is on its way also while the clock is changed.
    if (step.does === 'move') return this.#move(step, word)
    if (step.does === 'customer-comment' || step.does === 'customer-comment-with-file') {
      const withFile = step.does === 'customer-comment-with-file'
      await (this.#story.filer ? this.#customerSays(word, withFile, step) : this.#ownerSays(word, withFile, step))
    } else if (step.does === 'task') {
      if (this.#story.filer) await workOnTask(this.#parts, this.#story, word, happening => this.#happened(happening))
    } else if (step.does === 'read') await this.#look()
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
        const next = nextStateWork(this.#story.record.table, this.#stateChanges)
        if (!next) return this.#saved('comment', { comments: comment }, this.#lines([], comment), { comment })
        this.#stateChanges += 1
        const said = step.withComment ? { comments: comment } : {}
        const told = this.#owner ? [[next.action, said.comments].filter(Boolean).join(' · ')] : []
        return this.#saved(next.action, { ...next.values, ...said }, told, { comment: said.comments })
      }
      case 'details':
      case 'urgency':
        return this.#details(this.#story.record.table === 'incident' ? step.does : 'details', step.withComment ? comment : undefined, word)
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
    const files = await patiently(() => this.#parts.system.instance.desk.filesOf(this.#story.record))
    const file = files.find(one => one.file_name === name)
    if (!file)
      return void this.#parts.wrong.push({ count: 'lost', says: `${this.#name}: the file ${name} of ${by} is not there after its answer` })
    const at = file.sys_created_on!
    if (at > this.#times.file) this.#times.file = at
    this.#happened({ did: `${did} ${name}`, by, told: [], at, file: { name, id: id ?? file.sys_id! } })
  }

  async #customerSays(word: string, withFile: boolean, { keyed, twin }: Sending): Promise<void> {
    const customer = this.#owner!
    const partner = this.#parts.system.exchange.partner(customer)
    const comment = `c-${word}`
    const file = { name: `f-${word}.txt`, bytes: Buffer.from(word) }
    const known = { kpn_ticket_number: this.#story.number, customer_reference_number: this.#references.get(customer)! }
    const update = { action: 'Comment', ...known, comment, ...(withFile ? { attachments: [carried(file)] } : {}) }
    const { status, body } = await this.#sent(twin, () => partner.updateTicket(update, keyed ? { 'idempotency-key': comment } : {}))
    const says = `${this.#name}: ${customer}’s comment ${comment} was answered ${status}: ${JSON.stringify(body)}`
    if (status !== 200) this.#parts.wrong.push({ count: 'never answered', says })
    const { desk } = this.#parts.system.instance
    const query = `element_id=${this.#story.record.sys_id}^element=comments^value=${comment}`
    const [entry] = await patiently(() => desk.find('sys_journal_field', query))
    if (!entry) {
      if (status === 200) this.#parts.wrong.push({ count: 'lost', says: `${says}, and it is not there` })
      return
    }
    this.#happened({ did: `comment ${comment}`, by: customer, told: [], at: entry.fields.sys_created_on!, comment })
    if (withFile) await this.#attached(file.name, 'file', customer)
  }

  /** Whoever has the desk's ticket answers its New first. */
  async #ownerSays(word: string, withFile: boolean, sending: Sending): Promise<void> {
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
        const says = `${this.#name}: ${customer}’s Response was answered ${status}: ${JSON.stringify(body)}`
        if (status !== 200) this.#parts.wrong.push({ count: 'never answered', says })
        this.#answered = true
      }
      await this.#customerSays(word, withFile, sending)
    })
  }

  async #move({ to, withComment }: Extract<Step, { does: 'move' }>, word: string): Promise<void> {
    await pause(Math.max(0, this.#lastMs + SECOND_MS - Date.now()))
    const { turns, companies, system, clock, skipped } = this.#parts
    if (to === 'nobody' && this.#owner) await this.#captured()
    const comment = withComment ? `c-${word}` : undefined
    await turns.together(async () => {
      // An earlier move may have been skipped: then this one would move nothing.
      if (to === this.#company) return void skipped.push(`${word}: it is with ${to} already`)
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
    const amiss = (count: Amiss['count'], says: string) => this.#parts.wrong.push({ count, says: `${this.#name}: ${says}` })
    for (const customer of CUSTOMERS) {
      const partner = this.#parts.system.exchange.partner(customer)
      const { status, body } = await untilAnswered(() => partner.readTicket(this.#story.number), PATIENT_MS)
      const own = readable(this.#story, customer)
      if (status === 200 && !own) amiss('crossed', `GET /Ticket shows it to ${customer}, whose it is not`)
      if (status === 404 && own) amiss('lost', `GET /Ticket is answered 404 to ${customer}, whose it is`)
      for (const strange of strangeWords(JSON.stringify(body), [this.#story], customer))
        amiss('crossed', `GET /Ticket shows ${customer} ${strange} at ${this.#parts.clock.now()}, which was not said to it`)
      const file = this.#story.happenings.findLast(happening => happening.file?.id)?.file
      if (!file) continue
      const got = await untilAnswered(() => partner.getAttachment(file.id!), PATIENT_MS)
      if (got.status === 200 && !own?.files.includes(file.name))
        amiss('crossed', `GetAttachment gives ${customer} ${file.name}, which is not its own`)
    }
  }
}

const ownerBy = (company: Company): Customer | undefined => CUSTOMERS.find(customer => customer === company)
