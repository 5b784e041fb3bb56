import { ConnectError } from './connect-error.ts'

/** Statuses after which the same request may succeed later. 500 is not among them: KPN's gateway uses it for bad credentials too. */
const PASSING = new Set([408, 429, 502, 503, 504])

/** Codes of this exchange that say more than their status: an error of its own that it wants to be asked again about … */
const ASK_AGAIN = new Set(['internal'])
/** … and refusals of which it is sure. */
const NOTHING_DONE = new Set(['exchange_unavailable', 'service_desk_unavailable', 'spool_full', 'queue_busy'])

/** Apigee and KPN name a token that is unknown or out of date in many ways, and not always with status 401 (contract 3.3). */
const TOKEN_REFUSED = /invalid_?access_?token|access_?token_?expired/i

/**
 * Turns an error answer into a ConnectError. Reads `{"error":{"code","message","hint"?}}` of this API and the five other
 * envelopes seen at KPN's gateway (contract 3.5): a partner must not lose the reason because a layer in front refused first.
 */
export function errorAnswer(status: number, headers: Headers, body: string): ConnectError {
  const { code, message, hint } = envelope(body)
  const tokenRefused = TOKEN_REFUSED.test(code ?? '')
  const shown = tokenRefused ? 401 : status
  return new ConnectError({
    status: shown,
    code: code ?? `http_${status}`,
    message: message ?? `The service answered ${status}${body === '' ? '' : `: ${body.slice(0, 200)}`}`,
    hint,
    retryable: !tokenRefused && (PASSING.has(status) || ASK_AGAIN.has(code ?? '')),
    outcomeUnknown: !tokenRefused && status >= 500 && !NOTHING_DONE.has(code ?? ''),
    retryAfterMs: retryAfter(headers),
  })
}

interface Envelope {
  code?: string | undefined
  message?: string | undefined
  hint?: string | undefined
}

function envelope(body: string): Envelope {
  let answer: unknown
  try {
    answer = JSON.parse(body)
  } catch {
    return {}
  }
  const outer = fields(answer)
  const inner = fields(outer.error ?? outer.errorResponse)
  const fault = fields(outer.fault)
  return {
    code: text(inner.code) ?? text(fields(fault.detail).errorcode) ?? text(outer.ErrorCode) ?? text(inner.name) ?? text(outer.name),
    message: text(inner.message) ?? text(fault.faultstring) ?? text(outer.Error) ?? text(outer.message),
    hint: text(inner.hint) ?? text(inner.info) ?? text(outer.info),
  }
}

function fields(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
}

function text(value: unknown): string | undefined {
  if (typeof value === 'number') return String(value)
  return typeof value === 'string' && value !== '' ? value : undefined
}

/** What asks for more is a mistake, or a mistaken clock. */
const LONGEST_WAIT_MS = 3_600_000

/**
 * `Retry-After` is a number of seconds or an HTTP date (RFC 9110, 10.2.3), which is compared with the answer's own `Date`, so that a
 * wrong clock does no harm. Milliseconds, an hour at most.
 */
function retryAfter(headers: Headers): number | undefined {
  const value = headers.get('retry-after')
  if (value === null) return undefined
  if (/^\s*\d+\s*$/.test(value)) return Math.min(Number(value) * 1000, LONGEST_WAIT_MS)
  const until = Date.parse(value)
  if (Number.isNaN(until)) return undefined
  const sent = Date.parse(headers.get('date') ?? '')
  return Math.min(Math.max(0, until - (Number.isNaN(sent) ? Date.now() : sent)), LONGEST_WAIT_MS)
}
