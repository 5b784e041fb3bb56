import type { Answer } from '../system/answer.ts'
import type { Partner } from '../system/partner.ts'
import type { StartedSystem } from '../system/start-system.ts'
import type { Update } from '../system/update.ts'
import type { HeardAnswer } from './heard-answer.ts'
import { CUSTOMERS, type Customer, type PartnerRequest, sendRequest } from './partner-request.ts'

const CALLERS = 32
/** A caller rests so long between two requests, on average: together they are 60 to 80 calls a second, which two cores carry. */
const REST_MS = 400
/** Whatever Retry-After says, so that an outage of seconds meets many retries. */
const LONGEST_PAUSE_MS = 400
/** What was begun when a story ends must be acknowledged by then. */
const FINISH_WITHIN_MS = 30_000

const pause = (milliseconds: number) => new Promise(done => setTimeout(done, milliseconds))
const rest = () => pause(Math.random() * 2 * REST_MS)

/** 32 programs of partners at work over several exchanges: they file, comment, add files and poll, and send again what was not acknowledged. */
export class Callers {
  readonly began = new Date()
  readonly requests: PartnerRequest[] = []
  readonly answers: HeardAnswer[] = []
  /** What the polls brought, in order. */
  readonly heard: Record<Customer, Update[]> = { customer: [], otherCustomer: [] }
  /** Begins every reference, text and file name. */
  readonly name: string
  #exchanges: readonly StartedSystem[]
  readonly #work: Promise<unknown>
  #turn = 0
  #working = true
  #lateAt = Number.POSITIVE_INFINITY

  private constructor(name: string, exchanges: readonly StartedSystem[]) {
    this.name = name
    this.#exchanges = exchanges
    this.#work = Promise.all(Array.from({ length: CALLERS }, (_, caller) => this.#atWork(caller)))
  }

  /** Signs the partners in, and lets their programs begin. */
  static async begin(name: string, exchanges: readonly StartedSystem[]): Promise<Callers> {
    await Promise.all(exchanges.flatMap(exchange => CUSTOMERS.map(customer => exchange.partner(customer).token())))
    return new Callers(name, exchanges)
  }

  /** The filings that were acknowledged so far, in the order in which they were begun. */
  get tickets(): PartnerRequest[] {
    return this.requests.filter(({ what, acknowledged }) => what === 'ticket' && acknowledged)
  }

  /** Nobody begins anything new; settles when what was begun is acknowledged, or was tried for long enough. */
  async finish(): Promise<void> {
    this.#working = false
    this.#lateAt = Date.now() + FINISH_WITHIN_MS
    await this.#work
  }

  /** All of it once more, as by partners who do not trust what they were told: what each request hears now. */
  async sendAllAgain(exchanges: readonly StartedSystem[]): Promise<{ request: PartnerRequest; number: string | undefined }[]> {
    this.#exchanges = exchanges
    this.#lateAt = Date.now() + FINISH_WITHIN_MS
    const waiting = [...this.requests]
    const heard: { request: PartnerRequest; number: string | undefined }[] = []
    const sender = async () => {
      for (let request = waiting.shift(); request; request = waiting.shift())
        heard.push({ request, number: await this.#untilAcknowledged(request) })
    }
    await Promise.all(Array.from({ length: CALLERS }, sender))
    return heard
  }

  async #atWork(caller: number): Promise<void> {
    const by = CUSTOMERS[caller % CUSTOMERS.length]!
    await rest()
    for (let turn = 0; this.#working; turn++) {
      // Any mix will do, if it is the same each time and every kind meets every other.
      const lot = caller + turn
      const mark = `${this.name}-${caller}-${turn}`
      const ticket = await this.#ask({
        what: 'ticket',
        by,
        reference: mark,
        text: `${mark} is broken`,
        ticketType: lot % 8 === 0 ? 'Service Request' : 'Incident',
        file: lot % 5 === 0 ? `${mark}-filed.txt` : undefined,
        key: undefined,
        number: undefined,
        acknowledged: false,
      })
      await rest()
      if (lot % 2 === 0 || !ticket.acknowledged) await this.#poll(by)
      else
        await this.#ask({
          ...ticket,
          what: 'comment',
          text: `${mark} is urgent`,
          file: lot % 3 === 0 ? `${mark}-added.txt` : undefined,
          key: lot % 4 === 1 ? `${mark}-key` : undefined,
          acknowledged: false,
        })
      await rest()
    }
  }

  async #ask(request: PartnerRequest): Promise<PartnerRequest> {
    this.requests.push(request)
    const number = await this.#untilAcknowledged(request)
    if (number) Object.assign(request, { number, acknowledged: true })
    return request
  }

  /** Sends it until it is acknowledged, or refused for good; the number that the answer names. After 500 too: it says that this is safe. */
  async #untilAcknowledged(request: PartnerRequest): Promise<string | undefined> {
    while (Date.now() < this.#lateAt) {
      const { answer, heard } = await this.#call(request.what, request.by, partner => sendRequest(partner, request))
      if (answer?.status === 200) return answer.body.kpn_ticket_number
      if (![0, 401, 429].includes(heard.status) && heard.status < 500) return undefined
      await pause(Math.min(Number(heard.retryAfter ?? 1) * 1_000, LONGEST_PAUSE_MS))
    }
    return undefined
  }

  async #poll(by: Customer): Promise<void> {
    const { answer } = await this.#call('poll', by, partner => partner.poll())
    if (answer?.status === 200) this.heard[by].push(...answer.body)
  }

  /** One call, at one exchange after the other. */
  async #call(what: HeardAnswer['what'], by: Customer, send: (partner: Partner) => Promise<Answer>) {
    const exchange = this.#turn++ % this.#exchanges.length
    const partner = this.#exchanges[exchange]!.partner(by)
    const beganAt = Date.now()
    let answer: Answer | undefined
    let trouble = ''
    try {
      answer = await send(partner)
    } catch (error) {
      trouble = [(error as Error).message, ((error as Error).cause as Error | undefined)?.message].filter(Boolean).join(': ')
    }
    // A restored database may not know a token any more, and one that was asked for in vain is none.
    if (!answer || answer.status === 401) partner.forgetToken()
    const heard: HeardAnswer = {
      exchange,
      what,
      beganAt,
      tookMs: Date.now() - beganAt,
      status: answer?.status ?? 0,
      code: answer?.body?.error?.code ?? trouble,
      retryAfter: answer?.headers.get('retry-after') ?? null,
    }
    this.answers.push(heard)
    return { answer, heard }
  }
}
