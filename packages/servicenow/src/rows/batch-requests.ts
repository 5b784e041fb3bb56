import { z } from 'zod'
import { urlOf } from '../connection/address.ts'
import type { InstanceCall } from '../connection/call.ts'
import type { Sender } from '../performing/sender.ts'
import { recordWriteOf } from '../taken/record-apis.ts'
import { widenCall } from '../taken/widen-call.ts'

/** Requests in a batch, and what came of each (servicenow-core 7). */

export const batchOutput = z.object({
  answers: z
    .array(
      z.object({
        id: z.string().describe('The place of the request in the list, from 0.'),
        status: z.int().describe('Its own HTTP status; a refused one does not stop the others.'),
        ok: z.boolean().describe('Whether it succeeded: a status from 200 to 299, without an error inside.'),
        body: z.unknown().describe('Its body, as JSON or a text.'),
      }),
    )
    .describe('In the order of the requests.'),
  unserviced: z.array(z.string()).describe('Places of requests that were not run because the time or size of a batch was used up.'),
})

export interface BatchedRequest {
  method: InstanceCall['method']
  path: string
  parameters?: InstanceCall['parameters'] | undefined
  json?: unknown
}

/** A write of a record also asks back what it sets. */
export function widen(part: BatchedRequest) {
  const request = recordWriteOf(part)
  return request && { request, ...widenCall(part, request.asked) }
}

/** Compares each write that succeeded with what it asked. */
export async function compareEach(
  sender: Sender,
  parts: readonly BatchedRequest[],
  { answers }: z.output<typeof batchOutput>,
): Promise<void> {
  const writes = answers.flatMap(({ id, ok, body }) => {
    const part = parts[Number(id)]
    const sent = ok && part ? widen(part) : undefined
    return sent ? [{ ...sent, method: sent.call.method, result: (body as { result?: unknown })?.result, prefix: `${id}.` }] : []
  })
  await sender.compare(writes)
  for (const { narrow, result } of writes) narrow(result)
}

const HEADERS = [
  { name: 'Accept', value: 'application/json' },
  { name: 'Content-Type', value: 'application/json' },
]

/** The call of a batch; an id is the place of its request. @throws ServiceNowError kind `too-large` for a URL that no instance takes */
export function batchCall(parts: readonly BatchedRequest[]): InstanceCall {
  const rest_requests = parts.map(({ method, path, parameters, json }, at) => ({
    id: String(at),
    method,
    url: urlOf('', { method: 'GET', path, parameters }, 'batch'),
    headers: HEADERS,
    exclude_response_headers: true,
    ...(json === undefined ? {} : { body: Buffer.from(JSON.stringify(json)).toString('base64') }),
  }))
  return { method: 'POST', path: '/api/now/v1/batch', json: { batch_request_id: '1', rest_requests }, answer: 'anything' }
}

const serviced = z.object({
  serviced_requests: z.array(z.object({ id: z.coerce.string(), status_code: z.coerce.number(), body: z.string().nullish() })),
  unserviced_requests: z.array(z.unknown()).nullish(),
})

/** Sends a batch and reads what came of each of its requests. */
export async function sendBatch(sender: Sender, call: InstanceCall): Promise<z.output<typeof batchOutput>> {
  const read = serviced.safeParse((await sender.send(call)).result)
  if (!read.success) throw sender.failure('broken-answer', 'the answer is not that of a batch')
  const answers = read.data.serviced_requests.map(({ id, status_code: status, body: sent }) => {
    const body = bodyOf(sent ?? '')
    const failed = body instanceof Object && 'error' in body
    return { id, status, ok: status >= 200 && status < 300 && !failed, body }
  })
  // ServiceNow does not say that it keeps the order.
  answers.sort((a, b) => Number(a.id) - Number(b.id))
  return {
    answers,
    unserviced: (read.data.unserviced_requests ?? []).map(one => String(one instanceof Object && 'id' in one ? one.id : one)),
  }
}

function bodyOf(base64: string): unknown {
  const text = Buffer.from(base64, 'base64').toString('utf8')
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
