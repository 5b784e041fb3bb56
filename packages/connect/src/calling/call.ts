import { ask, type Chunks } from './ask.ts'
import { ConnectError } from './connect-error.ts'
import type { OutgoingBody } from './outgoing-body.ts'
import { type Patience, retry } from './repetition.ts'
import type { SignIn } from './sign-in.ts'

/** What every operation of one client shares. */
export interface CallSettings {
  baseUrl: string
  signIn: SignIn
  fetch: typeof globalThis.fetch
  timeoutMs: number
  patience: Patience
  /** Whether the service recognises a write that it has already carried out. */
  knowsRepeatedWrites: boolean
  apiVersion: string | undefined
  onWarning: ((warning: string, operation: string) => void) | undefined
}

/** What a caller may say about any call. */
export interface CallOptions {
  /** Cancels the call; it then rejects with the signal's reason. A cancelled write may have been carried out all the same. */
  signal?: AbortSignal | undefined
}

/** What a caller may say about a write. */
export interface WriteOptions extends CallOptions {
  /**
   * PATCH only: names this one message, at most 255 characters. Made up for each call when it is left out or empty; give your own, kept
   * with your own record, when the message must stay one even if your process is killed in the middle and asks again.
   */
  idempotencyKey?: string | undefined
}

interface Operation<T> {
  method: 'GET' | 'POST' | 'PATCH'
  /** Below the base URL, with everything that needs it percent-encoded. */
  path: string
  body?: OutgoingBody
  idempotencyKey?: string
  /** `never` for a read that consumes; a write is repeated as far as the service recognises repetitions. */
  repeat: 'read' | 'write' | 'never'
  read: (chunks: Chunks) => Promise<T>
}

/**
 * One call as its caller means it: signs in, asks, signs in anew once when the token is refused, and repeats what may be repeated.
 * @throws ConnectError, or the signal's reason.
 */
export async function call<T>(settings: CallSettings, operation: Operation<T>, options: CallOptions = {}): Promise<T> {
  const { signal } = options
  const named = `${operation.method} ${operation.path.split('?')[0]}`
  const once = async (token: string) =>
    await ask({
      fetch: settings.fetch,
      url: settings.baseUrl + operation.path,
      method: operation.method,
      headers: headers(settings, operation, token),
      body: operation.body,
      timeoutMs: settings.timeoutMs,
      signal,
      read: operation.read,
      onWarning: warning => settings.onWarning?.(warning, named),
    })
  const signedIn = async () => {
    const token = await settings.signIn.getToken(signal)
    try {
      return await once(token)
    } catch (error) {
      if (!(error instanceof ConnectError) || error.status !== 401) throw error
      settings.signIn.dropToken(token)
      return await once(await settings.signIn.getToken(signal))
    }
  }
  try {
    return await retry(settings.patience, failure => mayRepeat(failure, operation.repeat, settings), signedIn, signal)
  } catch (error) {
    throw error instanceof ConnectError ? withoutInvitation(error, operation.repeat, settings) : error
  }
}

function headers(settings: CallSettings, operation: Operation<unknown>, token: string): Record<string, string> {
  return {
    authorization: `Bearer ${token}`,
    accept: 'application/json',
    ...(operation.body === undefined ? {} : { 'content-type': 'application/json', 'content-length': String(operation.body.length) }),
    ...(operation.idempotencyKey === undefined ? {} : { 'idempotency-key': operation.idempotencyKey }),
    ...(settings.apiVersion === undefined ? {} : { 'api-version': settings.apiVersion }),
  }
}

function mayRepeat(failure: ConnectError, repeat: Operation<unknown>['repeat'], settings: CallSettings): boolean {
  if (!failure.retryable || repeat === 'never') return false
  return repeat === 'read' || settings.knowsRepeatedWrites || !failure.outcomeUnknown
}

/** Towards a service that would do a repeated write twice, `retryable` must not invite the caller to repeat it. */
function withoutInvitation(failure: ConnectError, repeat: Operation<unknown>['repeat'], settings: CallSettings): ConnectError {
  if (repeat !== 'write' || settings.knowsRepeatedWrites || !failure.retryable || !failure.outcomeUnknown) return failure
  return new ConnectError({
    status: failure.status,
    code: failure.code,
    message: failure.message,
    hint: failure.hint ?? 'It may have been carried out. Look at the ticket (getTicket, listOpenTickets) before you send it again.',
    retryable: false,
    outcomeUnknown: true,
    retryAfterMs: failure.retryAfterMs,
    cause: failure,
  })
}
