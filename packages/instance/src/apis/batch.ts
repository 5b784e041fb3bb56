import { STATUS_CODES } from 'node:http'
import { z } from 'zod'
import type { ApiCall } from '../call/call.ts'
import { answerLeftOut, itemTooLarge, notABatch, notAnItem } from '../refusals/batch.ts'
import { Refusal } from '../refusals/refusal.ts'
import { json, refusalAnswer } from '../wire/answer.ts'
import { readObject } from '../wire/body.ts'

/** The Batch API (contract servicenow-core.md 7): POST /batch. */

const NAMED = z.object({ name: z.string(), value: z.coerce.string() })

const ITEM = z.object({
  id: z.coerce.string(),
  method: z.string(),
  url: z.string(),
  headers: z.array(NAMED).nullish(),
  body: z.string().nullish(),
  exclude_response_headers: z.union([z.boolean(), z.string()]).nullish(),
})

const BATCH = z.object({ batch_request_id: z.coerce.string().default(''), rest_requests: z.array(z.unknown()) })

type Item = z.infer<typeof ITEM>

/** A request of a batch, answered. */
interface Serviced {
  readonly id: string
  readonly status_code: number
  readonly status_text: string
  readonly headers?: readonly { name: string; value: string }[]
  readonly body: string
  readonly execution_time: number
  readonly error_message?: string
}

const MEGABYTE = 1024 * 1024

/** Runs the requests of a batch one after the other, each through the front door; what comes after the time is over is not run. */
export async function runBatch(call: ApiCall): Promise<Response> {
  const read = BATCH.safeParse(await readObject(call.request))
  if (!read.success) throw notABatch(z.prettifyError(read.error))
  const { standing } = call.practice
  const ends = performance.now() + standing.number('practice.batch.max_seconds', 30) * 1000
  const serviced: Serviced[] = []
  const unserviced: string[] = []
  for (const sent of read.data.rest_requests) {
    if (performance.now() >= ends) unserviced.push(idOf(sent))
    else serviced.push(await answerItem(call, sent))
  }
  return json(200, { batch_request_id: read.data.batch_request_id, serviced_requests: serviced, unserviced_requests: unserviced })
}

async function answerItem(call: ApiCall, sent: unknown): Promise<Serviced> {
  const began = performance.now()
  const { answer, bare } = await runItem(call, sent)
  const bytes = Buffer.from(await answer.arrayBuffer())
  const most = mostOutput(call)
  return {
    id: idOf(sent),
    status_code: answer.status,
    status_text: STATUS_CODES[answer.status] ?? '',
    ...(bare ? {} : { headers: [...answer.headers].map(([name, value]) => ({ name, value })) }),
    body: bytes.length > most ? '' : bytes.toString('base64'),
    execution_time: Math.round(performance.now() - began),
    ...(bytes.length > most ? { error_message: answerLeftOut(bytes.length, most) } : {}),
  }
}

async function runItem(call: ApiCall, sent: unknown): Promise<{ answer: Response; bare: boolean }> {
  const read = ITEM.safeParse(sent)
  try {
    if (!read.success) throw notAnItem(z.prettifyError(read.error))
    return { answer: await call.handleInner(requestOf(call, read.data)), bare: String(read.data.exclude_response_headers) === 'true' }
  } catch (error) {
    if (error instanceof Refusal) return { answer: refusalAnswer(error), bare: false }
    throw error
  }
}

/** Who calls is decided by the batch, not by its parts. */
const OF_THE_BATCH = ['authorization', 'x-sn-apikey', 'x-usertoken', 'cookie']
/** What a body is, `Request` says itself. */
const OF_THE_BODY = new Set(['content-length', 'transfer-encoding', 'host', 'connection'])

function requestOf(call: ApiCall, { url: path, method, headers: named, body }: Item): Request {
  const url = addressOf(call, path)
  const headers = new Headers()
  for (const { name, value } of named ?? []) {
    if (OF_THE_BATCH.includes(name.toLowerCase()) || OF_THE_BODY.has(name.toLowerCase())) continue
    try {
      headers.append(name, value)
    } catch {
      throw notAnItem(`The header ${name.slice(0, 100)} cannot be sent`)
    }
  }
  for (const name of OF_THE_BATCH) {
    const value = call.request.headers.get(name)
    if (value !== null) headers.set(name, value)
  }
  const wanted = method.toUpperCase()
  if (!METHODS.has(wanted)) throw notAnItem(`The method ${method.slice(0, 100)} is none of ${[...METHODS].join(', ')}`)
  const bytes = body && wanted !== 'GET' && wanted !== 'HEAD' ? Buffer.from(body, 'base64') : undefined
  const most = mostInput(call)
  if (bytes && bytes.length > most) throw itemTooLarge(bytes.length, most)
  return new Request(url, { method: wanted, headers, signal: call.request.signal, ...(bytes ? { body: new Uint8Array(bytes) } : {}) })
}

const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'])

function addressOf(call: ApiCall, path: string): URL {
  const here = call.url.origin
  const url = URL.canParse(path, here) ? new URL(path, here) : undefined
  if (!url || !path.startsWith('/') || url.origin !== here || !url.pathname.startsWith('/api/'))
    throw notAnItem('The url must be a path that begins with /api/')
  if (/^\/api\/now\/(v\d+\/)?batch(\/|$)/.test(url.pathname)) throw notAnItem('A batch cannot be in a batch')
  return url
}

function mostInput({ practice }: ApiCall): number {
  return Math.min(practice.standing.number('glide.rest.batch.max.inputsize', 5 * MEGABYTE), 10 * MEGABYTE)
}

/** The header may only lower it. */
function mostOutput({ practice, request }: ApiCall): number {
  const most = practice.standing.number('glide.rest.batch.max.outputsize', 10 * MEGABYTE)
  const asked = request.headers.get('x-batchrequest-max-output-size')
  return asked !== null && /^\d{1,12}$/.test(asked) ? Math.min(most, Number(asked)) : most
}

function idOf(sent: unknown): string {
  const id = typeof sent === 'object' && sent !== null && 'id' in sent ? sent.id : undefined
  return typeof id === 'string' || typeof id === 'number' ? String(id) : ''
}
