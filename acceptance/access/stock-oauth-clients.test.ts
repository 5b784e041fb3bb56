import ClientOAuth2 from 'client-oauth2'
import * as openid from 'openid-client'
import { ClientCredentials } from 'simple-oauth2'
import { afterAll, describe, expect, test } from 'vitest'
import { startSystem } from '../system/start-system.ts'

const system = await startSystem()
afterAll(() => system.end())
const { exchange, tokenUrl, connectBaseUrl, customer } = system.firstSteps
const { clientId, clientSecret } = customer

const opensTheList = async (token: unknown) => {
  const response = await fetch(`${connectBaseUrl}/ListOpenTickets`, { headers: { authorization: `Bearer ${String(token)}` } })
  expect(response.status).toBe(200)
  expect(await response.json()).toEqual({ result: [] })
}

/** Programs that a partner may have already get a token without being taught anything. */
describe('stock OAuth clients', () => {
  test.each([
    ['in the body', openid.ClientSecretPost(clientSecret)],
    ['with HTTP Basic', openid.ClientSecretBasic(clientSecret)],
  ])('openid-client, secret %s', async (_, authentication) => {
    const server = { issuer: exchange, token_endpoint: tokenUrl }
    const configuration = new openid.Configuration(server, clientId, undefined, authentication)
    openid.allowInsecureRequests(configuration)
    const tokens = await openid.clientCredentialsGrant(configuration)
    expect(tokens.expires_in).toBe(3_599)
    await opensTheList(tokens.access_token)
  })

  test.each(['body', 'header'] as const)('simple-oauth2, secret in the %s', async authorizationMethod => {
    const client = new ClientCredentials({
      client: { id: clientId, secret: clientSecret },
      auth: { tokenHost: exchange, tokenPath: new URL(tokenUrl).pathname },
      options: { authorizationMethod },
    })
    const token = await client.getToken({})
    expect(token.expired()).toBe(false)
    await opensTheList(token.token.access_token)
  })

  test('client-oauth2', async () => {
    const client = new ClientOAuth2({ clientId, clientSecret, accessTokenUri: tokenUrl, scopes: [] })
    const token = await client.credentials.getToken()
    expect(token.expired()).toBe(false)
    await opensTheList(token.accessToken)
  })
})
