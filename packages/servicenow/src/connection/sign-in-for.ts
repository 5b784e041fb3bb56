import type { Fetch } from './attempt.ts'
import { OAuthToken } from './oauth-token.ts'
import type { SignIn, SignInOptions } from './sign-in.ts'

/** How the requests of a connection say who calls. Nothing is sent yet. */
export function signInFor(signIn: SignInOptions, baseUrl: string, fetch: Fetch, timeoutMs: number): SignIn {
  switch (signIn.kind) {
    case 'oauth':
      return new OAuthToken(signIn, baseUrl, fetch, timeoutMs)
    case 'basic':
      return always('authorization', `Basic ${Buffer.from(`${signIn.userName}:${signIn.password}`, 'utf8').toString('base64')}`)
    case 'api-key':
      return always('x-sn-apikey', signIn.key)
    case 'certificate':
      return always('authorization', '')
  }
}

const always = (header: SignIn['header'], value: string): SignIn => ({ header, authorization: () => value, renew: () => false })
