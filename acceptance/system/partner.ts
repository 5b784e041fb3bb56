import { randomBytes } from 'node:crypto'
import { type Answer, address, ask } from './answer.ts'
import { UpdateReader } from './update.ts'

export interface PartnerAccess {
  connectBaseUrl: string
  tokenUrl: string
  clientId: string
  clientSecret: string
  service: string
  organisation: { name: string; table: string; sys_id: string }
}

export interface AttachedFile {
  name: string
  bytes: Uint8Array
  contentType?: string
}

export type Body = Readonly<Record<string, unknown>>
type Headers = Readonly<Record<string, string>>
type Query = Readonly<Record<string, string | undefined>>

/** A file as a request carries it. */
export const carried = ({ name, bytes, contentType }: AttachedFile) => ({
  name,
  content: Buffer.from(bytes).toString('base64'),
  ...(contentType === undefined ? {} : { content_type: contentType }),
})

/** The token endpoint gave none: what it said. */
export class NoToken extends Error {
  readonly answer: Answer

  constructor(name: string, answer: Answer) {
    super(`${name} got no token: ${answer.status} ${JSON.stringify(answer.body)}`)
    this.answer = answer
  }
}

/** A partner's system: it has a client id and a secret, and speaks plain HTTP. */
export class Partner {
  readonly access: PartnerAccess
  readonly updates: UpdateReader
  #token: Promise<string> | undefined
  #counter = 0
  /** Like the references of KPN's own Postman collection: refStart-YYYYMMDD-Counter (first seed, 4.5). */
  readonly #referenceStart = `${randomBytes(3).toString('hex').toUpperCase()}-${new Date().toISOString().slice(0, 10).replaceAll('-', '')}`

  constructor(access: PartnerAccess) {
    this.access = access
    this.updates = new UpdateReader(() => this.poll())
  }

  get name(): string {
    return this.access.organisation.name
  }

  newReference(): string {
    this.#counter += 1
    return `${this.#referenceStart}-${this.#counter}`
  }

  askForToken(): Promise<Answer> {
    const { tokenUrl, clientId, clientSecret } = this.access
    return ask(`${tokenUrl}?grant_type=client_credentials`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({ client_id: clientId, client_secret: clientSecret }).toString(),
    })
  }

  /** The access token, asked for once. */
  token(): Promise<string> {
    this.#token ??= this.askForToken().then(answer => {
      if (answer.status !== 200) throw new NoToken(this.name, answer)
      return answer.body.access_token as string
    })
    return this.#token
  }

  forgetToken(): void {
    this.#token = undefined
  }

  async ask(method: string, path: string, { query, body, headers = {} }: { query?: Query; body?: Body; headers?: Headers } = {}) {
    return ask(address(this.access.connectBaseUrl, path, query), {
      method,
      headers: {
        authorization: `Bearer ${await this.token()}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
  }

  /** POST /Ticket. What the story does not care about is filled in. */
  fileTicket(ticket: Body = {}, headers: Headers = {}): Promise<Answer> {
    const body = {
      ticket_type: 'Incident',
      customer_reference_number: this.newReference(),
      short_description: 'Network drive cannot be reached',
      service: this.access.service,
      ...ticket,
    }
    return this.ask('POST', '/Ticket', { body, headers })
  }

  /** PATCH /Ticket */
  updateTicket(update: Body, headers: Headers = {}): Promise<Answer> {
    return this.ask('PATCH', '/Ticket', { body: update, headers })
  }

  /** PATCH /Task */
  updateTask(update: Body, headers: Headers = {}): Promise<Answer> {
    return this.ask('PATCH', '/Task', { body: update, headers })
  }

  readTicket(number: string): Promise<Answer> {
    return this.ask('GET', '/Ticket', { query: { kpn_ticket_number: number } })
  }

  listOpenTickets(): Promise<Answer> {
    return this.ask('GET', '/ListOpenTickets')
  }

  poll(query: Query = {}): Promise<Answer> {
    return this.ask('GET', '/TicketUpdates', { query })
  }

  getAttachment(id: string): Promise<Answer> {
    return this.ask('GET', `/GetAttachment/${id}`)
  }
}
