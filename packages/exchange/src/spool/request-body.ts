import { ExchangeError } from '../platform/errors.ts'
import type { RequestBody } from '../platform/request-input.ts'
import { IntakeError } from './intake/intake-errors.ts'
import { readBody } from './intake/read-body.ts'
import type { NoRoom } from './room.ts'
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
    case 'no-room':
      return noRoom(failure.cause as NoRoom)
    case 'aborted':
      return new ExchangeError('malformed_json', 'The request ended before its body was whole.')
  }
}

const NO_ROOM_AGAIN_SECONDS = 60

/** A sum that is reached says its number, so that whoever reads it knows whether to wait or to send less. */
function noRoom({ whose, used, limits }: NoRoom): ExchangeError {
  const mebibytes = (bytes: number) => `${Math.round(bytes / 1024 ** 2)} MiB`
  const sum = `${mebibytes(used.bytes)} in ${used.files} files on the way; the most are ${mebibytes(limits.bytes)} and ${limits.files} files`
  return whose === 'own'
    ? new ExchangeError('too_many_files', `Your project has ${sum}.`, { retryAfter: NO_ROOM_AGAIN_SECONDS })
    : new ExchangeError('spool_full', `The exchange has ${sum}.`, { retryAfter: NO_ROOM_AGAIN_SECONDS })
}
