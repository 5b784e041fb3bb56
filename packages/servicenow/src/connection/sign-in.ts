/** User name and password, sent with each call. */
export interface BasicSignIn {
  kind: 'basic'
  userName: string
  password: string
}

/** A token of the instance’s own token endpoint, fetched when it is needed and renewed before it ends. */
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

/** Who calls, and how it is proven. */
export type SignInOptions = BasicSignIn | OAuthSignIn | ApiKeySignIn | CertificateSignIn
