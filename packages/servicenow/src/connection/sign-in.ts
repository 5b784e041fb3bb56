import type { Fetch } from './attempt.ts'
import { OAuthToken } from './oauth-token.ts'

export interface BasicSignIn {
  kind: 'basic'
  userName: string
  password: string
}

export interface OAuthSignIn {
  kind: 'oauth'
  /** `client_credentials` needs an OAuth Application User on the instance's registry record; `password` needs userName and password (2.6). */
  grant: 'client_credentials' | 'password'
  clientId: string
  clientSecret: string
  userName?: string
  password?: string
}

/** What goes into the Authorization header. */
export interface SignIn {
  /** The header's value; a promise only when a token has to be fetched. @throws ServiceNowError with `written: 'no'` */
  authorization(action: string, signal: AbortSignal | undefined): string | Promise<string>
  /** Told that the instance did not accept this header: true when another attempt with a new one makes sense. */
  renew(rejected: string): boolean
}

export function signInWith(signIn: BasicSignIn | OAuthSignIn, baseUrl: string, fetch: Fetch, timeoutMs: number): SignIn {
  if (signIn.kind === 'oauth') return new OAuthToken(signIn, baseUrl, fetch, timeoutMs)
  const header = `Basic ${Buffer.from(`${signIn.userName}:${signIn.password}`, 'utf8').toString('base64')}`
  return { authorization: () => header, renew: () => false }
}
