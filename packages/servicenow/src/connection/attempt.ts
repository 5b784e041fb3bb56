import { ServiceNowError } from '../error.ts'
import { readAnswer } from './answer.ts'
import type { Answer, Call } from './call.ts'
import { endedBeforeSending, noAnswer } from './no-answer.ts'
import { askedToWait } from './rate-limit.ts'
import { refusal } from './refusal.ts'
import { TimeLimit } from './time-limit.ts'
import { uploadStream } from './upload.ts'

export type Fetch = (request: Request) => Promise<Response> | Response

export interface Attempt {
  fetch: Fetch
  url: string
  call: Call
  /** The row's name, for errors. */
  action: string
  authorization: string
  /** Milliseconds for the whole attempt; for an upload or a download, the longest silence. */
  timeoutMs: number
  signal: AbortSignal | undefined
}

/** Sends a call once and reads its answer. @throws ServiceNowError always with a verdict on what was written. */
export async function attempt(once: Attempt): Promise<Answer> {
  if (once.signal?.aborted) throw endedBeforeSending(once.action)
  const limit = new TimeLimit(once.timeoutMs, once.signal)
  let handedOn = false
  try {
    const response = await limit.race(once.fetch(requestOf(once, limit)))
    if (!response.ok) throw await refused(once, response, limit)
    const answer = await readAnswer(once, response, limit)
    handedOn = answer.body !== undefined
    return answer
  } catch (error) {
    throw noAnswer(once, limit, error)
  } finally {
    // A download goes on under its own watch for silence.
    if (!handedOn) limit.lift()
  }
}

function requestOf({ url, call, authorization }: Attempt, limit: TimeLimit): Request {
  const headers: Record<string, string> = {
    accept: call.answer === 'bytes' ? '*/*' : 'application/json',
    authorization,
    'user-agent': 'Deskbridge',
  }
  // A redirect is an answer of its own: followed, a sign-in page would look like a success, and a POST would become a GET.
  const init: RequestInit = { method: call.method, headers, redirect: 'manual', signal: limit.signal }
  if (call.upload) {
    const { body, size } = uploadStream(call.upload, limit)
    init.body = body
    init.duplex = 'half'
    // With any other mode fetch keeps a copy of the whole body for a redirect (measured: 420 MB for 400 MB, 70 MB so).
    init.redirect = 'error'
    headers['content-type'] = call.upload.contentType
    if (size !== undefined) headers['content-length'] = String(size)
  } else if (call.method !== 'GET') {
    // Documented as mandatory also for a DELETE without a body (2.2).
    headers['content-type'] = 'application/json'
    if (call.json !== undefined) init.body = JSON.stringify(call.json)
  }
  return new Request(url, init)
}

async function refused({ action, call }: Attempt, response: Response, limit: TimeLimit): Promise<ServiceNowError> {
  // The status alone decides; a body that breaks off takes only the words away.
  const body = await limit.race(response.text()).catch(() => '')
  const { kind, detail, written } = refusal(response.status, body)
  const retryAfterMs = response.status === 429 || response.status === 503 ? askedToWait(response.headers) : undefined
  return new ServiceNowError({
    kind,
    action,
    detail,
    status: response.status,
    retryAfterMs,
    written: call.method === 'GET' ? 'no' : written,
  })
}
