import { type Answer, type Call, type CallOptions, writes } from '../connection/call.ts'
import type { Connection } from '../connection/connection.ts'
import { pause } from '../connection/patience.ts'
import { type FailureKind, ServiceNowError } from '../error.ts'
import { hold, type Written } from '../taken/hold.ts'
import type { WriteOutcome } from '../taken/not-taken.ts'
import { requestOf } from '../taken/record-apis.ts'
import { wider } from '../taken/wider-call.ts'

/** What a row of the catalogue may do while it is performed: send calls in its own name, and fail in its own name. */
export interface Asking {
  /** A write of a record also asks back what it sets; what was not taken is in the outcome. */
  send(call: Call): Promise<Answer>
  /** Waits while the instance works on something; fails when the caller ends the call. */
  pause(ms: number): Promise<void>
  /** An error about an answer that came but cannot be used. After a write it leaves open whether something was written. */
  failure(kind: FailureKind, detail: string): ServiceNowError
  /** Holds writes that one call carried against its answer; `send` does it for a call that is a write itself. */
  hold(written: readonly Written[]): Promise<void>
}

/** An asking for one performance of an action, and what its writes have come to so far. */
export interface Performance extends Asking {
  outcome(): WriteOutcome
}

export function asking(connection: Connection, action: string, options: CallOptions): Performance {
  const named = { ...options, action }
  // Whoever hears "nothing was written" may begin again: so no failure says it any more once a write of this action was answered.
  let written: 'no' | 'unknown' = 'no'
  let outcome: WriteOutcome = {}
  let sent = { at: undefined as number | undefined, seconds: 0 }
  const failure = (kind: FailureKind, detail: string) => new ServiceNowError({ kind, action, detail, written })
  const request = async (call: Call): Promise<Answer> => {
    const begun = performance.now()
    try {
      const answer = await connection.request(call, named)
      if (writes(call)) {
        written = 'unknown'
        sent = sentAt(answer, (performance.now() - begun) / 1000)
      }
      return answer
    } catch (error) {
      if (!(error instanceof ServiceNowError) || written === 'no' || error.written === 'unknown') throw error
      const { kind, status, detail, reason, retryAfterMs } = error
      throw new ServiceNowError({ kind, action, status, detail, reason, retryAfterMs, written, cause: error })
    }
  }
  /** The write is done, so no failure of a look may be one of the action; and its answer waits, so there is one try. */
  const look = (call: Call): Promise<Answer | undefined> =>
    connection.request(call, { ...named, retry: false }).catch((error: unknown) => {
      if (error instanceof ServiceNowError) return undefined
      throw error
    })
  const holdAll = async (all: readonly Written[]): Promise<void> => {
    const more = await hold(all, { look, userName: connection.userName, sentAt: sent.at, seconds: sent.seconds })
    outcome = { ...joined('notTaken', outcome, more), ...joined('notChecked', outcome, more) }
  }
  return {
    async send(call) {
      const asked = requestOf(call)
      if (!asked) return request(call)
      const { call: widened, narrow } = wider(call, asked.asked)
      const answer = await request(widened)
      const result = call.answer === 'anything' ? (answer.result as { result?: unknown } | undefined)?.result : answer.result
      await holdAll([{ method: call.method, request: asked, result }])
      narrow(result)
      return answer
    },
    async pause(ms) {
      await pause(ms, options.signal)
      if (options.signal?.aborted) throw failure('time-out', 'the caller ended the call')
    },
    failure,
    hold: holdAll,
    outcome: () => outcome,
  }
}

/** When a write was sent, in seconds of the instance's clock, which the Date of its answer tells. */
function sentAt({ headers }: Answer, seconds: number): { at: number | undefined; seconds: number } {
  const answered = Date.parse(headers.get('date') ?? '')
  return { at: Number.isNaN(answered) ? undefined : answered / 1000 - seconds, seconds }
}

function joined<K extends keyof WriteOutcome>(key: K, one: WriteOutcome, other: WriteOutcome): WriteOutcome {
  const all = [...(one[key] ?? []), ...(other[key] ?? [])]
  return all.length ? { [key]: all } : {}
}
