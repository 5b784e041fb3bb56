import { ExchangeError } from '../platform/errors.ts'
import type { RequestBody } from '../platform/http.ts'
import { IntakeError } from './intake/intake-errors.ts'
import { readBody } from './intake/read-body.ts'
import type { Spool } from './spool.ts'

/** Reads a request's JSON, its attachments going to the spool while it streams in; says what is wrong in the API's words. */
export async function readRequestBody(
  body: AsyncIterable<Uint8Array> | ReadableStream<Uint8Array> | null,
  spool: Spool,
): Promise<RequestBody> {
  try {
    return await readBody(body, spool)
  } catch (failure) {
    throw failure instanceof IntakeError ? refusal(failure) : failure
  }
}

function refusal(failure: IntakeError): ExchangeError {
  const at = failure.path ? { field: failure.path } : {}
  switch (failure.reason) {
    case 'malformed-json':
      return new ExchangeError('malformed_json', failure.message, at)
    case 'duplicate-key':
      return new ExchangeError('duplicate_key', failure.message, at)
    case 'invalid-base64':
      return new ExchangeError('invalid_base64', failure.message, at)
    case 'too-large':
      return new ExchangeError('too_large', failure.message, at)
    case 'too-many-attachments':
      return new ExchangeError('invalid_field', failure.message, { field: 'attachments' })
    case 'spool-full':
      return new ExchangeError('spool_full', 'There is no room for the attachments now.', { retryAfter: 60, cause: failure })
    case 'aborted':
      return new ExchangeError('malformed_json', 'The request ended before its body was whole.')
  }
}
