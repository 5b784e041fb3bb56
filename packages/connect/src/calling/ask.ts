import type { z } from 'zod'
import { ConnectError } from './connect-error.ts'
import { errorAnswer } from './error-answer.ts'
import { IdleTimeout } from './idle-timeout.ts'
import type { OutgoingBody } from './outgoing-body.ts'

/** An error answer longer than this is cut: nobody reads more, and a broken proxy may send anything. */
const LONGEST_ERROR = 64 * 1024

/** Errors of connecting: the request has not left, so nothing can have been done. */
const NEVER_SENT = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH', 'UND_ERR_CONNECT_TIMEOUT'])

/** A redirect would carry the token to an address that nobody configured. */
const NOT_REDIRECTED = { redirect: 'manual' }

/**
 * For a body that is a stream. Unless redirects are errors, fetch keeps a second copy of it in case it must be sent again (fetch
 * standard, "HTTP-network-or-cache fetch"): measured, all 107 MB of an 80 MiB attachment; with it, 21 MB.
 */
const STREAMED = { duplex: 'half', redirect: 'error' }

export type Chunks = AsyncIterable<Uint8Array>

export interface Asking<T> {
  fetch: typeof globalThis.fetch
  url: string
  method: string
  headers: Record<string, string>
  body?: OutgoingBody | undefined
  timeoutMs: number
  signal?: AbortSignal | undefined
  /** Called with the good answer's body; what it returns is the result. */
  read: (chunks: Chunks) => Promise<T>
  /** Told the `warnings` header of any answer. */
  onWarning?: ((warning: string) => void) | undefined
}

/**
 * One request and its answer, once: no sign-in, no repetition.
 * @throws ConnectError for whatever goes wrong; the signal's reason when the caller cancelled.
 */
export async function ask<T>(request: Asking<T>): Promise<T> {
  request.signal?.throwIfAborted()
  const idle = new IdleTimeout(request.timeoutMs, request.signal)
  const opened = request.body?.open(() => idle.restart())
  let answered = false
  try {
    const response = await request.fetch(request.url, {
      method: request.method,
      headers: request.headers,
      signal: idle.signal,
      ...(opened === undefined ? {} : { body: opened }),
      ...(typeof opened === 'object' ? STREAMED : NOT_REDIRECTED),
    } as RequestInit)
    answered = true
    idle.restart()
    const warning = response.headers.get('warnings')
    if (warning !== null) request.onWarning?.(warning)
    const chunks = readRestarting(response.body, idle)
    if (!response.ok) throw errorAnswer(response.status, response.headers, await readBeginning(chunks, LONGEST_ERROR))
    const result = await request.read(chunks)
    idle.end()
    return result
  } catch (error) {
    idle.end(true)
    request.signal?.throwIfAborted()
    throw failureOf(error, request, answered, idle.expired)
  }
}

/** Reads a JSON answer and holds it against the contract. */
export async function readJson<T>(chunks: Chunks, schema: z.ZodType<T>): Promise<T> {
  const parts: Uint8Array[] = []
  for await (const part of chunks) parts.push(part)
  const text = Buffer.concat(parts).toString('utf8')
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch (cause) {
    throw answerLost(`The answer is not JSON, or broke off: ${JSON.stringify(text.slice(0, 120))}`, cause)
  }
  const read = schema.safeParse(json)
  if (read.success) return read.data
  throw new ConnectError({
    status: 200,
    code: 'answer_not_understood',
    message: `The answer is not what the Connect API promises: ${read.error.issues.map(issue => `${issue.path.join('.')}: ${issue.message}`).join('; ')}`,
    retryable: false,
    outcomeUnknown: true,
    cause: read.error,
  })
}

export function answerLost(message: string, cause?: unknown): ConnectError {
  return new ConnectError({ status: 0, code: 'answer_lost', message, retryable: true, outcomeUnknown: true, cause })
}

/** The pieces of a body, each of which starts the idle time-out anew. */
async function* readRestarting(body: ReadableStream<Uint8Array> | null, idle: IdleTimeout): AsyncGenerator<Uint8Array> {
  if (body === null) return
  for await (const chunk of body) {
    idle.restart()
    yield chunk
  }
}

async function readBeginning(chunks: Chunks, limit: number): Promise<string> {
  const parts: Uint8Array[] = []
  let size = 0
  try {
    for await (const part of chunks) {
      parts.push(part)
      size += part.length
      if (size >= limit) break
    }
  } catch {
    // The status alone says what happened.
  }
  return Buffer.concat(parts).toString('utf8', 0, limit)
}

function failureOf(error: unknown, request: Asking<unknown>, answered: boolean, expired: boolean): ConnectError {
  const known = ownError(error)
  if (known !== undefined) return known
  const where = `${request.method} ${request.url.split('?')[0]}`
  if (expired) {
    return new ConnectError({
      status: 0,
      code: 'no_answer_in_time',
      message: `${where}: nothing was heard for ${request.timeoutMs} ms`,
      retryable: true,
      outcomeUnknown: true,
      cause: error,
    })
  }
  const reason = deepestCause(error)
  if (reason.message === 'unexpected redirect') {
    return new ConnectError({ status: 0, code: 'redirected', message: `${where} was redirected`, retryable: false, cause: error })
  }
  if (answered) return answerLost(`${where}: the answer broke off (${reason.message})`, error)
  return new ConnectError({
    status: 0,
    code: 'no_answer',
    message: `${where}: no answer (${reason.message})`,
    retryable: true,
    outcomeUnknown: !NEVER_SENT.has(reason.code),
    cause: error,
  })
}

/** fetch wraps what a body stream throws; an unreadable attachment must not look like a network failure. */
function ownError(error: unknown): ConnectError | undefined {
  for (let at = error; at instanceof Error; at = at.cause) if (at instanceof ConnectError) return at
  return undefined
}

function deepestCause(error: unknown): { code: string; message: string } {
  let at = error
  while (at instanceof Error && at.cause instanceof Error) at = at.cause
  const { code, message } = at instanceof Error ? (at as NodeJS.ErrnoException) : { code: undefined, message: String(at) }
  return { code: code ?? '', message: message || (code ?? 'unknown') }
}
