import { randomUUID } from 'node:crypto'
import { afterAll, describe, expect, test } from 'vitest'
import { ask, basic } from '../system/answer.ts'
import { startSystem } from '../system/start-system.ts'

const system = await startSystem()
afterAll(() => system.end())
const { tokenUrl, connectBaseUrl, customer } = system.firstSteps
const { clientId, clientSecret } = customer

const FORM = { 'content-type': 'application/x-www-form-urlencoded' }
const tokenRequest = (form: Readonly<Record<string, string>>, { query = '', headers = {} } = {}) =>
  ask(`${tokenUrl}${query}`, { method: 'POST', headers: { ...FORM, ...headers }, body: new URLSearchParams(form).toString() })

const grant = { grant_type: 'client_credentials' }
const inForm = { client_id: clientId, client_secret: clientSecret }
const inQuery = '?grant_type=client_credentials'
const inHeader = { authorization: basic(clientId, clientSecret) }

const listWith = (authorization: string | undefined) =>
  ask(`${connectBaseUrl}/ListOpenTickets`, { method: 'GET', headers: authorization === undefined ? {} : { authorization } })

describe('4.1 a partner’s system signs in', () => {
  test.each([
    ['as KPN’s page shows it: grant_type in the query, credentials in the body', inForm, { query: inQuery }],
    ['with everything in the body', { ...grant, ...inForm }, {}],
    ['with HTTP Basic, grant_type in the body', grant, { headers: inHeader }],
    ['with HTTP Basic, grant_type in the query', {}, { query: inQuery, headers: inHeader }],
    [
      'with HTTP Basic, and a form of which nothing is filled in',
      { grant_type: '', client_id: '', client_secret: ' ', scope: '' },
      { query: inQuery, headers: inHeader },
    ],
    [
      'with everything in the body, and an empty grant_type in the query',
      { ...grant, ...inForm },
      { query: '?grant_type=&client_secret=' },
    ],
  ])('%s', async (_, form, where) => {
    const { status, headers, body } = await tokenRequest(form, where)
    expect(status).toBe(200)
    expect(headers.get('cache-control')).toBe('no-store')
    expect(body).toMatchObject({
      token_type: 'Bearer',
      expires_in: '3599',
      client_id: clientId,
      status: 'approved',
      refresh_count: '0',
      refresh_token_expires_in: '0',
      issued_at: expect.stringMatching(/^\d{13}$/),
    })
    expect(Object.values(body).every(value => typeof value === 'string')).toBe(true)
    expect(body).not.toHaveProperty('refresh_token')
    expect((await listWith(`Bearer ${body.access_token}`)).status).toBe(200)
  })

  test('each token is another one, and earlier ones stay good', async () => {
    const one = await tokenRequest({ ...grant, ...inForm })
    const two = await tokenRequest({ ...grant, ...inForm })
    expect(one.body.access_token).not.toBe(two.body.access_token)
    expect((await listWith(`Bearer ${one.body.access_token}`)).status).toBe(200)
  })
})

describe('a wrong token request is answered as RFC 6749 says', () => {
  test.each([
    ['no grant type', inForm, {}, 400, 'invalid_request'],
    ['another grant type', { ...inForm, grant_type: 'password' }, {}, 400, 'unsupported_grant_type'],
    ['a wrong secret', { ...grant, client_id: clientId, client_secret: 'wrong' }, {}, 401, 'invalid_client'],
    ['an unknown client', { ...grant, client_id: 'nobody', client_secret: clientSecret }, {}, 401, 'invalid_client'],
    ['no client', grant, {}, 401, 'invalid_client'],
    ['an empty grant type', { ...inForm, grant_type: '' }, {}, 400, 'invalid_request'],
    ['an empty client', { ...grant, client_id: '', client_secret: '' }, {}, 401, 'invalid_client'],
    ['no secret', { ...grant, client_id: clientId }, {}, 401, 'invalid_client'],
    ['a wrong secret in the header', grant, { headers: { authorization: basic(clientId, 'wrong') } }, 401, 'invalid_client'],
    ['credentials twice', { ...grant, ...inForm }, { headers: inHeader }, 400, 'invalid_request'],
    ['the secret in the address', grant, { query: `?client_id=${clientId}&client_secret=${clientSecret}` }, 400, 'invalid_request'],
    ['another media type', { ...grant, ...inForm }, { headers: { 'content-type': 'text/plain' } }, 400, 'invalid_request'],
  ])('%s', async (_, form, where, status, error) => {
    const answer = await tokenRequest(form as Record<string, string>, where)
    expect(answer.status).toBe(status)
    expect(answer.body).toEqual({ error, error_description: expect.any(String) })
    expect(answer.headers.get('cache-control')).toBe('no-store')
    if (status === 401) expect(answer.headers.get('www-authenticate')).toMatch(/^Basic /)
  })
})

describe('a token that has ended', () => {
  test('an expired one is answered 401', async () => {
    const { body } = await tokenRequest({ ...grant, ...inForm })
    await system.backOffice.expireToken(body.access_token)
    expect((await listWith(`Bearer ${body.access_token}`)).status).toBe(401)
  })

  test('a revoked one is answered 401 at once, also when it was just used', async () => {
    const { body } = await tokenRequest({ ...grant, ...inForm })
    expect((await listWith(`Bearer ${body.access_token}`)).status).toBe(200)
    await system.backOffice.revokeToken(body.access_token)
    expect((await listWith(`Bearer ${body.access_token}`)).status).toBe(401)
  })
})

describe('secrets', () => {
  test('after ten wrong ones in a minute that client id is refused with 429, others are not', async () => {
    const guessed = { ...grant, client_id: system.firstSteps.otherCustomer.clientId, client_secret: randomUUID() }
    for (let turn = 1; turn <= 10; turn++) expect((await tokenRequest(guessed)).status).toBe(401)
    const refused = await tokenRequest({ ...guessed, client_secret: system.firstSteps.otherCustomer.clientSecret })
    expect(refused.status).toBe(429)
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0)
    expect((await tokenRequest({ ...grant, ...inForm })).status).toBe(200)
  })
})
