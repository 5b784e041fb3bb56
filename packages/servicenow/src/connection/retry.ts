import type { ServiceNowError } from '../error.ts'

/** How often a call is repeated after its first attempt, waiting for a rate limit aside. */
const REPEATS = 2
/** A truncated answer is repeated once: a second one is the instance's habit, not an accident (2.5). */
const REPEATS_OF_A_BROKEN_ANSWER = 1
const FIRST_PAUSE_MS = 100
const FIRST_RATE_LIMIT_PAUSE_MS = 1_000
const LONGEST_RATE_LIMIT_PAUSE_MS = 60_000

/**
 * Milliseconds to wait before the next attempt, or undefined when there must be none.
 *
 * A read is repeated after any failure that may pass. A write is repeated only when it is certain that nothing was written and the
 * cause may pass: a rate limit, or no connection. Everything else is the caller's to probe.
 * @param failures how often this call failed so far, at least 1
 */
export function pauseBeforeRepeat(error: ServiceNowError, writes: boolean, failures: number): number | undefined {
  if (error.kind === 'rate-limited') return rateLimitPause(error.retryAfterMs, failures)
  if (!mayPass(error, writes) || failures > repeatsAfter(error)) return undefined
  return withJitter(FIRST_PAUSE_MS * 2 ** (failures - 1))
}

function mayPass(error: ServiceNowError, writes: boolean): boolean {
  if (error.kind === 'unreachable') return error.written === 'no'
  return !writes && (error.kind === 'time-out' || error.kind === 'server-error' || error.kind === 'broken-answer')
}

function repeatsAfter(error: ServiceNowError): number {
  return error.kind === 'broken-answer' ? REPEATS_OF_A_BROKEN_ANSWER : REPEATS
}

/** As long as the answer asked for, never nothing; where it says neither Retry-After nor X-RateLimit-Reset, longer each time. */
function rateLimitPause(askedMs: number | undefined, failures: number): number {
  if (askedMs !== undefined) return Math.max(askedMs, FIRST_PAUSE_MS)
  return withJitter(Math.min(FIRST_RATE_LIMIT_PAUSE_MS * 2 ** (failures - 1), LONGEST_RATE_LIMIT_PAUSE_MS))
}

/** Between half and the whole, so that callers who failed together do not come again together. */
function withJitter(ms: number): number {
  return ms * (0.5 + Math.random() / 2)
}
