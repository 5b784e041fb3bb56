import { ExchangeError } from './errors.ts'
import { DatabaseAway } from './outage.ts'

/**
 * While the database is silent, calls to the service desk are aborted by us: such a call failed because of our database, and its caller is not
 * told that the service desk is away.
 */
export const whileSilent = (error: ExchangeError, silence: AbortSignal): ExchangeError =>
  error.code === 'service_desk_unavailable' && silence.aborted ? noDatabase('exchange_unavailable', error) : error

/** Where nobody knows whether it was done, and doing it again would make a second one, the row says what to do instead. */
export const withAdvice = (error: ExchangeError, advice: string | undefined): ExchangeError =>
  advice !== undefined && (error.code === 'outcome_unknown' || error.code === 'internal')
    ? new ExchangeError(error.code, error.message, { ...error.detail, hint: advice, cause: error })
    : error

/** Soon: an outage of the database is short, or somebody works on it; and waiting longer than needed is the partner's loss. */
const DATABASE_AGAIN_SECONDS = 2

function noDatabase(code: 'exchange_unavailable' | 'outcome_unknown', cause: unknown): ExchangeError {
  const message =
    code === 'outcome_unknown'
      ? 'The exchange has lost its database while it worked on this.'
      : 'The exchange cannot reach its database now.'
  return new ExchangeError(code, message, { retryAfter: DATABASE_AGAIN_SECONDS, cause })
}

/** A failure as the caller is told of it. */
export function asExchangeError(failure: unknown): ExchangeError {
  if (failure instanceof ExchangeError) return failure
  if (failure instanceof DatabaseAway) return noDatabase(failure.nothingDone ? 'exchange_unavailable' : 'outcome_unknown', failure)
  return new ExchangeError('internal', 'Something went wrong on our side.', { cause: failure })
}
