/**
 * What went wrong, in one word that a caller can act upon.
 *
 * | kind | means |
 * |---|---|
 * | refused | the record's own rules said no (data policy, business rule); the reason is in `detail` |
 * | invalid | the request was wrong: unknown table, bad input, method not supported |
 * | unauthorised | the credentials were not accepted |
 * | forbidden | the user lacks a right (ACL, API level) |
 * | not-found | no such record, or the user may not see it; ServiceNow does not tell which |
 * | rate-limited | a rate rule matched; `retryAfterMs` says when to come again, if the instance said so |
 * | too-large | the body or the URL is longer than the instance takes |
 * | time-out | no answer in time, or the caller's signal ended the call |
 * | unreachable | no connection, or it broke |
 * | asleep | a developer instance hibernates and answered with a web page |
 * | server-error | the instance or a gateway answered 5xx |
 * | broken-answer | the answer could not be trusted: truncated, an `error` in a 200, a filter ignored |
 * | unreadable | rows or fields exist that this user may not read, so the answer would be incomplete |
 */
export type FailureKind =
  | 'refused'
  | 'invalid'
  | 'unauthorised'
  | 'forbidden'
  | 'not-found'
  | 'rate-limited'
  | 'too-large'
  | 'time-out'
  | 'unreachable'
  | 'asleep'
  | 'server-error'
  | 'broken-answer'
  | 'unreadable'

/** What a ServiceNowError is made of. */
export interface Failure {
  kind: FailureKind
  /** The row of the catalogue, such as `incident.create`. */
  action: string
  /** `no` only when it is certain that nothing was written. A read never writes, so it always says `no`. */
  written: 'no' | 'unknown'
  /** The HTTP status, when there was an answer. */
  status?: number | undefined
  /** The instance's own words, or ours where there was no answer. */
  detail?: string | undefined
  /** The instance's own words where it refused in its own form (an error envelope): a page of a gateway gives none. */
  reason?: string | undefined
  /** Milliseconds to wait before the next try, when the instance said so. */
  retryAfterMs?: number | undefined
  cause?: unknown
}

/**
 * The only error that an action throws. Its message holds the action, the kind, the status and the detail; never a credential.
 * @example
 * try {
 *   await sdk.incident.get({ sysId: '0'.repeat(32) })
 * } catch (error) {
 *   error instanceof ServiceNowError // → true
 *   error.kind // → 'not-found'
 *   error.written // → 'no'
 * }
 */
export class ServiceNowError extends Error {
  override readonly name = 'ServiceNowError'
  readonly kind: FailureKind
  readonly action: string
  readonly written: 'no' | 'unknown'
  declare readonly status?: number
  declare readonly detail?: string
  declare readonly reason?: string
  declare readonly retryAfterMs?: number

  constructor({ kind, action, written, status, detail, reason, retryAfterMs, cause }: Failure) {
    super(`${action}: ${kind}${status ? ` (${status})` : ''}${detail ? `: ${detail}` : ''}`, cause === undefined ? undefined : { cause })
    this.kind = kind
    this.action = action
    this.written = written
    if (status !== undefined) this.status = status
    if (detail !== undefined) this.detail = detail
    if (reason !== undefined) this.reason = reason
    if (retryAfterMs !== undefined) this.retryAfterMs = retryAfterMs
  }
}
