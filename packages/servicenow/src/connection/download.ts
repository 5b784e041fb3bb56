import type { Attempt } from './attempt.ts'
import { noAnswer } from './no-answer.ts'
import { TimeLimit } from './time-limit.ts'

/**
 * Hands a body on as it comes. While its reader waits, silence longer than the attempt's time limit ends it; a slow reader is no silence.
 * Ends with a ServiceNowError (`time-out`, `unreachable`), so that a cut file is never taken for a whole one.
 */
export function downloadStream(source: ReadableStream<Uint8Array> | null, once: Attempt, limit: TimeLimit): ReadableStream<Uint8Array> {
  limit.lift()
  const reader = (source ?? new Blob([]).stream()).getReader()
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const silence = new TimeLimit(once.timeoutMs, once.signal)
        try {
          const { done, value } = await silence.race(reader.read())
          if (done) controller.close()
          else controller.enqueue(value)
        } catch (error) {
          controller.error(noAnswer(once, silence, error))
          limit.abort()
        } finally {
          silence.lift()
        }
      },
      async cancel(reason) {
        limit.abort(reason)
        await reader.cancel(reason).catch(() => {})
      },
    },
    { highWaterMark: 0 },
  )
}
