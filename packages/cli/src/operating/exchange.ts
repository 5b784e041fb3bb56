import { CannotStart } from '../process/cannot-start.ts'
import { exchangeAddress } from './address.ts'
import { findCredential, type SignedIn } from './credential.ts'

/** An exchange whose operator’s API is asked. */
export interface Exchange {
  /** Its address, without a slash at the end. */
  readonly url: string
  /**
   * Asks the operator’s API, such as `ask('POST', '/operator/projects', {…})`; what it answers, as JSON. Parts of a path are percent-encoded
   * by who calls (`inPath`).
   * @throws ExchangeRefused with the exchange’s own sentence; CannotStart when there is no exchange there, or nothing to sign in with
   */
  // biome-ignore lint/suspicious/noExplicitAny: what an operation answers is described by the exchange; a command reads what it shows
  ask(method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE', path: string, body?: object): Promise<any>
}

/** One of several things that were wrong. */
interface Problem {
  field?: string
  message?: string
  hint?: string
}

/** The exchange refused; its words, with what to do. */
export class ExchangeRefused extends Error {
  readonly status: number
  readonly code: string
  /** The error object as the exchange sent it: message, hint, field, and what else a program can use. */
  readonly error: Readonly<Record<string, unknown>>

  constructor(status: number, error: Readonly<Record<string, unknown>>, where: string) {
    super(typeof error.message === 'string' ? error.message : `${where} answered ${status}, which is no answer of an exchange.`)
    this.status = status
    this.code = String(error.code ?? '')
    this.error = error
  }

  /** What is told to a person. */
  get sentences(): string {
    const { problems = [], hint } = this.error as { problems?: Problem[]; hint?: string }
    if (problems.length < 2) return [this.message, ...(hint ? [hint] : [])].join('\n')
    const lines = problems.map(({ field = '', message = '', hint: remedy = '' }) => `  ${field}: ${message}. ${remedy}`.trimEnd())
    return [this.message, ...lines, ...(hint && !problems.some(one => one.hint) ? [hint] : [])].join('\n')
  }
}

/** One part of a path, such as a partner’s name. */
export const inPath = (part: string): string => encodeURIComponent(part)

const ANSWERS_WITHIN_MS = 60_000

/** @param given `email`: a person who signs in instead of a token; `person`: only a person may. Nothing is asked before the first `ask`. */
export function openExchange(given: { url?: string | undefined; email?: string | undefined; person?: boolean | undefined }): Exchange {
  const url = exchangeAddress(given.url)
  let credential: Promise<SignedIn> | undefined
  return {
    url,
    async ask(method, path, body) {
      credential ??= findCredential(url, given)
      const { authorization, from } = await credential
      const response = await send(`${url}${path}`, method, authorization, body)
      const text = await response.text()
      const answer = parsed(text)
      if (response.ok && answer !== undefined) return answer
      const error = (answer as { error?: Record<string, unknown> } | undefined)?.error ?? {}
      const hint = error.code === 'sign_in_required' ? `${error.hint ?? ''} It was tried with ${from}.`.trim() : error.hint
      throw new ExchangeRefused(response.status, { ...error, ...(hint ? { hint } : {}) }, `${url}${path}`)
    },
  }
}

async function send(address: string, method: string, authorization: string, body: object | undefined): Promise<Response> {
  const headers = { authorization, accept: 'application/json', ...(body ? { 'content-type': 'application/json' } : {}) }
  try {
    // A redirection would carry the credential to another address.
    return await fetch(address, {
      method,
      headers,
      redirect: 'manual',
      signal: AbortSignal.timeout(ANSWERS_WITHIN_MS),
      ...(body ? { body: JSON.stringify(body) } : {}),
    })
  } catch (error) {
    const { message, cause } = error as Error & { cause?: { code?: string; message?: string } }
    throw new CannotStart(
      `No exchange answers at ${new URL(address).origin}: ${cause?.code ?? cause?.message ?? message}. Is it running? Another address: --exchange URL, or DESKBRIDGE_EXCHANGE.`,
    )
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
