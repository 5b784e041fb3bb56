import { ServiceNowError } from '@deskbridge/servicenow'
import type { Environment } from '../platform/environment.ts'
import type { Log } from '../platform/log.ts'

/** An instance that is back within this time was not away. */
const AWAY_AFTER_MS = 5_000
/** What is the instance's own trouble, or that of the way to it; a refusal of one request is neither. */
const AWAY = new Set<ServiceNowError['kind']>(['unauthorised', 'unreachable', 'time-out', 'asleep', 'server-error', 'broken-answer'])

/** Says in the log when an instance does not do its work any more, and when it does again; a line each, however many calls fail meanwhile. */
export class InstanceWatch {
  readonly #environment: Environment
  readonly #log: Log
  #failingSince: number | undefined
  #isAway = false

  constructor(environment: Environment, log: Log) {
    this.#environment = environment
    this.#log = log
  }

  /** Does a call, and remembers how it ended. */
  async watch<T>(call: () => Promise<T>): Promise<T> {
    try {
      const answer = await call()
      this.#recordAnswer()
      return answer
    } catch (error) {
      if (error instanceof ServiceNowError) this.#recordFailure(error)
      throw error
    }
  }

  #recordAnswer(): void {
    if (this.#isAway && this.#failingSince !== undefined)
      this.#log.info('instance is back', { environment: this.#environment, since: new Date(this.#failingSince) })
    this.#isAway = false
    this.#failingSince = undefined
  }

  #recordFailure({ kind, message, status }: ServiceNowError): void {
    if (!AWAY.has(kind)) return
    this.#failingSince ??= Date.now()
    if (this.#isAway || Date.now() - this.#failingSince < AWAY_AFTER_MS) return
    this.#isAway = true
    this.#log.error('instance is away', {
      environment: this.#environment,
      since: new Date(this.#failingSince),
      kind,
      status,
      problem: message,
    })
  }
}
