import { z } from 'zod'
import { urlOf } from '../connection/address.ts'
import type { Call } from '../connection/call.ts'
import { action } from '../performing/action.ts'
import type { Asking } from '../performing/asking.ts'
import * as input from '../rows/input.ts'
import { ANYBODY } from '../rows/needs.ts'
import { writeOutcome } from '../rows/output.ts'
import { requestOf } from '../taken/record-apis.ts'
import { wider } from '../taken/wider-call.ts'

/** Several requests in one call (servicenow-core 7): one after the other, each for itself, not all or nothing. */

const path = input.path.refine(given => given.startsWith('/api/'), 'a path in a batch begins with "/api/"')

const output = z.object({
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

interface Part {
  method: Call['method']
  path: string
  parameters?: Call['parameters'] | undefined
  json?: unknown
}

export const batchActions = [
  action({
    name: 'batch.read',
    title: 'Read several addresses at once',
    whenToUse: 'To have the answers of up to 100 GETs in one call. Nothing can be changed with it.',
    effect: 'reads',
    shape: 'own',
    needs: ANYBODY,
    paging: 'none',
    input: z.strictObject({
      requests: z
        .array(z.strictObject({ path, parameters: input.parameters }))
        .min(1)
        .max(100)
        .describe('What to read, in this order.'),
    }),
    output,
    request: ({ requests }) => ({ ...batchCall(requests.map(one => ({ method: 'GET', ...one }))), reads: true }),
    perform: answered,
    example: {
      input: { requests: [{ path: '/api/now/table/incident', parameters: { sysparm_limit: 1 } }, { path: '/api/now/stats/problem' }] },
      output: {
        answers: [
          { id: '0', status: 200, ok: true, body: { result: [] } },
          { id: '1', status: 200, ok: true, body: { result: { stats: {} } } },
        ],
        unserviced: [],
      },
    },
    source: 'Batch API, POST /now/v1/batch (servicenow-core 7)',
    repeat: 'safe',
  }),
  action({
    name: 'batch.send',
    title: 'Send several requests at once',
    whenToUse: 'To have up to 100 requests performed in one call. Each succeeds or fails for itself: look at every answer.',
    effect: 'deletes',
    shape: 'own',
    needs: ANYBODY,
    paging: 'none',
    input: z.strictObject({
      requests: z
        .array(
          z.strictObject({
            method: z.enum(['GET', 'POST', 'PUT', 'PATCH', 'DELETE']).describe('HTTP method.'),
            path,
            parameters: input.parameters,
            json: z.unknown().optional().describe('Body, sent as JSON; at most 5 MB.'),
          }),
        )
        .min(1)
        .max(100)
        .describe('What to send, in this order.'),
    }),
    output: output.extend(writeOutcome),
    request: ({ requests }) => batchCall(requests.map(part => widened(part)?.call ?? part)),
    perform: async (ask, call, { requests }) => {
      const answer = await answered(ask, call)
      await holdEach(ask, requests, answer)
      return answer
    },
    example: {
      input: { requests: [{ method: 'POST', path: '/api/now/table/problem', json: { short_description: 'Mail is slow in the morning' } }] },
      output: { answers: [{ id: '0', status: 201, ok: true, body: { result: { number: 'PRB0040001' } } }], unserviced: [] },
    },
    source: 'Batch API, POST /now/v1/batch (servicenow-core 7)',
    repeat: { probe: 'Any number of its requests may have been performed: read what each was to change.' },
  }),
] as const

/** A write of a record also asks back what it sets. */
function widened(part: Part) {
  const request = requestOf(part)
  return request && { request, ...wider(part, request.asked) }
}

/** Holds each write that succeeded against what it asked. */
async function holdEach(ask: Asking, parts: readonly Part[], { answers }: z.output<typeof output>): Promise<void> {
  const writes = answers.flatMap(({ id, ok, body }) => {
    const part = parts[Number(id)]
    const sent = ok && part ? widened(part) : undefined
    return sent ? [{ ...sent, method: sent.call.method, result: (body as { result?: unknown })?.result, prefix: `${id}.` }] : []
  })
  await ask.hold(writes)
  for (const { narrow, result } of writes) narrow(result)
}

const HEADERS = [
  { name: 'Accept', value: 'application/json' },
  { name: 'Content-Type', value: 'application/json' },
]

function batchCall(parts: readonly Part[]): Call {
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

async function answered(ask: Asking, call: Call): Promise<z.output<typeof output>> {
  const read = serviced.safeParse((await ask.send(call)).result)
  if (!read.success) throw ask.failure('broken-answer', 'the answer is not that of a batch')
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
