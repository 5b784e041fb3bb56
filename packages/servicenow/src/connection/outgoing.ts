import { ServiceNowError } from '../error.ts'
import type { Attempt } from './attempt.ts'
import type { TimeLimit } from './time-limit.ts'
import { uploadStream } from './upload.ts'

/** A request ready to be sent, and what to do with its body when the attempt is over, however it went. */
export interface Outgoing {
  request: Request
  end(): void
}

/** @throws ServiceNowError kind `invalid` for what HTTP cannot carry, such as a line break in a header; nothing was sent. */
export function prepareOutgoing({ url, call, action, signInHeader, authorization }: Attempt, limit: TimeLimit): Outgoing {
  const headers: Record<string, string> = {
    accept: call.answer === 'bytes' ? '*/*' : 'application/json',
    'user-agent': 'Deskbridge',
  }
  if (authorization !== '') headers[signInHeader] = authorization
  // A redirect is an answer of its own: followed, a sign-in page would look like a success, and a POST would become a GET.
  const init: RequestInit = { method: call.method, headers, redirect: 'manual', signal: limit.signal }
  let end = () => {}
  if (call.upload) {
    const upload = uploadStream(call.upload, limit)
    init.body = upload.body
    init.duplex = 'half'
    // With any other mode fetch keeps a copy of the whole body for a redirect (measured: 420 MB for 400 MB, 70 MB so).
    init.redirect = 'error'
    headers['content-type'] = call.upload.contentType
    if (upload.size !== undefined) headers['content-length'] = String(upload.size)
    end = upload.end
  } else if (call.method !== 'GET') {
    // Documented as mandatory also for a DELETE without a body (2.2).
    headers['content-type'] = 'application/json'
    if (call.json !== undefined) init.body = JSON.stringify(call.json)
  }
  try {
    return { request: new Request(url, init), end }
  } catch (cause) {
    end()
    throw new ServiceNowError({ kind: 'invalid', action, written: 'no', detail: (cause as Error).message, cause })
  }
}
