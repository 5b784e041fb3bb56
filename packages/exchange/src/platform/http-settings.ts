import type { CallLog } from './call-log.ts'
import type { CallerAddress } from './caller-address.ts'
import type { Log } from './log.ts'
import type { Metrics } from './metrics.ts'
import type { Phase } from './phase.ts'
import type { Body, RequestBody } from './request-input.ts'
import type { Access, Route } from './route.ts'

/**
 * Finds out by the Authorization header who calls; throws an ExchangeError when nobody known does. Headers are set on every answer,
 * refusals included.
 */
export type FindCaller = (call: UnknownCaller) => Promise<unknown>

/** What is known of a call before its caller is. */
export interface UnknownCaller {
  authorization: string | null
  /** Sets a header of the answer. */
  setHeader: (name: string, value: string) => void
  address: string
  /** Says who calls before all is known of the call: also what is refused then is that caller's. */
  found: (caller: unknown) => void
  /** Whether the call only reads (GET). */
  reads: boolean
}

/** What the HTTP face needs. */
export interface HttpSettings {
  routes: readonly Route[]
  findCaller: Record<Access, FindCaller>
  /** Reads a caller's JSON body; its files go where the room that knows them keeps them. */
  readBody: (body: Body, caller: unknown) => Promise<RequestBody>
  /** What a browser is told that asks before it calls a partner's operation. */
  preflight: readonly (readonly [string, string])[]
  callerAddress: CallerAddress
  log: Log
  calls: CallLog
  metrics: Metrics
  phase: Phase
  /** Fires when the database has been silent for so long that nobody is to wait for it any more. */
  silence: () => AbortSignal
}
