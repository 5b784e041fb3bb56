import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openRoom, PASSWORD, type Room } from './practice-room.ts'

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

async function sql(text: string): Promise<void> {
  const connection = new pg.Client({ connectionString: room.databaseUrl })
  await connection.connect()
  await connection.query(text)
  await connection.end()
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
  await sql("update sandbox.oauth_credential set expires_at = now() - interval '1 minute' where kind = 'access'")
  await new Promise(done => setTimeout(done, 1_100))
  expect(await whoAmI(old.access_token)).toBe(401)
  const { body: fresh } = await token({ grant_type: 'refresh_token', ...client, refresh_token: old.refresh_token })
  expect(fresh.access_token).not.toBe(old.access_token)
  expect(fresh.refresh_token).toBe(old.refresh_token)
  expect(await whoAmI(fresh.access_token)).toBe('demo.agent.one')
})

test('a revoked token ends at once', async () => {
  const { body } = await token({ grant_type: 'client_credentials', ...client })
  expect(await whoAmI(body.access_token)).toBe('deskbridge.integration')
  expect((await room.call('GET', `/oauth_revoke_token.do?token=${body.access_token}`, undefined, '')).status).toBe(200)
  expect(await whoAmI(body.access_token)).toBe(401)
  expect((await token({ grant_type: 'client_credentials', ...client })).body.access_token).not.toBe(body.access_token)
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
