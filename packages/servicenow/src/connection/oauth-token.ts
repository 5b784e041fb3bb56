import { ServiceNowError } from '../error.ts'
import type { Fetch } from './attempt.ts'
import { endedBeforeSending } from './no-answer.ts'
import type { OAuthSignIn } from './sign-in.ts'
import type { Signer } from './signer.ts'
import { fetchToken, type TokenAnswer } from './token-endpoint.ts'

/** A token is renewed so long before its end, or a tenth of its life, whichever is shorter. */
const RENEW_BEFORE_MS = 60_000

interface Held {
  header: string
  renewAt: number
}

/**
 * Holds one access token for all callers. Whoever needs a new one first fetches it, the others wait for the same answer; a caller who
 * gives up does not take it away from the others.
 * Source: servicenow-core 2.6 (OAUTH).
 */
export class OAuthToken implements Signer {
  readonly header = 'authorization'
  readonly #signIn: OAuthSignIn
  readonly #baseUrl: string
  readonly #fetch: Fetch
  readonly #timeoutMs: number
  #held: Held | undefined
  #coming: Promise<string> | undefined
  #refreshToken: string | undefined

  constructor(signIn: OAuthSignIn, baseUrl: string, fetch: Fetch, timeoutMs: number) {
    this.#signIn = signIn
    this.#baseUrl = baseUrl
    this.#fetch = fetch
    this.#timeoutMs = timeoutMs
    this.#refreshToken = signIn.refreshToken
  }

  authorization(action: string, signal: AbortSignal | undefined): string | Promise<string> {
    if (this.#held && performance.now() < this.#held.renewAt) return this.#held.header
    this.#coming ??= this.#renew().finally(() => {
      this.#coming = undefined
    })
    return waitForToken(this.#coming, action, signal)
  }

  renew(rejected: string): boolean {
    // Another caller may have renewed it while this one's answer was on the way.
    if (this.#held?.header === rejected) this.#held = undefined
    return true
  }

  async #renew(): Promise<string> {
    const answer = await this.#refresh().then(refreshed => refreshed ?? this.#request(this.#grant()))
    // The old refresh token stays valid where the answer has none (2.6).
    this.#refreshToken = answer.refreshToken ?? this.#refreshToken
    const header = `Bearer ${answer.accessToken}`
    // Asked before its end, the instance gives the same token again with what is left of it (2.6). A tenth of that shrinks each time, so a
    // token's last minute costs a handful of questions, not one for every call.
    const early = Math.min(RENEW_BEFORE_MS, answer.expiresInMs / 10)
    this.#held = { header, renewAt: performance.now() + answer.expiresInMs - early }
    return header
  }

  async #refresh(): Promise<TokenAnswer | undefined> {
    if (this.#refreshToken === undefined) return undefined
    try {
      return await this.#request({ grant_type: 'refresh_token', refresh_token: this.#refreshToken })
    } catch (error) {
      if (!(error instanceof ServiceNowError && (error.kind === 'unauthorised' || error.kind === 'invalid'))) throw error
      // With nothing to fall back to it is kept, so that each failure names it.
      if (this.#signIn.grant === 'refresh_token') throw error
      this.#refreshToken = undefined
      return undefined
    }
  }

  #grant(): Record<string, string> {
    const { grant, userName = '', password = '', refreshToken = '' } = this.#signIn
    if (grant === 'password') return { grant_type: grant, username: userName, password }
    return grant === 'refresh_token' ? { grant_type: grant, refresh_token: refreshToken } : { grant_type: grant }
  }

  #request(parameters: Record<string, string>): Promise<TokenAnswer> {
    const { clientId, clientSecret } = this.#signIn
    const form = new URLSearchParams({ ...parameters, client_id: clientId, client_secret: clientSecret })
    return fetchToken(this.#fetch, `${this.#baseUrl}/oauth_token.do`, form, this.#timeoutMs)
  }
}

function waitForToken(coming: Promise<string>, action: string, signal: AbortSignal | undefined): Promise<string> {
  if (!signal) return coming
  return new Promise((resolve, reject) => {
    const ended = () => reject(endedBeforeSending(action))
    signal.addEventListener('abort', ended, { once: true })
    coming.then(resolve, reject).finally(() => signal.removeEventListener('abort', ended))
  })
}
