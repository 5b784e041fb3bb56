import { CannotStart } from '../process/cannot-start.ts'
import { exchangeAddress } from './address.ts'
import { findCredential, type SignedIn } from './credential.ts'
import { PerhapsChanged } from './perhaps-changed.ts'

/** An exchange whose operator’s API is asked. */
export interface Exchange {
  /** Its address, without a slash at the end. */
  readonly url: string
  /** Finds what to sign in with, and asks for the password where it is one; once. Nothing is sent. @throws CannotStart, WrongUse */
  signIn(): Promise<void>
  /**
   * Asks the operator’s API, such as `ask('POST', '/operator/projects', {…})`; what it answers, as JSON. Parts of a path are percent-encoded
   * by who calls (`inPath`).
   * @throws ExchangeRefused with the exchange’s own sentence; PerhapsChanged when a change was sent and no whole answer came; CannotStart when
   * there is no exchange there, or nothing to sign in with
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
  const signedIn = () => {
    credential ??= findCredential(url, given)
    return credential
  }
  return {
    url,
    async signIn() {
      await signedIn()
    },
    async ask(method, path, body) {
      const { authorization, from } = await signedIn()
      const { response, text } = await send(`${url}${path}`, method, authorization, body)
      const answer = parsed(text)
      if (response.ok && answer !== undefined) return answer
      const error = (answer as { error?: Record<string, unknown> } | undefined)?.error ?? {}
      const hint = error.code === 'sign_in_required' ? `${error.hint ?? ''} It was tried with ${from}.`.trim() : error.hint
      throw new ExchangeRefused(response.status, { ...error, ...(hint ? { hint } : {}) }, `${url}${path}`)
    },
  }
}

/** Of these nothing was sent: there was no connection. */
const NO_CONNECTION = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH', 'UND_ERR_CONNECT_TIMEOUT'])

async function send(address: string, method: string, authorization: string, body: object | undefined) {
  const headers = { authorization, accept: 'application/json', ...(body ? { 'content-type': 'application/json' } : {}) }
  try {
    // A redirection would carry the credential to another address.
    const response = await fetch(address, {
      method,
      headers,
      redirect: 'manual',
      signal: AbortSignal.timeout(ANSWERS_WITHIN_MS),
      ...(body ? { body: JSON.stringify(body) } : {}),
    })
    return { response, text: await response.text() }
  } catch (error) {
    const { message, cause } = error as Error & { cause?: { code?: string; message?: string } }
    const why = cause?.code ?? cause?.message ?? message
    if (method !== 'GET' && !NO_CONNECTION.has(cause?.code ?? ''))
      throw new PerhapsChanged(
        `The exchange at ${new URL(address).origin} gave no whole answer (${why}). What you asked for may have been done.`,
      )
    throw new CannotStart(
      `No exchange answers at ${new URL(address).origin}: ${why}. Is it running? Another address: --exchange URL, or DESKBRIDGE_EXCHANGE.`,
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
