import { type FailureKind, ServiceNowError } from '../error.ts'
import type { Fetch } from './attempt.ts'
import { brokenTransport } from './broken-transport.ts'
import { askedToWait } from './rate-limit.ts'
import { refusalFrom } from './refusal.ts'
import { TimeLimit } from './time-limit.ts'

export interface TokenAnswer {
  accessToken: string
  refreshToken: string | undefined
  /** What is left of the access token's life. */
  expiresInMs: number
}

/** Default lifetime of an access token in seconds, for an answer that does not say it (2.6). */
const DEFAULT_LIFETIME_S = 1800

/**
 * Asks `/oauth_token.do`, form-encoded since a JSON body fails there (2.6).
 * @throws ServiceNowError, `written: 'no'` whatever happened: without a token no write was sent.
 */
export async function fetchToken(fetch: Fetch, url: string, form: URLSearchParams, timeoutMs: number): Promise<TokenAnswer> {
  const limit = new TimeLimit(timeoutMs, undefined)
  try {
    const headers = { accept: 'application/json', 'content-type': 'application/x-www-form-urlencoded' }
    const request = new Request(url, { method: 'POST', headers, body: form.toString(), redirect: 'manual', signal: limit.signal })
    const response = await limit.race(fetch(request))
    const body = await limit.race(response.text())
    if (!response.ok) {
      const { kind, detail } = refusalFrom(response.status, body)
      throw noToken(kind, detail, response.status, askedToWait(response.headers))
    }
    return tokenOf(body, response.status)
  } catch (error) {
    if (error instanceof ServiceNowError) throw error
    if (limit.endedBy) throw noToken('time-out', `no answer within ${timeoutMs} ms`)
    throw noToken('unreachable', brokenTransport(error).detail)
  } finally {
    limit.lift()
  }
}

function tokenOf(body: string, status: number): TokenAnswer {
  if (/^\s*</.test(body)) throw noToken('asleep', 'the token endpoint answered with a web page', status)
  let answer: { access_token?: unknown; refresh_token?: unknown; expires_in?: unknown } | undefined
  try {
    answer = JSON.parse(body)
  } catch {}
  const { access_token, refresh_token, expires_in } = answer ?? {}
  if (typeof access_token !== 'string' || access_token === '') throw noToken('broken-answer', 'the answer has no access_token', status)
  const seconds = Number(expires_in)
  return {
    accessToken: access_token,
    refreshToken: typeof refresh_token === 'string' && refresh_token !== '' ? refresh_token : undefined,
    expiresInMs: (expires_in !== undefined && seconds >= 0 ? seconds : DEFAULT_LIFETIME_S) * 1000,
  }
}

function noToken(kind: FailureKind, detail: string, status?: number, retryAfterMs?: number): ServiceNowError {
  return new ServiceNowError({ kind, action: 'sign-in', written: 'no', detail, status, retryAfterMs })
}
