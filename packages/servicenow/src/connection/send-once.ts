import { ServiceNowError } from '../error.ts'
import { readAnswer } from './answer.ts'
import type { Attempt } from './attempt.ts'
import { type InstanceAnswer, writes } from './call.ts'
import { endedBeforeSending, noAnswer } from './no-answer.ts'
import { type Outgoing, prepareOutgoing } from './outgoing.ts'
import { askedToWait } from './rate-limit.ts'
import { refusalFrom } from './refusal.ts'
import { TimeLimit } from './time-limit.ts'

/** Sends a call once and reads its answer. @throws ServiceNowError always with a verdict on what was written. */
export async function sendOnce(once: Attempt): Promise<InstanceAnswer> {
  if (once.signal?.aborted) throw endedBeforeSending(once.action)
  const limit = new TimeLimit(once.timeoutMs, once.signal)
  let sending: Outgoing | undefined
  let handedOn = false
  try {
    sending = prepareOutgoing(once, limit)
    const response = await limit.race(once.fetch(sending.request))
    if (!response.ok) throw await readErrorAnswer(once, response, limit)
    const answer = await readAnswer(once, response, limit)
    handedOn = answer.body !== undefined
    return answer
  } catch (error) {
    throw noAnswer(once, limit, error)
  } finally {
    sending?.end()
    // A download goes on under its own idle time-out.
    if (!handedOn) limit.lift()
  }
}

async function readErrorAnswer({ action, call }: Attempt, response: Response, limit: TimeLimit): Promise<ServiceNowError> {
  // The status alone decides; a body that breaks off takes only the words away.
  const body = await limit.race(response.text()).catch(() => '')
  const { kind, detail, reason, written } = refusalFrom(response.status, body)
  const retryAfterMs = response.status === 429 || response.status === 503 ? askedToWait(response.headers) : undefined
  return new ServiceNowError({
    kind,
    action,
    detail,
    reason,
    status: response.status,
    retryAfterMs,
    written: writes(call) ? written : 'no',
  })
}
