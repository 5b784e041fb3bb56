import { networkOf } from './caller-address.ts'
import type { ExchangeError } from './errors.ts'
import type { Log } from './log.ts'
import type { Access } from './route.ts'

/** Whoever calls again within this time has not signed in anew. */
const SIGNED_IN_FOR_MS = 30 * 60_000
const REFUSALS_EVERY_MS = 60_000
/** So many a minute are worth a line: a partner's program that goes wrong asks again and again, a person does not. */
const REFUSALS = 20
/** Fewer of what somebody tries who is nobody. */
const REFUSED_SIGN_INS = 10
/** Callers that are counted one by one; from then on all others together. */
const MOST_CALLERS = 1_000

/** One call, as far as the log may know it: no body, no query, no credential. */
export interface LoggedCall {
  operation: string
  access: Access
  caller: unknown
  address: string
}

/** What a command on the machine has changed: who (user and machine), by which command, on what. */
export interface ChangeBeside {
  by: string
  command: string
  email?: string
}

/** Refusals of one caller since the last line. */
type Refused = Map<string, number>

/**
 * What the log says of calls, for every row of the routes alike: who of the operator signed in and changed what, and once a minute who was
 * refused so often that it is no accident.
 */
export class CallLog {
  readonly #log: Log
  readonly #seen = new Map<string, number>()
  #refused = new Map<string, Refused>()
  readonly #timer: NodeJS.Timeout

  constructor(log: Log) {
    this.#log = log
    this.#timer = setInterval(() => this.#tellRefusals(), REFUSALS_EVERY_MS).unref()
  }

  /** Somebody of the operator is known by a credential. Told when it is the first time in half an hour. */
  recordSignIn({ access, caller, address }: LoggedCall): void {
    if (access !== 'operator' && access !== 'person') return
    const key = JSON.stringify([nameOf(caller), address])
    const before = this.#seen.get(key)
    if (this.#seen.size >= MOST_CALLERS) this.#seen.clear()
    this.#seen.set(key, Date.now())
    if (before === undefined || Date.now() - before > SIGNED_IN_FOR_MS)
      this.#log.info('operator signed in', { by: nameOf(caller), address })
  }

  /** The operator has changed something, or, where that is not known, perhaps. `on`: what, by its names. */
  recordChange(
    { operation, access, caller, address }: LoggedCall,
    on: Readonly<Record<string, string>>,
    { isKnown } = { isKnown: true },
  ): void {
    if (access !== 'operator' && access !== 'person') return
    this.#log.info(isKnown ? 'operator changed' : 'operator may have changed', { by: nameOf(caller), operation, ...on, address })
  }

  /** A command has changed something on the database itself, beside the exchange. */
  recordBeside(change: ChangeBeside): void {
    this.#log.info('changed on the database', { ...change })
  }

  recordRefusal({ caller, address }: LoggedCall, { code, status }: ExchangeError): void {
    if (status >= 500) return
    const known = nameOf(caller)
    const who = JSON.stringify(known ? { caller: known } : { network: networkOf(address) })
    const key = this.#refused.has(who) || this.#refused.size < MOST_CALLERS ? who : JSON.stringify({ caller: 'others' })
    const codes = this.#refused.get(key) ?? new Map()
    codes.set(code, (codes.get(code) ?? 0) + 1)
    this.#refused.set(key, codes)
  }

  close(): void {
    clearInterval(this.#timer)
    this.#tellRefusals()
  }

  #tellRefusals(): void {
    const refused = this.#refused
    this.#refused = new Map()
    for (const [who, codes] of refused) {
      const refusals = [...codes.values()].reduce((sum, count) => sum + count, 0)
      const { caller, network } = JSON.parse(who)
      if (refusals < (network === undefined ? REFUSALS : REFUSED_SIGN_INS)) continue
      const [mostly] = [...codes].sort(([, a], [, b]) => b - a)[0]!
      this.#log.info(network === undefined ? 'refused again and again' : 'sign-in refused again and again', {
        ...(network === undefined ? { caller } : { network }),
        refusals,
        mostly,
      })
    }
  }
}

/** A partner with its environment, somebody of the operator, or nobody who is known. */
function nameOf(caller: unknown): string | undefined {
  const { name, partnerName, environment } = (caller ?? {}) as Partial<Record<'name' | 'partnerName' | 'environment', string>>
  return partnerName === undefined ? name : `${partnerName}, ${environment}`
}
