import { z } from 'zod'
import { ask, readJson } from './ask.ts'
import { fixedBody } from './outgoing-body.ts'
import { type Patience, retry } from './repetition.ts'

export interface SignInSettings {
  tokenUrl: string
  clientId: string
  clientSecret: string
  fetch: typeof globalThis.fetch
  timeoutMs: number
  patience: Patience
}

/** Renewed this long before its end, or after nine tenths of a short life. */
const MARGIN_MS = 60_000

/** One hour, says the first seed (4.5); used when the answer does not tell. */
const USUAL_LIFE_S = 3599

/** Every value of KPN's token answer is a string, `expires_in` too (contract 3.3); a number is read as well. */
const TokenAnswer = z.looseObject({
  access_token: z.string().min(1),
  expires_in: z.coerce.number().positive().catch(USUAL_LIFE_S).default(USUAL_LIFE_S),
})

interface Token {
  value: string
  renewAt: number
  endsAt: number
}

/**
 * The access token of one credential (OAuth 2.0 client credentials; first seed 4.1). However many calls wait for a token, one
 * request fetches it; a caller that gives up does not take it away from the others.
 */
export class SignIn {
  readonly #settings: SignInSettings
  #token: Token | undefined
  #renewal: Promise<Token> | undefined

  constructor(settings: SignInSettings) {
    this.#settings = settings
  }

  /** @throws ConnectError when the service refuses the credential or cannot be reached. */
  async getToken(signal?: AbortSignal): Promise<string> {
    signal?.throwIfAborted()
    const held = this.#token
    if (held !== undefined && performance.now() < held.renewAt) return held.value
    try {
      return (await waitUnlessCancelled(this.#renew(), signal)).value
    } catch (error) {
      signal?.throwIfAborted()
      // The margin is there so that a token service that is away for a moment stops nobody.
      if (held !== undefined && this.#token === held && performance.now() < held.endsAt) return held.value
      throw error
    }
  }

  /** Says that the service refused this token; a newer one that another caller has fetched meanwhile stays. */
  dropToken(token: string): void {
    if (this.#token?.value === token) this.#token = undefined
  }

  #renew(): Promise<Token> {
    this.#renewal ??= this.#fetchToken()
      .then(token => {
        this.#token = token
        return token
      })
      .finally(() => {
        this.#renewal = undefined
      })
    return this.#renewal
  }

  async #fetchToken(): Promise<Token> {
    const { tokenUrl, clientId, clientSecret, fetch, timeoutMs, patience } = this.#settings
    const body = fixedBody(new URLSearchParams({ client_id: clientId, client_secret: clientSecret }).toString())
    const headers = { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' }
    const asked = performance.now()
    const answer = await retry(
      patience,
      failure => failure.retryable,
      () => ask({ fetch, url: tokenUrl, method: 'POST', headers, body, timeoutMs, read: chunks => readJson(chunks, TokenAnswer) }),
      undefined,
    )
    const life = answer.expires_in * 1000
    return { value: answer.access_token, endsAt: asked + life, renewAt: asked + Math.max(life - MARGIN_MS, life * 0.9) }
  }
}

/** KPN wants the grant type in the address, not in the form (contract 3.3). */
export function withGrantType(tokenUrl: string): string {
  const url = new URL(tokenUrl)
  if (!url.searchParams.has('grant_type')) url.searchParams.set('grant_type', 'client_credentials')
  return url.toString()
}

function waitUnlessCancelled<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return work
  return new Promise((resolve, reject) => {
    const cancel = () => reject(signal.reason)
    signal.addEventListener('abort', cancel, { once: true })
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', cancel))
  })
}
