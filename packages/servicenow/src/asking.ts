import { type Answer, type Call, type CallOptions, writes } from './connection/call.ts'
import type { Connection } from './connection/connection.ts'
import { pause } from './connection/patience.ts'
import { type FailureKind, ServiceNowError } from './error.ts'

/** What a row of the catalogue may do while it is performed: send calls in its own name, and fail in its own name. */
export interface Asking {
  send(call: Call): Promise<Answer>
  /** Waits while the instance works on something; fails when the caller ends the call. */
  pause(ms: number): Promise<void>
  /** An error about an answer that came but cannot be used. After a write it leaves open whether something was written. */
  failure(kind: FailureKind, detail: string): ServiceNowError
}

export function asking(connection: Connection, action: string, options: CallOptions): Asking {
  const named = { ...options, action }
  // Whoever hears "nothing was written" may begin again: so no failure says it any more once a write of this action was answered.
  let written: 'no' | 'unknown' = 'no'
  const failure = (kind: FailureKind, detail: string) => new ServiceNowError({ kind, action, detail, written })
  return {
    async send(call) {
      try {
        const answer = await connection.request(call, named)
        if (writes(call)) written = 'unknown'
        return answer
      } catch (error) {
        if (!(error instanceof ServiceNowError) || written === 'no' || error.written === 'unknown') throw error
        const { kind, status, detail, retryAfterMs } = error
        throw new ServiceNowError({ kind, action, status, detail, retryAfterMs, written, cause: error })
      }
    },
    async pause(ms) {
      await pause(ms, options.signal)
      if (options.signal?.aborted) throw failure('time-out', 'the caller ended the call')
    },
    failure,
  }
}
