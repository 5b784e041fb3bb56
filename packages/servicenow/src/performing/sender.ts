import { type CallOptions, type InstanceAnswer, type InstanceCall, writes } from '../connection/call.ts'
import type { Connection } from '../connection/connection.ts'
import { pause } from '../connection/time-budget.ts'
import { type FailureKind, ServiceNowError } from '../error.ts'
import { type AnsweredWrite, compareWrites } from '../taken/compare-writes.ts'
import type { WriteOutcome } from '../taken/not-taken.ts'
import { recordWriteOf } from '../taken/record-apis.ts'
import { widenCall } from '../taken/widen-call.ts'

/** What a row of the catalogue may do while it is performed: send calls in its own name, and fail in its own name. */
export interface Sender {
  /** A write of a record also asks back what it sets; what was not taken is in the outcome. */
  send(call: InstanceCall): Promise<InstanceAnswer>
  /** Waits while the instance works on something; fails when the caller ends the call. */
  pause(ms: number): Promise<void>
  /** An error about an answer that came but cannot be used. After a write it leaves open whether something was written. */
  failure(kind: FailureKind, detail: string): ServiceNowError
  /** Compares writes that one call carried with its answer; `send` does it for a call that is a write itself. */
  compare(written: readonly AnsweredWrite[]): Promise<void>
}

/** A sender for one performance of an action, and what its writes have come to so far. */
export interface SenderWithOutcome extends Sender {
  outcome(): WriteOutcome
}

/** Opens a sender for one performance of an action. Nothing is sent yet. */
export function senderFor(connection: Connection, action: string, options: CallOptions): SenderWithOutcome {
  const named = { ...options, action }
  // "Nothing was written" allows a retry of the whole action: no failure says it any more once one of its writes was answered.
  let written: 'no' | 'unknown' = 'no'
  let outcome: WriteOutcome = {}
  let sent = { at: undefined as number | undefined, seconds: 0 }
  const failure = (kind: FailureKind, detail: string) => new ServiceNowError({ kind, action, detail, written })
  const request = async (call: InstanceCall): Promise<InstanceAnswer> => {
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
  /** The write is done, so a failed read-back is no failure of the action; and its answer waits, so there is one try. */
  const readBack = (call: InstanceCall): Promise<InstanceAnswer | undefined> =>
    connection.request(call, { ...named, retry: false }).catch((error: unknown) => {
      if (error instanceof ServiceNowError) return undefined
      throw error
    })
  const compareAll = async (all: readonly AnsweredWrite[]): Promise<void> => {
    const more = await compareWrites(all, { readBack, userName: connection.userName, sentAt: sent.at, seconds: sent.seconds })
    outcome = { ...joined('notTaken', outcome, more), ...joined('notChecked', outcome, more) }
  }
  return {
    async send(call) {
      const asked = recordWriteOf(call)
      if (!asked) return request(call)
      const { call: widened, narrow } = widenCall(call, asked.asked)
      const answer = await request(widened)
      const result = call.answer === 'anything' ? (answer.result as { result?: unknown } | undefined)?.result : answer.result
      await compareAll([{ method: call.method, request: asked, result }])
      narrow(result)
      return answer
    },
    async pause(ms) {
      await pause(ms, options.signal)
      if (options.signal?.aborted) throw failure('time-out', 'the caller ended the call')
    },
    failure,
    compare: compareAll,
    outcome: () => outcome,
  }
}

/** When a write was sent, in seconds of the instance's clock, which the Date of its answer tells. */
function sentAt({ headers }: InstanceAnswer, seconds: number): { at: number | undefined; seconds: number } {
  const answered = Date.parse(headers.get('date') ?? '')
  return { at: Number.isNaN(answered) ? undefined : answered / 1000 - seconds, seconds }
}

function joined<K extends keyof WriteOutcome>(key: K, one: WriteOutcome, other: WriteOutcome): WriteOutcome {
  const all = [...(one[key] ?? []), ...(other[key] ?? [])]
  return all.length ? { [key]: all } : {}
}
