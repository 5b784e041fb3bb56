import { ServiceNowError } from '@deskbridge/servicenow'
import { ExchangeError } from '../platform/errors.ts'

const TRY_AGAIN_SECONDS = 15

/** ServiceNow's trouble, as the partner reads it. What the operator must know stays in `cause`, for the log. */
export function toPartner(failure: unknown): unknown {
  if (!(failure instanceof ServiceNowError)) return failure
  const { kind, written, detail = '', retryAfterMs } = failure
  const retryAfter = retryAfterMs === undefined ? TRY_AGAIN_SECONDS : retryAfterMs / 1_000
  if (written === 'unknown') return outcomeUnknown(retryAfter, failure)
  if (kind === 'refused') {
    const fields = /^Data Policy Exception: (?<sentence>.+)$/.exec(detail)?.groups?.sentence
    return new ExchangeError(
      'refused_by_service_desk',
      fields ? `The service desk refused this: ${fields}.` : 'A rule of the service desk refused this.',
      {
        cause: failure,
      },
    )
  }
  if (kind === 'too-large') return new ExchangeError('too_large', 'The service desk does not take this much.', { cause: failure })
  return new ExchangeError('service_desk_unavailable', 'The service desk cannot be reached now.', { retryAfter, cause: failure })
}

/** Nobody knows yet whether it was done; asking again is safe, because it will be found or done once. */
export const outcomeUnknown = (retryAfter: number, cause?: unknown) =>
  new ExchangeError('outcome_unknown', 'The service desk has not confirmed this yet.', { retryAfter, cause })

/** Whether trying again later may work without anybody changing anything. */
export function passes(failure: unknown): boolean {
  return failure instanceof ServiceNowError && !['refused', 'invalid', 'too-large', 'not-found'].includes(failure.kind)
}

/** Runs a question to ServiceNow and turns its trouble into the partner's words. */
export async function asking<T>(question: Promise<T>): Promise<T> {
  try {
    return await question
  } catch (failure) {
    throw toPartner(failure)
  }
}
