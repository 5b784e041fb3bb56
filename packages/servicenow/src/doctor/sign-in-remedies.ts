import type { SignInOptions } from '../connection/sign-in.ts'

type SignInKind = Exclude<SignInOptions['kind'], 'oauth'> | Extract<SignInOptions, { kind: 'oauth' }>['grant']

export const signInKindOf = (signIn: SignInOptions): SignInKind => (signIn.kind === 'oauth' ? signIn.grant : signIn.kind)

const USER = 'the user is Active and not Locked out'

/**
 * What to change when the credentials of a kind are not accepted: by the token endpoint, and by the API. An instance does not tell why
 * (servicenow-core 2.6), so each sentence lists what it can be, the likely first.
 */
export const SIGN_IN_REMEDIES: Readonly<Record<SignInKind, { token: string; api: string }>> = {
  basic: {
    token: '',
    api: `Check user name and password, and that ${USER}. If Basic is restricted there (glide.authenticate.basic_auth.restriction.*), grant the role snc_basic_auth_api_access, or sign in with OAuth.`,
  },
  client_credentials: {
    token:
      'Check client ID and secret, that the Application Registry record is Active and has an OAuth Application User, and the property glide.oauth.inbound.client.credential.grant_type.enabled=true.',
    api: `Check that the OAuth Application User is there: ${USER}.`,
  },
  password: {
    token: `Check user name and password, that ${USER}, and that glide.oauth.inbound.ropc.grant_type.disabled is not true.`,
    api: `Check that ${USER}.`,
  },
  refresh_token: {
    token: 'The refresh token has ended or was revoked: get consent again and save the new one. Check client ID and secret too.',
    api: `Check that ${USER}.`,
  },
  'api-key': {
    token: '',
    api: `Check the key, that its record (REST API Key) is Active and not expired, that ${USER}, and that an inbound authentication profile for API keys is in the API Access Policy.`,
  },
  certificate: {
    token: '',
    api: 'Map the certificate to a user (Certificate Based Authentication, User to Certificate Mapping) and see that mutual authentication is on.',
  },
}

/** The token endpoint names the client when it is the client that it does not know (2.6). */
export const WRONG_CLIENT = 'The client is not known: check client ID and secret, and that the Application Registry record is Active.'
