import { ServiceNowError } from '../error.ts'
import { understandAddress, urlOf } from './address.ts'
import type { Fetch } from './attempt.ts'
import { type CallOptions, type InstanceAnswer, type InstanceCall, writes } from './call.ts'
import { fetchFor, type TlsOptions } from './client-certificate.ts'
import { type Health, HealthRecord } from './health.ts'
import { endedBeforeSending } from './no-answer.ts'
import { type NoTurn, Pace } from './pace.ts'
import { pauseBeforeRepeat } from './retry.ts'
import { sendOnce } from './send-once.ts'
import type { SignInOptions } from './sign-in.ts'
import type { Signer } from './signer.ts'
import { signerFor } from './signer-for.ts'
import { pause, type TimeBudget, timeBudget } from './time-budget.ts'

/** Where an instance is, who calls it, and how patiently. */
export interface ConnectionOptions {
  /** As it is pasted: a name alone (`dev12345`), a host, or what stands in a browser's address bar. Nothing after the host counts. */
  baseUrl: string
  signIn: SignInOptions
  /** A client certificate to show (mutual TLS), or an authority of one's own to trust. Not together with `fetch`. */
  tls?: TlsOptions | undefined
  /** Default: Node's fetch. The practice instance is passed here, to be called in the same process. */
  fetch?: Fetch
  /** Milliseconds for one attempt of one call, default 10,000; for uploads and downloads the longest silence. */
  timeoutMs?: number
  /** Milliseconds after which an uncertain write that cannot be found counts as absent. Default 60,000; 0 in process. */
  settleMs?: number
  /** Calls at once, default 16. */
  maxConcurrent?: number
}

/** A signed-in way to one instance: paced, repeated where that is safe, and watched. It holds no socket of its own and needs no closing. */
export interface Connection {
  readonly baseUrl: string
  readonly settleMs: number
  /** Who signs in; undefined where the instance decides: client credentials, API key, certificate. */
  readonly userName: string | undefined
  /**
   * Makes one call, waiting for its turn and repeating what is safe to repeat.
   * @param action the row's name, for errors
   * @throws ServiceNowError
   */
  request(call: InstanceCall, options?: CallOptions & { action?: string }): Promise<InstanceAnswer>
  /** Kept from real traffic. */
  health(): Health
  /**
   * The instance's own now, in milliseconds since 1970, to the second: the Date header of its last answer (RFC 9110, section 6.6.1).
   * Undefined before the first answer, and where the last one had none that can be read.
   */
  instanceNow(): number | undefined
}

const DEFAULT_TIMEOUT_MS = 10_000
const DEFAULT_SETTLE_MS = 60_000
const DEFAULT_CONCURRENT = 16
/** Waiting for a turn, pauses and repeats together take at most so many time limits of one attempt. */
const BUDGET_ATTEMPTS = 3

/**
 * A connection to one instance. Nothing is sent before the first call.
 * @throws ServiceNowError kind `invalid` when the address cannot be understood, or a certificate cannot be used
 * @example
 * const connection = connect({ baseUrl, signIn: { kind: 'basic', userName, password } })
 * const { total } = await connection.request({ method: 'GET', path: '/api/now/table/sys_user', parameters: { sysparm_query: 'user_name=admin' } })
 * total // → 1
 * connection.health().state // → 'ok'
 */
export function connect(options: ConnectionOptions): Connection {
  return new PacedConnection(options)
}

/** A call whose latest attempt failed. */
interface Failed {
  readonly error: ServiceNowError
  readonly call: InstanceCall
  /** Attempts so far, at least 1; one whose token was renewed does not count. */
  readonly failures: number
  readonly left: TimeBudget
  readonly options: CallOptions
}

class PacedConnection implements Connection {
  readonly baseUrl: string
  readonly settleMs: number
  readonly userName: string | undefined
  readonly #fetch: Fetch
  readonly #timeoutMs: number
  readonly #pace: Pace
  readonly #signIn: Signer
  readonly #health = new HealthRecord()
  #instanceNow: number | undefined

