import { afterAll, beforeAll, expect, test } from 'vitest'
import { connect, serviceNow } from '../index.ts'
import { failureOf } from '../proof/failure.ts'
import { json, page, type RecordingServer, recordingServer, refuse } from '../proof/recording-server.ts'

const ID = '9d385017c611228701d22104cc95c371'
let server: RecordingServer

beforeAll(async () => {
  server = await recordingServer()
})
afterAll(() => server.close())

const byClient = { kind: 'oauth', grant: 'client_credentials', clientId: 'id', clientSecret: 's3cret' } as const
const byPassword = {
  kind: 'oauth',
  grant: 'password',
  clientId: 'id',
  clientSecret: 's3cret',
  userName: 'abel',
  password: 'pa&ss',
} as const

/** Gives tokens t1, t2, … that live so long; accepts only the newest. */
function tokens({ expiresIn = 1800, refreshToken }: { expiresIn?: number; refreshToken?: string } = {}) {
  const asked: URLSearchParams[] = []
  const state = { asked, accepted: '', calls: 0 }
  server.behave((response, received) => {
    if (received.path === '/oauth_token.do') {
      asked.push(new URLSearchParams(received.body))
      state.accepted = `t${asked.length}`
      return json(response, 200, {
        access_token: state.accepted,
        token_type: 'Bearer',
        expires_in: expiresIn,
        ...(refreshToken && { refresh_token: refreshToken }),
      })
    }
    state.calls++
    if (received.headers.authorization !== `Bearer ${state.accepted}`) return refuse(response, 401, 'User Not Authenticated')
    return json(response, 200, { result: { sys_id: ID } })
  })
  return state
}

test('fifty callers share one token', async () => {
  const state = tokens()
  const sdk = serviceNow(connect({ baseUrl: server.url, signIn: byClient }))
  await Promise.all(Array.from({ length: 50 }, () => sdk.incident.get({ sysId: ID })))
  expect(state.asked.map(form => Object.fromEntries(form))).toEqual([
    { grant_type: 'client_credentials', client_id: 'id', client_secret: 's3cret' },
  ])
  expect(server.received[0]?.headers['content-type']).toBe('application/x-www-form-urlencoded')
  expect(state.calls).toBe(50)
})

test('a token that is no longer accepted is renewed once, by fifty callers together, writes too', async () => {
  const state = tokens()
  const sdk = serviceNow(connect({ baseUrl: server.url, signIn: byClient }))
  await sdk.incident.get({ sysId: ID })
  state.accepted = 'revoked'
  await Promise.all(Array.from({ length: 50 }, () => sdk.incident.create({ values: { a: 'b' } })))
  expect(state.asked).toHaveLength(2)
})

test('a refusal that comes late, of the token before, does not throw the new one away', async () => {
  let asked = 0
  server.behave((response, { path, headers, parameters }) => {
    if (path === '/oauth_token.do') return json(response, 200, { access_token: `t${++asked}`, expires_in: 100 })
    if (headers.authorization !== 'Bearer t1') return json(response, 200, { result: [] })
    return setTimeout(() => refuse(response, 401, 'User Not Authenticated'), parameters.get('sysparm_limit') === '1' ? 0 : 150)
  })
  const sdk = serviceNow(connect({ baseUrl: server.url, signIn: byClient }))
  await Promise.all([sdk.incident.list({ limit: 1 }), sdk.incident.list({ limit: 2 })])
  expect(asked).toBe(2)
})

test('a token that is never accepted ends with unauthorised after one renewal', async () => {
  server.behave((response, { path }) =>
    path === '/oauth_token.do'
      ? json(response, 200, { access_token: 'x', expires_in: 100 })
      : refuse(response, 401, 'User Not Authenticated'),
  )
  const connection = connect({ baseUrl: server.url, signIn: byClient })
  expect(await failureOf(serviceNow(connection).incident.create({ values: { a: 'b' } }))).toMatchObject({
    kind: 'unauthorised',
    written: 'no',
  })
  expect(server.received.map(one => one.path)).toEqual([
    '/oauth_token.do',
    '/api/now/table/incident',
    '/oauth_token.do',
    '/api/now/table/incident',
  ])
  expect(connection.health().state).toBe('failing')
})

test('it is renewed shortly before its end, with the refresh token where there is one', async () => {
  const state = tokens({ expiresIn: 0.2, refreshToken: 'r1' })
  const connection = connect({ baseUrl: server.url, signIn: byPassword })
  expect(connection.userName).toBe('abel')
  const sdk = serviceNow(connection)
  await sdk.incident.get({ sysId: ID })
  await new Promise(resolve => setTimeout(resolve, 250))
  await sdk.incident.get({ sysId: ID })
  expect(state.asked.map(form => Object.fromEntries(form))).toEqual([
    { grant_type: 'password', username: 'abel', password: 'pa&ss', client_id: 'id', client_secret: 's3cret' },
    { grant_type: 'refresh_token', refresh_token: 'r1', client_id: 'id', client_secret: 's3cret' },
  ])
})

