import { randomBytes } from 'node:crypto'
import { understandAddress } from '../connection/address.ts'
import type { InstanceAnswer, InstanceCall } from '../connection/call.ts'
import { fetchFor } from '../connection/client-certificate.ts'
import { type Connection, type ConnectionOptions, connect } from '../connection/connection.ts'
import { refusalFrom } from '../connection/refusal.ts'
import type { SignInOptions } from '../connection/sign-in.ts'
import { ServiceNowError } from '../error.ts'

/** An answer to a question that is not the user's. */
export interface Knock {
  status: number
  headers: Headers
  isPage: boolean
  /** The instance's own words, where it refuses in its own form. */
  reason: string | undefined
  /** Whether it is a list of records. */
  isList: boolean
  /** Milliseconds since 1970, when the question was on the way. */
  asked: number
}

type Fields = Readonly<Record<string, string>>
type Outcome = InstanceAnswer | ServiceNowError

const WHO: InstanceCall = {
  method: 'GET',
  path: '/api/now/table/sys_user',
  parameters: {
    sysparm_query: 'sys_id=javascript:gs.getUserID()',
    sysparm_fields: 'sys_id,user_name,time_zone',
    sysparm_exclude_reference_link: true,
    sysparm_limit: 2,
  },
}
const ROLES: InstanceCall = {
  method: 'GET',
  path: '/api/now/table/sys_user_has_role',
  parameters: { sysparm_query: 'user=javascript:gs.getUserID()^state=active', sysparm_fields: 'role.name', sysparm_limit: 1000 },
}

/** A connection while the doctor looks at it. Each question is asked once, however many checks read the answer. */
export class Patient {
  readonly options: ConnectionOptions
  readonly url: URL
  readonly connection: Connection
  readonly signal: AbortSignal
  readonly #asked = new Map<string, Promise<Outcome>>()
  #knock: Promise<Knock> | undefined
  #stranger: Promise<Knock> | undefined

  constructor(options: ConnectionOptions, signal: AbortSignal) {
    this.options = options
    this.url = new URL(understandAddress(options.baseUrl))
    this.connection = connect(options)
    this.signal = signal
  }

  /** The instance is a function of this process: there is no network to look at. */
  get isInProcess(): boolean {
    return this.options.fetch !== undefined
  }

  /** Asks as the user, once; an answer that is a failure is an answer here. */
  ask(call: InstanceCall): Promise<Outcome> {
    const key = JSON.stringify(call)
    const known = this.#asked.get(key)
    if (known) return known
    const outcome = this.connection.request(call, { signal: this.signal, retry: false, action: 'doctor' }).catch((error: unknown) => {
      if (error instanceof ServiceNowError) return error
      throw error
    })
    this.#asked.set(key, outcome)
    return outcome
  }

  /** The rows of a list as texts; undefined when there was no list. */
  async readRows(call: InstanceCall): Promise<readonly Fields[] | undefined> {
    const outcome = await this.ask(call)
    return outcome instanceof ServiceNowError || !Array.isArray(outcome.result) ? undefined : (outcome.result as Fields[])
  }

  /** What the first signed-in question was answered with. */
  askWho(): Promise<Outcome> {
    return this.ask(WHO)
  }

  /** The user's own record, where the user may read it. */
  async readUser(): Promise<Fields | undefined> {
    const rows = await this.readRows(WHO)
    return rows?.length === 1 ? rows[0] : undefined
  }

  /** The roles that the user holds; undefined where they are not to be seen. */
  async readRoles(): Promise<ReadonlySet<string> | undefined> {
    const rows = await this.readRows(ROLES)
    return rows && rows.length > 0 ? new Set(rows.map(row => row['role.name'] ?? '')) : undefined
  }

  /** Asks without credentials: whether anything answers there, and what its clock says. @throws whatever fetch throws */
  knock(): Promise<Knock> {
    this.#knock ??= this.#ring()
    return this.#knock
  }

  /**
   * Asks the user's question with credentials that nobody has: what is answered as it is to the user says nothing about the user's.
   * Undefined where none can be made up (a certificate). @throws whatever fetch throws
   */
  knockAsStranger(): Promise<Knock> | undefined {
    const header = inventedHeader(this.options.signIn)
    this.#stranger ??= header && this.#ring(header)
    return this.#stranger
  }

  async #ring(more: Record<string, string> = {}): Promise<Knock> {
    const headers = { accept: 'application/json', 'user-agent': 'Deskbridge', ...more }
    const request = new Request(`${this.connection.baseUrl}/api/now/table/sys_user?sysparm_limit=1`, {
      headers,
      redirect: 'manual',
      signal: this.signal,
    })
    const asked = Date.now()
    const answer = await fetchFor(this.options)(request)
    const body = await answer.text()
    const { status } = answer
    const isPage = answer.headers.get('content-type')?.startsWith('text/html') ?? false
    const { reason } = refusalFrom(status, body)
    return { status, headers: answer.headers, isPage, reason, isList: answer.ok && isList(body), asked: (asked + Date.now()) / 2 }
  }
}

/** Of a user who does not exist, so that nobody is locked out for it. */
function inventedHeader({ kind }: SignInOptions): Record<string, string> | undefined {
  const made = `nobody-${randomBytes(12).toString('hex')}`
  switch (kind) {
    case 'basic':
      return { authorization: `Basic ${Buffer.from(`${made}:${made}`).toString('base64')}` }
    case 'oauth':
      return { authorization: `Bearer ${made}` }
    case 'api-key':
      return { 'x-sn-apikey': made }
    case 'certificate':
      return undefined
  }
}

function isList(body: string): boolean {
  try {
    return Array.isArray((JSON.parse(body) as { result?: unknown }).result)
  } catch {
    return false
  }
}
