import type { Practice } from '../call/call.ts'
import type { Caller } from '../caller/caller.ts'
import type { FaultEffect } from '../faults/request.ts'
import type { FaultSwitches } from '../faults/switches.ts'
import type { RateLimits } from '../limits/rate-limits.ts'
import type { Accounts } from '../sign-in/accounts.ts'
import type { Form } from '../wire/accept.ts'
import type { Admitting } from './admission.ts'

/** What an instance answers with. */
export interface AnsweringParts {
  readonly practice: Practice & Admitting
  readonly accounts: Accounts
  readonly faults: FaultSwitches
  readonly limits: RateLimits
}

/** One request on its way, as far as it has come: each step adds what it finds. */
export interface Passage {
  readonly request: Request
  readonly parts: AnsweringParts
  readonly url: URL
  /** GET, POST… as the caller means it, after `X-http-method-override`. */
  readonly method: string
  /** Undefined where the caller takes neither JSON nor XML. */
  readonly form: Form | undefined
  /** Undefined until somebody is known. */
  caller: Caller | undefined
  /** The faults that strike it. */
  faults: readonly FaultEffect[]
  /** Headers of a rate limit, which its answer carries. */
  limitHeaders: Readonly<Record<string, string>>
}

/** Adds to a passage, or answers, which ends the way. */
export type RequestStep = (passage: Passage) => Promise<Response | undefined> | Response | undefined
