import type { FailureKind, ServiceNowError } from '../error.ts'

/** How a connection does, as seen from real traffic; no probe is sent. */
export interface Health {
  state: 'unknown' | 'ok' | 'failing'
  /** The last failure that was the connection's, whether or not it has recovered since. */
  lastError?: { kind: FailureKind; message: string; at: Date }
  /** When the instance last answered a signed-in call. */
  lastOkAt?: Date
}

/** Failures of the connection itself. A refusal in an instance's own form shows the opposite: it answered, and knew who asked. */
const FAILING = new Set<FailureKind>(['unauthorised', 'unreachable', 'time-out', 'asleep', 'server-error', 'broken-answer'])
const SAYS_NOTHING = new Set<FailureKind>(['rate-limited', 'too-large'])

/** What real traffic shows of a connection: the latest success and the latest failure of its own. */
export class HealthRecord {
  #state: Health['state'] = 'unknown'
  #lastError: Health['lastError']
  #lastOkAt = 0

  recordOk(): void {
    this.#state = 'ok'
    this.#lastOkAt = Date.now()
  }

  recordFailure(error: ServiceNowError): void {
    if (SAYS_NOTHING.has(error.kind)) return
    // A 404 or 403 that is not an instance's comes from something else at its address; one of the token endpoint let nobody in.
    if (FAILING.has(error.kind) || error.reason === undefined) {
      this.#state = 'failing'
      this.#lastError = { kind: error.kind, message: error.message, at: new Date() }
    } else this.recordOk()
  }

  read(): Health {
    const health: Health = { state: this.#state }
    if (this.#lastError) health.lastError = this.#lastError
    if (this.#lastOkAt > 0) health.lastOkAt = new Date(this.#lastOkAt)
    return health
  }
}