test('a refresh token that is refused falls back to the grant', async () => {
  const grants: (string | null)[] = []
  server.behave((response, { path, body }) => {
    if (path !== '/oauth_token.do') return json(response, 200, { result: { sys_id: ID } })
    const grant = new URLSearchParams(body).get('grant_type')
    grants.push(grant)
    if (grant === 'refresh_token') return json(response, 401, { error: 'server_error', error_description: 'access_denied' })
    return json(response, 200, { access_token: `t${grants.length}`, refresh_token: 'r', expires_in: 0.1 })
  })
  const sdk = serviceNow(connect({ baseUrl: server.url, signIn: byPassword }))
  await sdk.incident.get({ sysId: ID })
  await new Promise(resolve => setTimeout(resolve, 150))
  await sdk.incident.get({ sysId: ID })
  expect(grants).toEqual(['password', 'refresh_token', 'password'])
})

test('the same token given again before its end is used to the end, not asked for with every call', async () => {
  let asked = 0
  const end = Date.now() + 1000
  server.behave((response, { path }) => {
    if (path !== '/oauth_token.do') return json(response, 200, { result: { sys_id: ID } })
    asked++
    return json(response, 200, { access_token: 'same', expires_in: (end - Date.now()) / 1000 })
  })
  const sdk = serviceNow(connect({ baseUrl: server.url, signIn: byClient }))
  while (Date.now() < end - 20) await sdk.incident.get({ sysId: ID })
  expect(asked).toBeLessThanOrEqual(4)
})

test('a caller who gives up does not take the token away from the others', async () => {
  server.behave((response, { path }) =>
    path === '/oauth_token.do'
      ? setTimeout(() => json(response, 200, { access_token: 'x', expires_in: 100 }), 150)
      : json(response, 200, { result: { sys_id: ID } }),
  )
  const sdk = serviceNow(connect({ baseUrl: server.url, signIn: byClient }))
  const impatient = failureOf(sdk.incident.create({ values: { a: 'b' } }, { signal: AbortSignal.timeout(30) }))
  const patient = sdk.incident.get({ sysId: ID })
  expect(await impatient).toMatchObject({ kind: 'time-out', written: 'no' })
  expect(await patient).toEqual({ sys_id: ID })
})

test.each([
  [
    'wrong client',
    (r: Parameters<typeof json>[0]) => json(r, 401, { error: 'invalid_client', error_description: 'access_denied' }),
    'unauthorised',
  ],
  ['a server error', (r: Parameters<typeof json>[0]) => page(r, 500, ''), 'server-error'],
  ['a sleeping instance', (r: Parameters<typeof json>[0]) => page(r, 200, '<html>'), 'asleep'],
  ['no token in the answer', (r: Parameters<typeof json>[0]) => json(r, 200, {}), 'broken-answer'],
  ['a reset', (r: Parameters<typeof json>[0]) => r.socket?.destroy(), 'unreachable'],
  ['silence', () => {}, 'time-out'],
])('without a token nothing was written: %s', async (_, behaviour, kind) => {
  server.behave(behaviour)
  const sdk = serviceNow(connect({ baseUrl: server.url, signIn: byClient, timeoutMs: 150 }))
  const error = await failureOf(sdk.incident.create({ values: { a: 'b' } }, { retry: false }))
  expect(error).toMatchObject({ kind, written: 'no' })
  expect(error.message).not.toContain('s3cret')
})

test('an API key goes in a header of its own', async () => {
  server.behave(response => json(response, 200, { result: { sys_id: ID } }))
  const connection = connect({ baseUrl: server.url, signIn: { kind: 'api-key', key: 'k3y' } })
  await serviceNow(connection).incident.get({ sysId: ID })
  expect(connection.userName).toBeUndefined()
  expect(server.received[0]?.headers).toMatchObject({ 'x-sn-apikey': 'k3y' })
  expect(server.received[0]?.headers).not.toHaveProperty('authorization')
})

test('a refresh token gets tokens by itself, and one that is refused is unauthorised each time', async () => {
  const state = tokens({ expiresIn: 0.1 })
  const signIn = { kind: 'oauth', grant: 'refresh_token', clientId: 'id', clientSecret: 's3cret', refreshToken: 'r1' } as const
  const sdk = serviceNow(connect({ baseUrl: server.url, signIn }))
  await sdk.incident.get({ sysId: ID })
  await new Promise(resolve => setTimeout(resolve, 150))
  await sdk.incident.get({ sysId: ID })
  const asked = { grant_type: 'refresh_token', refresh_token: 'r1', client_id: 'id', client_secret: 's3cret' }
  expect(state.asked.map(form => Object.fromEntries(form))).toEqual([asked, asked])

  server.behave(response => json(response, 401, { error: 'server_error', error_description: 'access_denied' }))
  const refused = serviceNow(connect({ baseUrl: server.url, signIn }))
  for (let time = 1; time <= 2; time++) {
    expect(await failureOf(refused.incident.get({ sysId: ID }))).toMatchObject({ kind: 'unauthorised', action: 'sign-in' })
    expect(server.received).toHaveLength(time)
  }
})
