import pg from 'pg'
import { afterAll, beforeAll, describe, expect } from 'vitest'
import { DEMO, openRoom, PASSWORD, type Room } from './practice-room.ts'
import { practiceOnly as test } from './which-instance.ts'

let room: Room
const client = { client_id: 'demo-client', client_secret: 'a generated secret' }

beforeAll(async () => {
  room = await openRoom()
  await room.instance.setOAuthClient({ clientId: client.client_id, clientSecret: client.client_secret, userName: 'deskbridge.integration' })
})
afterAll(() => room.close())

const token = (form: Record<string, string>) =>
  room.call('POST', '/oauth_token.do', new URLSearchParams(form).toString(), '', { 'content-type': 'application/x-www-form-urlencoded' })

const password = { grant_type: 'password', ...client, username: 'demo.agent.one', password: PASSWORD }
const whoAmI = async (accessToken: string) => {
  const answer = await room.call('GET', '/api/now/ui/user/current_user', undefined, '', { authorization: `Bearer ${accessToken}` })
  return answer.status === 200 ? answer.body.result.user_name : answer.status
}

test('the password grant gives a token for the user, and the same one until it expires', async () => {
  const first = await token(password)
  expect(first.status).toBe(200)
  expect(first.body).toEqual({
    access_token: expect.any(String),
    refresh_token: expect.any(String),
    scope: 'useraccount',
    token_type: 'Bearer',
    expires_in: expect.any(Number),
  })
  expect(first.body.expires_in).toBeGreaterThan(1_790)
  expect(await whoAmI(first.body.access_token)).toBe('demo.agent.one')
  const again = await Promise.all([token(password), token(password), token(password)])
  for (const { body } of again)
    expect(body).toMatchObject({ access_token: first.body.access_token, refresh_token: first.body.refresh_token })
})

test('client_credentials acts as the user of the client, without a refresh token', async () => {
  const { body } = await token({ grant_type: 'client_credentials', ...client })
  expect(body).not.toHaveProperty('refresh_token')
  expect(await whoAmI(body.access_token)).toBe('deskbridge.integration')
})

test('an expired token is 401, a refresh token gives a new one', async () => {
  const { body: old } = await token(password)
  await room.call('PUT', '/practice/clock', { advance: '31m' })
  expect(await whoAmI(old.access_token)).toBe(401)
  const { body: fresh } = await token({ grant_type: 'refresh_token', ...client, refresh_token: old.refresh_token })
  expect(fresh.access_token).not.toBe(old.access_token)
  expect(fresh.refresh_token).toBe(old.refresh_token)
  expect(await whoAmI(fresh.access_token)).toBe('demo.agent.one')
  await room.call('PUT', '/practice/clock', { advance: '101d' })
  expect((await token({ grant_type: 'refresh_token', ...client, refresh_token: old.refresh_token })).status).toBe(401)
  await room.call('DELETE', '/practice/clock')
})

test('a revoked token ends at once', async () => {
  const { body } = await token({ grant_type: 'client_credentials', ...client })
  expect(await whoAmI(body.access_token)).toBe('deskbridge.integration')
  expect((await room.call('GET', `/oauth_revoke_token.do?token=${body.access_token}`, undefined, '')).status).toBe(200)
  expect(await whoAmI(body.access_token)).toBe(401)
  expect((await token({ grant_type: 'client_credentials', ...client })).body.access_token).not.toBe(body.access_token)
})

test('a client says who it is in the form or in the header, encoded or not', async () => {
  const odd = { clientId: 'odd client', clientSecret: 'a+b%20c:d é' }
  await room.instance.setOAuthClient({ ...odd, userName: 'demo.agent.one' })
  const ask = (name: string, secret: string) =>
    room.call('POST', '/oauth_token.do', 'grant_type=client_credentials', '', {
      'content-type': 'application/x-www-form-urlencoded',
      authorization: `Basic ${Buffer.from(`${name}:${secret}`).toString('base64')}`,
    })
  for (const encode of [(text: string) => text, encodeURIComponent]) {
    const { body } = await ask(encode(odd.clientId), encode(odd.clientSecret))
    expect(await whoAmI(body.access_token)).toBe('demo.agent.one')
  }
  expect((await ask(odd.clientId, 'wrong')).body).toMatchObject({ error: 'invalid_client' })
})

