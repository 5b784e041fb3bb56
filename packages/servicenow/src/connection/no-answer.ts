import { ServiceNowError } from '../error.ts'
import type { Attempt } from './attempt.ts'
import { brokenTransport } from './broken-transport.ts'
import { type InstanceCall, writes } from './call.ts'
import type { TimeLimit } from './time-limit.ts'

/** What a call that went wrong after it was sent must assume; a read never writes. */
export function doubt(call: InstanceCall): 'no' | 'unknown' {
  return writes(call) ? 'unknown' : 'no'
}

/** The caller's signal ended the call before a byte of it left: the one time-out that certainly wrote nothing. */
export function endedBeforeSending(action: string): ServiceNowError {
  return new ServiceNowError({ kind: 'time-out', action, written: 'no', detail: 'the caller ended the call before it was sent' })
}

/** The error for an attempt that ended without an answer, or in the middle of one. */
export function noAnswer({ action, call, timeoutMs }: Attempt, limit: TimeLimit, cause: unknown): ServiceNowError {
  if (cause instanceof ServiceNowError) return cause
  if (limit.endedBy) {
    const detail = limit.endedBy === 'caller' ? 'the caller ended the call' : `no answer within ${timeoutMs} ms`
    return new ServiceNowError({ kind: 'time-out', action, detail, cause, written: doubt(call) })
  }
  const { kind, detail, written } = brokenTransport(cause)
  return new ServiceNowError({ kind, action, detail, cause, written: writes(call) ? written : 'no' })
}
