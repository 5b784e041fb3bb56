/** What asks for more is a mistake, or a mistaken clock: the window of a rate rule is one hour (2.7). */
const LONGEST_WAIT_MS = 3_600_000

/**
 * How long an answer asks to wait, in milliseconds and an hour at most: `Retry-After` (seconds or a date), else `X-RateLimit-Reset` (Unix
 * seconds). Dates are compared with the answer's own `Date`, so that a wrong clock here or there does no harm; with ours where it has none.
 * Source: servicenow-core 2.7 (RATE).
 */
export function askedToWait(headers: Headers): number | undefined {
  const retryAfter = headers.get('retry-after')
  if (retryAfter !== null && /^\d+(\.\d+)?$/.test(retryAfter.trim())) return Math.min(Number(retryAfter) * 1000, LONGEST_WAIT_MS)
  const until = retryAfter === null ? Number(headers.get('x-ratelimit-reset') ?? Number.NaN) * 1000 : Date.parse(retryAfter)
  if (!Number.isFinite(until)) return undefined
  const sent = Date.parse(headers.get('date') ?? '')
  return Math.min(Math.max(until - (Number.isFinite(sent) ? sent : Date.now()), 0), LONGEST_WAIT_MS)
}
