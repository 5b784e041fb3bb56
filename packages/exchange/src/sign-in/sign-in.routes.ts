import { z } from 'zod'
import { type Route, route } from '../platform/route.ts'
import { readRevocation, readTokenRequest } from './token-request.ts'
import type { Tokens } from './tokens.ts'

/** Every value is a string, as KPN's gateway has it; there is no refresh token (contract connect-api 3.3). */
const tokenAnswer = z.object({
  refresh_token_expires_in: z.string(),
  api_product_list: z.string(),
  organization_name: z.string(),
  developer_email: z.string(),
  token_type: z.string(),
  issued_at: z.string().meta({ description: 'Milliseconds since 1970' }),
  client_id: z.string(),
  access_token: z.string(),
  application_name: z.string(),
  scope: z.string(),
  expires_in: z.string().meta({ description: 'Seconds' }),
  refresh_count: z.string(),
  status: z.string(),
  level: z.string(),
})

/** The token endpoint of partners’ projects. */
export const signInRoutes = (tokens: Tokens): Route[] => [
  route({
    method: 'POST',
    path: '/oauth/client_credential/accesstoken',
    operationId: 'token-post',
    tag: 'Token',
    summary: 'Get an access token with client credentials',
    access: 'anyone',
    output: tokenAnswer,
    errors: [
      'invalid_request',
      'unsupported_grant_type',
      'invalid_client',
      'too_many_wrong_secrets',
      'internal',
      'exchange_unavailable',
      'outcome_unknown',
    ],
    errorShape: 'oauth',
    handle: async call => {
      const request = await readTokenRequest(call.request)
      const issued = await tokens.issue(request, call.address)
      call.header('pragma', 'no-cache')
      return {
        refresh_token_expires_in: '0',
        api_product_list: '[servicenow-connect]',
        organization_name: 'deskbridge',
        developer_email: '',
        token_type: 'Bearer',
        issued_at: String(issued.issuedAt.getTime()),
        client_id: request.clientId,
        access_token: issued.token,
        application_name: issued.projectName,
        scope: '',
        expires_in: String(issued.seconds),
        refresh_count: '0',
        status: 'approved',
        level: issued.environment === 'production' ? 'prod' : 'demo',
      }
    },
  }),
  route({
    method: 'POST',
    path: '/oauth/client_credential/revoketoken',
    operationId: 'token-revoke',
    tag: 'Token',
    summary: 'End an access token at once (RFC 7009)',
    access: 'anyone',
    output: z.object({}),
    errors: ['invalid_request', 'invalid_client', 'too_many_wrong_secrets', 'internal', 'exchange_unavailable', 'outcome_unknown'],
    errorShape: 'oauth',
    handle: async call => {
      const { token, ...client } = await readRevocation(call.request)
      await tokens.revoke(client, token, call.address)
      // Also for a token that is unknown or somebody else's: RFC 7009, section 2.2.
      return {}
    },
  }),
]
