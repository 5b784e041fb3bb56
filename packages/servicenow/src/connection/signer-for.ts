import type { Fetch } from './attempt.ts'
import { OAuthToken } from './oauth-token.ts'
import type { SignInOptions } from './sign-in.ts'
import type { Signer } from './signer.ts'

/** How the requests of a connection say who calls. Nothing is sent yet. */
export function signerFor(signIn: SignInOptions, baseUrl: string, fetch: Fetch, timeoutMs: number): Signer {
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

const always = (header: Signer['header'], value: string): Signer => ({ header, authorization: () => value, renew: () => false })
