import type { FailureKind } from '../error.ts'

/** How to read an answer that is no success: its kind, the instance's words, and whether a write may have happened nevertheless. */
export interface RefusedAnswer {
  kind: FailureKind
  detail: string
  /** What the error envelope says of it: its `detail`, else its `message`; undefined without an envelope. */
  reason: string | undefined
  written: 'no' | 'unknown'
}

/** Statuses that an instance gives before it writes anything (2.4; CODES). Every other one leaves a write uncertain. */
const NOTHING_WRITTEN = new Set([400, 401, 403, 404, 405, 406, 413, 414, 415, 429])

/** Reads status and body of an answer outside 200 to 299. The body may be JSON, HTML of a gateway, or empty. */
export function refusalFrom(status: number, body: string): RefusedAnswer {
  const error = errorOf(body)
  const { message, detail } = wordsOfError(error)
  return {
    kind: kindOf(status, message, detail),
    detail: [message, detail].filter(Boolean).join(': ') || wordsOf(body) || 'no reason given',
    // Many servers have a word in `error`; message and detail in an object are ServiceNow's.
    reason: typeof error === 'object' ? detail || message || undefined : undefined,
    written: NOTHING_WRITTEN.has(status) ? 'no' : 'unknown',
  }
}

function kindOf(status: number, message: string, detail: string): FailureKind {
  if (status >= 500) return 'server-error'
  if (status >= 300 && status < 400) return 'broken-answer'
  switch (status) {
    case 400:
      // KB0747638: a body over glide.rest.max_content_length is answered with 400, not 413.
      return detail.includes('Rejected large REST payload') ? 'too-large' : 'invalid'
    case 401:
      return 'unauthorised'
    case 403:
      return forbiddenOrRefused(message, detail)
    case 404:
      return 'not-found'
    case 408:
      return 'time-out'
    case 413:
    case 414:
      return 'too-large'
    case 429:
      return 'rate-limited'
    default:
      return 'invalid'
  }
}

/** `Operation Failed` is a rule of the record (data policy, business rule), except where its detail names an ACL (2.4). */
function forbiddenOrRefused(message: string, detail: string): FailureKind {
  if (/Data Policy Exception|aborted by Business Rule/.test(detail)) return 'refused'
  return message === 'Operation Failed' && !/ACL|security constraints/.test(detail) ? 'refused' : 'forbidden'
}

function errorOf(body: string): unknown {
  try {
    return (JSON.parse(body) as { error?: unknown }).error
  } catch {
    return undefined
  }
}

/** Reads the envelope's `error`: an object with message and detail, or, from the token endpoint, a word. */
export function wordsOfError(error: unknown): { message: string; detail: string } {
  if (typeof error === 'string') return { message: error, detail: '' }
  const { message, detail } = (error ?? {}) as { message?: unknown; detail?: unknown }
  return { message: typeof message === 'string' ? message : '', detail: typeof detail === 'string' ? detail : '' }
}

/** The first words of a page or text, so that a log tells which gateway answered. */
function wordsOf(body: string): string {
  return body
    .slice(0, 4000)
    .replace(/<(style|script)[\s\S]*?<\/\1>|<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, 200)
}
