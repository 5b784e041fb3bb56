import type { HttpBindings } from '@hono/node-server'
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response'
import type { ExchangeError } from './errors.ts'
import { Raw, type Route } from './route.ts'

/** Names in small letters. A plain object goes to the network as it is; Headers would be taken apart again. */
export type AnswerHeaders = Record<string, string>

/** An answer: a short one goes to Node at once. */
export function answerWith(outgoing: HttpBindings['outgoing'], raw: Raw, headers: AnswerHeaders): Response {
  const short = typeof raw.body === 'string' && raw.body.length <= SHORT_ANSWER
  return short ? send(outgoing, raw.body as string, raw, headers) : respond(raw.status, raw, headers)
}

function respond(status: number, { body, contentType }: Pick<Raw, 'body' | 'contentType'>, headers: AnswerHeaders): Response {
  headers['content-type'] = contentType
  return new Response(body, { status, headers })
}

/** In characters: a socket takes so much at once, so that it can be told whether the answer was taken whole. */
const SHORT_ANSWER = 8_192

/** Hands a short answer to Node as it is; a Response would first be made and then be taken apart (a fifth of an empty poll). */
function send(outgoing: HttpBindings['outgoing'], body: string, { contentType, status }: Raw, headers: AnswerHeaders): Response {
  outgoing.writeHead(status, { ...headers, 'content-type': contentType, 'content-length': Buffer.byteLength(body) }).end(body)
  return RESPONSE_ALREADY_SENT
}

/** A refusal of what no row of the routes takes. */
export function refusalWithoutRow(error: ExchangeError): Response {
  return refusalInShape(error, { 'cache-control': 'no-store' })
}

/** A refusal in the shape of its operation. */
export function refusalInShape(error: ExchangeError, headers: AnswerHeaders, shape: Route['errorShape'] = 'api'): Response {
  const { retryAfter, headers: more = {} } = error.detail
  if (retryAfter !== undefined) headers['retry-after'] = String(Math.max(1, Math.ceil(retryAfter)))
  if (error.status === 401 && !more['www-authenticate']) headers['www-authenticate'] = 'Bearer'
  for (const [name, value] of Object.entries(more)) headers[name.toLowerCase()] = value
  const body = shape === 'oauth' ? { error: oauthCode(error), error_description: error.message } : error.body
  return respond(error.status, new Raw(JSON.stringify(body)), headers)
}

/** RFC 6749, section 5.2 knows few codes; a caller's program may only rely on those. */
function oauthCode(error: ExchangeError): string {
  if (['invalid_request', 'invalid_client', 'unsupported_grant_type'].includes(error.code)) return error.code
  return error.status >= 500 ? 'temporarily_unavailable' : error.status === 429 ? 'slow_down' : 'invalid_request'
}

const MOST_NAMED = 20

/** Sets the `warnings` header: what was kept as text first, then what was ignored. */
export function setWarnings(headers: AnswerHeaders, warnings: readonly string[], ignored: readonly string[]): void {
  const named = ignored.slice(0, MOST_NAMED).map(name => `${name.slice(0, 100)} is not a field of this operation and was ignored`)
  const more = ignored.length > MOST_NAMED ? [`so were ${ignored.length - MOST_NAMED} more`] : []
  const all = [...warnings, ...named, ...more]
  if (all.length) headers.warnings = headerText(all.join('; '))
}

/** Header values carry visible ASCII only (RFC 9110, section 5.5); the rest is shown as an escape. */
function headerText(text: string): string {
  return text.replace(/[^\x20-\x7e]/g, character => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`).slice(0, 4_000)
}
