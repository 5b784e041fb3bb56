import type { Answer } from '../system/answer.ts'
import type { PartnerRole } from '../system/open-system.ts'
import { type Body, NoToken, Partner } from '../system/partner.ts'
import type { Exchanges } from './exchanges.ts'

/** What came of one request of a partner. */
export interface Asked {
  actor: PartnerRole
  exchange: number
  method: string
  path: string
  query?: Readonly<Record<string, string | undefined>> | undefined
  body?: Body | undefined
  beganAt: number
  endedAt: number
  /** Undefined: none came; `trouble` says why. */
  answer?: Pick<Answer, 'status' | 'headers' | 'body'>
  trouble?: string
}

/** A partner whose requests go to one exchange and the other in turn, as through a load balancer that looks after nothing. */
export class PartnerOfBoth extends Partner {
  readonly #role: PartnerRole
  readonly #exchanges: Exchanges
  readonly #onAsked: (asked: Asked) => void
  #turn = 0

  constructor(role: PartnerRole, exchanges: Exchanges, onAsked: (asked: Asked) => void) {
    super(exchanges.first.partner(role).access)
    this.#role = role
    this.#exchanges = exchanges
    this.#onAsked = onAsked
  }

  override async ask(method: string, path: string, asked: Parameters<Partner['ask']>[2] = {}): Promise<Answer> {
    const exchange = this.#turn++ % this.#exchanges.count
    const partner = this.#exchanges.at(exchange).partner(this.#role)
    const about = { actor: this.#role, exchange, method, path, query: asked.query, body: asked.body, beganAt: Date.now() }
    try {
      const answer = await partner.ask(method, path, asked)
      this.#onAsked({ ...about, endedAt: Date.now(), answer })
      return answer
    } catch (error) {
      partner.forgetToken()
      const endedAt = Date.now()
      if (error instanceof NoToken)
        this.#onAsked({ ...about, method: 'POST', path: new URL(partner.access.tokenUrl).pathname, endedAt, answer: error.answer })
      else {
        const cause = (error as Error).cause as Error | undefined
        this.#onAsked({ ...about, endedAt, trouble: [(error as Error).message, cause?.message].filter(Boolean).join(': ') })
      }
      throw error
    }
  }
}