describe('clients and tokens are rows', () => {
  const user = DEMO.agents[0].sysId

  test('an administrator registers a client, gives it a lifespan, changes its secret and switches it off', async () => {
    const own = { client_id: 'by-row', client_secret: 'first' }
    const { sys_id: id, ...row } = await room.create('oauth_entity', { name: 'By row', ...own, user, access_token_lifespan: '60' })
    expect(row).not.toHaveProperty('client_secret')
    const first = await token({ grant_type: 'client_credentials', ...own })
    expect(first.body.expires_in).toBeLessThanOrEqual(60)
    expect(await whoAmI(first.body.access_token)).toBe('demo.agent.one')
    const path = `/api/now/table/oauth_entity/${id}`
    await room.call('PATCH', path, { client_secret: 'second' })
    expect((await token({ grant_type: 'client_credentials', ...own })).status).toBe(401)
    const second = await token({ grant_type: 'client_credentials', ...own, client_secret: 'second' })
    expect(await whoAmI(second.body.access_token)).toBe('demo.agent.one')
    await room.call('PATCH', path, { active: 'false' })
    expect(await whoAmI(second.body.access_token)).toBe(401)
    expect((await token({ grant_type: 'client_credentials', ...own, client_secret: 'second' })).status).toBe(401)
  })

  test('a token ends with its row, which only an administrator sees', async () => {
    const { body } = await token(password)
    const rows = await room.find('oauth_credential', `user=${user}^peer.client_id=${client.client_id}`, 'type')
    expect(rows.sort()).toEqual(['access_token', 'refresh_token'])
    expect(await room.find('oauth_credential', '', 'type', 'deskbridge.integration')).toEqual([])
    const [row] = await room.find('oauth_credential', `user=${user}^peer.client_id=${client.client_id}^type=access_token`, 'sys_id')
    const seen = await room.call('GET', `/api/now/table/oauth_credential/${row}`)
    for (const hidden of ['token', 'nonce']) expect(seen.body.result).not.toHaveProperty(hidden)
    await room.call('DELETE', `/api/now/table/oauth_credential/${row}`)
    expect(await whoAmI(body.access_token)).toBe(401)
  })

  test('a grant can be switched off by its property', async () => {
    const off = { error_description: 'access_denied', error: 'unsupported_grant_type' }
    for (const [name, value, form] of [
      ['glide.oauth.inbound.ropc.grant_type.disabled', 'true', password],
      ['glide.oauth.inbound.client.credential.grant_type.enabled', 'false', { grant_type: 'client_credentials', ...client }],
    ] as const) {
      const { sys_id: id } = await room.create('sys_properties', { name, value })
      expect(await token(form)).toMatchObject({ status: 401, body: off })
      await room.call('DELETE', `/api/now/table/sys_properties/${id}`)
      expect((await token(form)).status).toBe(200)
    }
  })
})

test('what is refused', async () => {
  const denied = (error: string) => ({ status: 401, body: { error_description: 'access_denied', error } })
  expect(await token({ ...password, password: 'wrong' })).toMatchObject(denied('server_error'))
  expect(await token({ ...password, username: 'north.user.gone' })).toMatchObject(denied('server_error'))
  expect(await token({ ...password, client_secret: 'wrong' })).toMatchObject(denied('invalid_client'))
  expect(await token({ ...password, client_id: 'nobody\0' })).toMatchObject(denied('invalid_client'))
  expect(await token({ grant_type: 'refresh_token', ...client, refresh_token: 'nonsense' })).toMatchObject(denied('server_error'))
  expect(await token({ grant_type: 'nonsense', ...client })).toMatchObject(denied('unsupported_grant_type'))
  expect((await room.call('POST', '/oauth_token.do', password, '')).status).toBe(401)
})

test('registering the same client again keeps its tokens, another secret ends them', async () => {
  const { body } = await token({ grant_type: 'client_credentials', ...client })
  const registration = { clientId: client.client_id, clientSecret: client.client_secret, userName: 'deskbridge.integration' }
  await room.instance.setOAuthClient(registration)
  expect(await whoAmI(body.access_token)).toBe('deskbridge.integration')
  await room.instance.setOAuthClient({ ...registration, clientSecret: 'another' })
  expect(await whoAmI(body.access_token)).toBe(401)
})

test('no token and no password stands in the database', async () => {
  const { body } = await token({ ...password, client_secret: 'another' })
  const connection = new pg.Client({ connectionString: room.databaseUrl })
  await connection.connect()
  const { rows } = await connection.query(
    'select (select json_agg(c)::text from sandbox.oauth_credential c) || (select json_agg(u)::text from sandbox.sys_user u) || (select json_agg(e)::text from sandbox.oauth_entity e) as all',
  )
  await connection.end()
  for (const secret of [body.access_token, body.refresh_token, 'another', PASSWORD]) expect(rows[0].all).not.toContain(secret)
})
