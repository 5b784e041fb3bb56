export interface BasicSignIn {
  kind: 'basic'
  userName: string
  password: string
}

export interface OAuthSignIn {
  kind: 'oauth'
  /**
   * `client_credentials` needs an OAuth Application User on the instance's registry record; `password` needs userName and password;
   * `refresh_token` goes on from a token that a person's consent gave (2.6).
   */
  grant: 'client_credentials' | 'password' | 'refresh_token'
  clientId: string
  clientSecret: string
  userName?: string
  password?: string
  refreshToken?: string
}

/** Needs an inbound authentication profile on the instance (2.6, row API key). */
export interface ApiKeySignIn {
  kind: 'api-key'
  key: string
}

/** The client certificate of `tls` alone says who calls. */
export interface CertificateSignIn {
  kind: 'certificate'
}

export type SignInOptions = BasicSignIn | OAuthSignIn | ApiKeySignIn | CertificateSignIn

/** What says who calls: a header of each request, or nothing. */
export interface SignIn {
  readonly header: 'authorization' | 'x-sn-apikey'
  /** The header's value, '' for none; a promise only when a token has to be fetched. @throws ServiceNowError with `written: 'no'` */
  authorization(action: string, signal: AbortSignal | undefined): string | Promise<string>
  /** Told that the instance did not accept this value: true when another attempt with a new one makes sense. */
  renew(rejected: string): boolean
}
