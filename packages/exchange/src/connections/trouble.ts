import { ServiceNowError } from '@deskbridge/servicenow'
import { ExchangeError } from '../platform/errors.ts'

const TRY_AGAIN_SECONDS = 15

/** What the partner is told to wait at most: an instance may ask for an hour, and be well again in a minute. */
const LONGEST_AGAIN_SECONDS = 60
const LONGEST_REASON = 300

/** ServiceNow's trouble, as the partner reads it. What the operator must know stays in `cause`, for the log. */
export function toPartner(failure: unknown): unknown {
  if (!(failure instanceof ServiceNowError)) return failure
  const { kind, written, retryAfterMs } = failure
  const retryAfter = retryAfterMs === undefined ? TRY_AGAIN_SECONDS : Math.min(retryAfterMs / 1_000, LONGEST_AGAIN_SECONDS)
  if (written === 'unknown') return outcomeUnknown(retryAfter, failure)
  if (kind === 'refused') return refusedByServiceDesk(failure)
  if (kind === 'too-large') return new ExchangeError('too_large', 'The service desk does not take this much.', { cause: failure })
  return new ExchangeError('service_desk_unavailable', 'The service desk cannot be reached now.', { retryAfter, cause: failure })
}

/** The same for a write that was certainly not done: what will never pass is no trouble of the service desk. */
export function refusedWrite(failure: unknown): unknown {
  return failure instanceof ServiceNowError && !passes(failure) && failure.kind !== 'too-large'
    ? refusedByServiceDesk(failure)
    : toPartner(failure)
}

function refusedByServiceDesk(failure: ServiceNowError): ExchangeError {
  const reason = finalReason(failure)
    ?.replace(/^Data Policy Exception: /, '')
    .replace(/\s+/g, ' ')
    .trim()
  const said = reason && (reason.length > LONGEST_REASON ? `${reason.slice(0, LONGEST_REASON)}…` : reason)
  const message = said ? `The service desk refused this: ${said.replace(/\.$/, '')}.` : 'A rule of the service desk refused this.'
  return new ExchangeError('refused_by_service_desk', message, { cause: failure })
}

/** Nobody knows yet whether it was done; asking again is safe, because it will be found or done once. */
export const outcomeUnknown = (retryAfter: number, cause?: unknown) =>
  new ExchangeError('outcome_unknown', 'The service desk has not confirmed this yet.', { retryAfter, cause })

/** What an instance does not change its mind about, when it says so itself; of a page that some gateway sends nobody knows. */
const FINAL = new Set(['invalid', 'forbidden', 'not-found'])

/** Why the instance, or the connection before it was asked, will never take this. */
function finalReason({ kind, action, status, detail, reason }: ServiceNowError): string | undefined {
  if (kind === 'refused') return reason
  if (!FINAL.has(kind) || action === 'sign-in' || action === 'connect') return undefined
  return status === undefined ? detail : reason
}

/** Whether trying a write again later may work without anybody changing anything. */
export function passes(failure: unknown): boolean {
  if (!(failure instanceof ServiceNowError)) return false
  return failure.kind !== 'refused' && failure.kind !== 'too-large' && finalReason(failure) === undefined
}

/** Runs a question to ServiceNow and turns its trouble into the partner's words. */
export async function inPartnersWords<T>(question: Promise<T>): Promise<T> {
  try {
    return await question
  } catch (failure) {
    throw toPartner(failure)
  }
}
