import type { SignInOptions } from '../connection/sign-in.ts'

/** One thing that a way of signing in may need, as a person is asked for it. */
export interface Credential {
  readonly name: CredentialName
  /** What a person is asked for. */
  readonly about: string
  readonly secret?: true
  /** The text of a file, which a person names by its path. */
  readonly file?: true
  /** The environment variable that may hold it, or for a file its path. */
  readonly variable: string
}

export type CredentialName =
  | 'userName'
  | 'password'
  | 'clientId'
  | 'clientSecret'
  | 'refreshToken'
  | 'apiKey'
  | 'certificate'
  | 'certificateKey'
  | 'passphrase'
  | 'ca'

/** Everything that a way of signing in may be made of. */
export const CREDENTIALS: readonly Credential[] = [
  { name: 'userName', variable: 'SERVICENOW_USERNAME', about: 'user name' },
  { name: 'password', variable: 'SERVICENOW_PASSWORD', about: 'password', secret: true },
  { name: 'clientId', variable: 'SERVICENOW_CLIENT_ID', about: 'OAuth client ID' },
  { name: 'clientSecret', variable: 'SERVICENOW_CLIENT_SECRET', about: 'OAuth client secret', secret: true },
  { name: 'refreshToken', variable: 'SERVICENOW_REFRESH_TOKEN', about: 'OAuth refresh token', secret: true },
  { name: 'apiKey', variable: 'SERVICENOW_API_KEY', about: 'REST API key', secret: true },
  { name: 'certificate', variable: 'SERVICENOW_CLIENT_CERTIFICATE', about: 'client certificate (PEM)', file: true },
  { name: 'certificateKey', variable: 'SERVICENOW_CLIENT_KEY', about: 'its private key (PEM)', secret: true, file: true },
  { name: 'passphrase', variable: 'SERVICENOW_CLIENT_KEY_PASSPHRASE', about: 'passphrase of the private key', secret: true },
  { name: 'ca', variable: 'SERVICENOW_CA', about: 'authority to trust instead of the usual ones (PEM)', file: true },
]

/** What is given for signing in, by the names of `CREDENTIALS`; secrets among them. */
export type CredentialValues = Partial<Record<CredentialName, string | undefined>>

export interface SignInWay {
  readonly way: string
  readonly about: string
  readonly needs: readonly CredentialName[]
  signIn(values: CredentialValues): SignInOptions
}

/** With each way a client certificate may be shown too, and an authority of one's own trusted. */
export const WITH_ANY_WAY: readonly CredentialName[] = ['certificate', 'certificateKey', 'passphrase', 'ca']

/** The ways of signing in, the one to prefer first. */
export const SIGN_IN_WAYS = [
  {
    way: 'client-credentials',
    about: 'OAuth client credentials: no password of a user; the instance decides who it is',
    needs: ['clientId', 'clientSecret'],
    signIn: ({ clientId = '', clientSecret = '' }) => ({ kind: 'oauth', grant: 'client_credentials', clientId, clientSecret }),
  },
  {
    way: 'password-grant',
    about: 'OAuth password grant: a user’s password is sent once for a token, not with each call',
    needs: ['clientId', 'clientSecret', 'userName', 'password'],
    signIn: ({ clientId = '', clientSecret = '', userName = '', password = '' }) => ({
      kind: 'oauth',
      grant: 'password',
      clientId,
      clientSecret,
      userName,
      password,
    }),
  },
  {
    way: 'refresh-token',
    about: 'OAuth refresh token, which a person’s consent gave',
    needs: ['clientId', 'clientSecret', 'refreshToken'],
    signIn: ({ clientId = '', clientSecret = '', refreshToken = '' }) => ({
      kind: 'oauth',
      grant: 'refresh_token',
      clientId,
      clientSecret,
      refreshToken,
    }),
  },
  {
    way: 'api-key',
    about: 'REST API key in the header x-sn-apikey',
    needs: ['apiKey'],
    signIn: ({ apiKey = '' }) => ({ kind: 'api-key', key: apiKey }),
  },
  {
    way: 'certificate',
    about: 'mutual TLS: the client certificate alone says who calls',
    needs: ['certificate', 'certificateKey'],
    signIn: () => ({ kind: 'certificate' }),
  },
  {
    way: 'basic',
    about: 'user name and password with each call',
    needs: ['userName', 'password'],
    signIn: ({ userName = '', password = '' }) => ({ kind: 'basic', userName, password }),
  },
] as const satisfies readonly SignInWay[]

export type Way = (typeof SIGN_IN_WAYS)[number]['way']