  constructor({ baseUrl, signIn, tls, fetch, timeoutMs, settleMs, maxConcurrent }: ConnectionOptions) {
    this.baseUrl = understandAddress(baseUrl)
    this.settleMs = settleMs ?? DEFAULT_SETTLE_MS
    this.userName = 'userName' in signIn ? signIn.userName : undefined
    this.#fetch = fetchFor({ fetch, tls })
    this.#timeoutMs = timeoutMs ?? DEFAULT_TIMEOUT_MS
    this.#pace = new Pace(maxConcurrent ?? DEFAULT_CONCURRENT)
    this.#signIn = signerFor(signIn, this.baseUrl, this.#fetch, this.#timeoutMs)
  }

  health(): Health {
    return this.#health.read()
  }

  instanceNow(): number | undefined {
    return this.#instanceNow
  }

  async request(call: InstanceCall, options: CallOptions & { action?: string } = {}): Promise<InstanceAnswer> {
    const action = options.action ?? `${call.method} ${call.path}`
    const url = urlOf(this.baseUrl, call, action)
    const timeoutMs = options.timeoutMs ?? this.#timeoutMs
    const left = timeBudget(timeoutMs * BUDGET_ATTEMPTS, options.signal)
    let renewed = false
    for (let failures = 1; ; failures++) {
      const turn = this.#pace.enter(left)
      const noTurn = turn instanceof Promise ? await turn : turn
      if (noTurn) throw notSent(noTurn, action)
      const begun = performance.now()
      let authorization: string | undefined
      try {
        const header = this.#signIn.authorization(action, options.signal)
        authorization = typeof header === 'string' ? header : await header
        const limit = call.upload || call.answer === 'bytes' ? timeoutMs : Math.min(timeoutMs, left.left())
        const once = {
          fetch: this.#fetch,
          url,
          call,
          action,
          authorization,
          signInHeader: this.#signIn.header,
          timeoutMs: limit,
          signal: options.signal,
        }
        const answer = await sendOnce(once)
        const date = Date.parse(answer.headers.get('date') ?? '')
        this.#instanceNow = Number.isNaN(date) ? undefined : date
        this.#health.recordOk()
        this.#pace.letIn(begun)
        return answer
      } catch (error) {
        if (!(error instanceof ServiceNowError)) throw error
        if (error.status !== undefined && error.status < 500 && error.kind !== 'rate-limited') this.#pace.letIn(begun)
        const mayRenew = error.kind === 'unauthorised' && authorization !== undefined && this.#signIn.renew(authorization)
        if (mayRenew && !renewed && canRepeat(call)) {
          renewed = true
          failures--
        } else await this.#waitBeforeRepeat({ error, call, failures, left, options })
      } finally {
        // A download gives up its place once it has begun: a reader may pass it on to this very instance, and would wait for itself.
        this.#pace.leave()
      }
    }
  }

  /** Waits until the call may be repeated. @throws the error itself when it must not be. */
  async #waitBeforeRepeat({ error, call, failures, left, options }: Failed): Promise<void> {
    const ended = () => left.signal?.aborted === true
    if (!ended()) this.#health.recordFailure(error)
    const waitMs = pauseBeforeRepeat(error, writes(call), failures)
    if (error.kind === 'rate-limited' && waitMs !== undefined) this.#pace.pause(waitMs)
    if (waitMs === undefined || waitMs >= left.left() || options.retry === false || !canRepeat(call) || ended()) throw error
    // After a 429 the pace holds everybody back, this call with them.
    if (error.kind !== 'rate-limited') await pause(waitMs, left.signal)
    if (ended()) throw error
  }
}

/** A stream can be read once; bytes in memory and blobs again and again. */
function canRepeat({ upload }: InstanceCall): boolean {
  return !(upload?.body instanceof ReadableStream)
}

function notSent(noTurn: NoTurn, action: string): ServiceNowError {
  const written = 'no'
  switch (noTurn.reason) {
    case 'ended':
      return endedBeforeSending(action)
    case 'waited-too-long':
      return new ServiceNowError({ kind: 'time-out', action, written, detail: 'not sent: too many calls were before it' })
    case 'paused': {
      const { retryAfterMs } = noTurn
      return new ServiceNowError({
        kind: 'rate-limited',
        action,
        written,
        retryAfterMs,
        detail: 'not sent: the instance asked for a pause',
      })
    }
  }
}
