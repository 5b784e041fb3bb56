/** What is known about a call that failed. */
export interface Failure {
  /** HTTP status of the answer; 0 when there was none. */
  status: number
  /** The service's own code (`error.code`), or one of ours: see {@link ConnectError}. */
  code: string
  message: string
  hint?: string | undefined
  /** Whether the same call, made again later, may succeed without doing anything twice. */
  retryable: boolean
  /** Whether the service may have carried the request out although no good answer came. */
  outcomeUnknown?: boolean
  /** How long the service asked us to wait (`Retry-After`). */
  retryAfterMs?: number | undefined
  cause?: unknown
}

/**
 * The one error of this package. A cancelled call is the exception: it rejects with the reason of its AbortSignal.
 *
 * Codes of our own (status 0 unless the answer had one), beside whatever the service sends:
 * - `no_answer` the service could not be reached, or went away before it answered
 * - `no_answer_in_time` it was silent for longer than `timeoutMs`
 * - `answer_lost` the answer broke off or was not what its length or form promised
 * - `answer_not_understood` the answer was whole but is not what the contract says
 * - `ticket_not_found` the answer to GET /Ticket was an empty list
 * - `attachment_changed`, `attachment_unreadable`, `attachments_too_large` nothing was sent, or the sending was given up
 * - `attachment_not_saved` the place where an attachment was to be written refused it
 * - `folder_in_use`, `journal_damaged`, `other_queue` a poller's folder (see poller/)
 * - `redirected` a message with attachments was sent elsewhere, which is not followed; without attachments it is `http_<status>`
 * - `http_<status>` an error answer without a code
 */
export class ConnectError extends Error {
  readonly status: number
  readonly code: string
  readonly hint: string | undefined
  readonly retryable: boolean
  readonly outcomeUnknown: boolean
  readonly retryAfterMs: number | undefined

  constructor(failure: Failure) {
    super(failure.message, failure.cause === undefined ? {} : { cause: failure.cause })
    this.name = 'ConnectError'
    this.status = failure.status
    this.code = failure.code
    this.hint = failure.hint
    this.retryable = failure.retryable
    this.outcomeUnknown = failure.outcomeUnknown ?? false
    this.retryAfterMs = failure.retryAfterMs
  }
}
