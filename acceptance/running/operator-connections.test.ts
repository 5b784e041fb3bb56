import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { makeFreshDatabase } from '@deskbridge/postgres/testing'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Answer, ask, basic } from '../system/answer.ts'
import { type StartedSystem, startSystem } from '../system/start-system.ts'

const key = () => Buffer.from(crypto.getRandomValues(new Uint8Array(32))).toString('base64')
const [FIRST_KEY, SECOND_KEY] = [key(), key()]

let database: Awaited<ReturnType<typeof makeFreshDatabase>>
let system: StartedSystem
let sql: pg.Client

beforeAll(async () => {
  database = await makeFreshDatabase()
  system = await startSystem({ database: database.url, environment: { DESKBRIDGE_KEY: FIRST_KEY } })
  sql = new pg.Client({ connectionString: database.url })
  await sql.connect()
})
afterAll(async () => {
  await sql?.end()
  await system?.end()
  await database?.drop()
})

const PATH = '/operator/connections'

function operator(method: string, path = '', body?: unknown, exchange = system.firstSteps.exchange): Promise<Answer> {
  const { email, password } = system.firstSteps.portalUsers.operator
  const json = { 'content-type': 'application/json' }
  const headers = { authorization: basic(email, password), ...(body === undefined ? {} : json) }
  return ask(`${exchange}${PATH}${path}`, { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) })
}

const desk = (name: string, more: object = {}) => {
  const { url, username, password } = system.firstSteps.instances.sandbox
  return { name, environment: 'sandbox', url: `${url}/nav_to.do?uri=incident_list.do`, user_name: username, password, ...more }
}

const everythingStored = async () => JSON.stringify((await sql.query('select * from exchange.connection')).rows)

describe('an operator’s saved connections', () => {
  test('are saved, checked, shown without secrets, rotated, moved, retired and removed', async () => {
    const { password } = system.firstSteps.instances.sandbox
    const answers: Answer[] = []
    const say = async (...question: Parameters<typeof operator>) => {
      const answer = await operator(...question)
      answers.push(answer)
      return answer
    }
    const added = await say('POST', '', desk('desk'))
    expect(added).toMatchObject({
      status: 200,
      body: { name: 'desk', environment: 'sandbox', in_use: { way: 'basic' }, previous: null, health: { state: 'ok', problems: [] } },
    })
    expect(added.body.url).toBe(system.firstSteps.instances.sandbox.url)
    expect((await say('GET')).body.result).toEqual([added.body])
    const examined = await say('POST', '/desk/check', {})
    expect(examined).toMatchObject({ status: 200, body: { ok: true, took_ms: expect.any(Number) } })
    expect(examined.body.actions.length).toBeGreaterThan(40)

    const refused = await say('POST', '/desk/rotate', { user_name: 'admin', password: 'wrong' })
    expect(refused).toMatchObject({
      status: 409,
      body: { error: { code: 'credentials_do_not_work', problems: [{ change: expect.stringContaining('password') }, {}] } },
    })
    expect((await say('GET', '/desk')).body).toMatchObject({ previous: null })
    const { username: user_name } = system.firstSteps.instances.sandbox
    expect((await say('POST', '/desk/rotate', { user_name, password })).body).toMatchObject({ previous: { way: 'basic' } })
    expect((await say('POST', '/desk/back', {})).status).toBe(200)
    expect((await say('PATCH', '/desk', { environment: 'production' })).body).toMatchObject({ environment: 'production' })
    expect((await say('POST', '/desk/check', {})).body.ok).toBe(true)
    expect((await say('POST', '/desk/retire', {})).body.previous).toBeNull()
    for (const { body } of answers) expect(JSON.stringify(body)).not.toMatch(new RegExp(`${password}|sealed|dk1\\.`))
    const stored = await everythingStored()
    expect(stored).toContain('dk1.')
    expect(stored).not.toContain(password)
    expect(system.output()).not.toContain(password)
    expect(await say('DELETE', '/desk')).toMatchObject({ status: 200, body: { removed: 'desk' } })
    expect((await say('GET')).body.result).toEqual([])
  })

  test('what is empty or null of it counts as left out', async () => {
    const empty = { way: null, client_id: '', client_secret: null, refresh_token: ' ', api_key: '' }
    expect((await operator('POST', '', desk('from-a-form', empty))).body).toMatchObject({
      in_use: { way: 'basic' },
      health: { state: 'ok' },
    })
    for (const name of ['', ' ', null]) {
      const { status, body } = await operator('POST', '', desk('x', { name }))
      expect([status, body.error.field]).toEqual([400, 'name'])
    }
    expect((await operator('DELETE', '/from-a-form')).status).toBe(200)
  })

  test('one that does not work yet is saved, and its health says why', async () => {
    const { body } = await operator('POST', '', desk('broken', { password: 'wrong' }))
    expect(body.health).toMatchObject({
      state: 'failing',
      problems: [expect.stringContaining('sign-in: User Not Authenticated'), expect.any(String)],
    })
    await operator('DELETE', '/broken')
  })

  test('are nobody’s but the operator’s', async () => {
    const { email, password } = system.firstSteps.portalUsers.partner
    for (const [method, path] of [
      ['GET', ''],
      ['POST', ''],
      ['GET', '/x'],
      ['PATCH', '/x'],
      ['DELETE', '/x'],
      ['POST', '/x/check'],
      ['POST', '/x/rotate'],
      ['POST', '/x/back'],
      ['POST', '/x/retire'],
    ]) {
      for (const authorization of ['', basic(email, password)]) {
        const answer = await ask(`${system.firstSteps.exchange}${PATH}${path}`, {
          method: method!,
          headers: { authorization, 'content-type': 'application/json' },
          ...(method === 'GET' ? {} : { body: '{}' }),
        })
        expect(answer, `${method} ${path}`).toMatchObject({ status: 401, body: { error: { code: 'sign_in_required' } } })
      }
    }
  })

  test('an action that needs no body needs no Content-Type either', async () => {
    await operator('POST', '', desk('bodiless'))
    const { email, password } = system.firstSteps.portalUsers.operator
    const authorization = basic(email, password)
    const json = { authorization, 'content-type': 'application/json' }
    const check = { url: `${system.firstSteps.exchange}${PATH}/bodiless/check`, ok: { status: 200, body: { ok: true } } }
    expect(await ask(check.url, { method: 'POST', headers: { authorization } })).toMatchObject(check.ok)
    expect(await ask(check.url, { method: 'POST', headers: json })).toMatchObject(check.ok)
    expect(await ask(check.url, { method: 'POST', headers: json, body: '{}' })).toMatchObject(check.ok)
    const nothing = await ask(`${system.firstSteps.exchange}${PATH}/bodiless/rotate`, { method: 'POST', headers: { authorization } })
    expect(nothing).toMatchObject({ status: 400, body: { error: { code: 'invalid_field' } } })
    const added = await ask(`${system.firstSteps.exchange}${PATH}`, { method: 'POST', headers: { authorization } })
    expect(added).toMatchObject({ status: 415, body: { error: { code: 'unsupported_media_type' } } })
    await operator('DELETE', '/bodiless')
  })

  test('what a page of another site could send unasked changes nothing', async () => {
    await operator('POST', '', desk('unasked'))
    const { email, password } = system.firstSteps.portalUsers.operator
    const exchange = system.firstSteps.exchange
    const send = (method: string, path: string, headers: Record<string, string>, body?: string) =>
      ask(`${exchange}${path}`, { method, headers: { authorization: basic(email, password), ...headers }, ...(body ? { body } : {}) })
    const foreign: Record<string, string>[] = [
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site', origin: exchange },
      { origin: 'https://evil.example' },
      { origin: 'null' },
    ]
    for (const headers of foreign)
      for (const [method, path, type, body] of [
        ['POST', `${PATH}/unasked/retire`],
        ['POST', `${PATH}/unasked/check`, 'application/json', '{}'],
        ['DELETE', `${PATH}/unasked`],
        ['POST', '/operator/organisations/import.csv', 'text/csv', 'organisation,environment,table,sys_id'],
        ['PUT', '/operator/organisations/Demo%20Customer%20North/mapping', 'application/json', '{}'],
      ] as const)
        expect(await send(method, path, { ...headers, ...(type ? { 'content-type': type } : {}) }, body), method + path).toMatchObject({
          status: 403,
          body: { error: { code: 'other_site' } },
        })
    for (const headers of [{ 'sec-fetch-site': 'same-origin', origin: 'https://behind.a.proxy.example' }, { origin: exchange }] as object[])
      expect(await send('POST', `${PATH}/unasked/check`, { ...headers })).toMatchObject({ status: 200 })
    expect(await send('POST', `${PATH}/unasked/retire`, { 'content-type': 'text/plain' }, '{}')).toMatchObject({
      status: 415,
      body: { error: { code: 'unsupported_media_type' } },
    })
    expect((await ask(`${exchange}${PATH}/x`, { method: 'OPTIONS' })).status).toBe(405)
    await operator('DELETE', '/unasked')
  })

  test.each<[string, object, number, string]>([
    ['a name in capitals', { name: 'Desk' }, 400, 'invalid_field'],
    ['a name that leaves its place', { name: '../desk' }, 400, 'invalid_field'],
    ['an address that is none', { url: 'https://' }, 400, 'invalid_field'],
    ['an environment that is none', { environment: 'test' }, 400, 'invalid_field'],
    ['no password', { password: undefined }, 400, 'invalid_field'],
    ['a user name with a NUL', { user_name: 'a\0b' }, 400, 'invalid_field'],
    ['a user name with half a character', { user_name: 'a\ud800' }, 400, 'malformed_json'],
    ['a way that is none', { way: 'telepathy' }, 400, 'invalid_field'],
    ['a certificate that is none', { certificate: 'x', certificate_key: 's3cret' }, 400, 'invalid_field'],
  ])('%s is refused in a sentence, and nothing is saved', async (_, wrong, status, code) => {
    const answer = await operator('POST', '', desk('wrong', wrong))
    expect(answer).toMatchObject({ status, body: { error: { code } } })
    expect(JSON.stringify(answer.body)).not.toContain('s3cret')
    expect((await operator('GET', '/wrong')).status).toBe(404)
  })

  test.each([
    ['nobody', 404, 'not_found'],
    ["'%3B%20drop", 404, 'not_found'],
    ['%00', 400, 'invalid_field'],
    ['a'.repeat(500), 400, 'invalid_field'],
  ])('there is no connection named %s', async (name, status, code) => {
    for (const [method, path, body] of [
      ['GET', '', undefined],
      ['DELETE', '', undefined],
      ['POST', '/check', {}],
      ['POST', '/retire', {}],
      ['PATCH', '', { environment: 'sandbox' }],
    ] as const)
      expect(await operator(method, `/${name}${path}`, body)).toMatchObject({ status, body: { error: { code } } })
  })

  test('a name that is taken stays with the one that has it', async () => {
    await operator('POST', '', desk('twice'))
    expect(await operator('POST', '', desk('twice', { environment: 'production' }))).toMatchObject({
      status: 409,
      body: { error: { code: 'name_taken' } },
    })
    expect((await operator('GET', '/twice')).body.environment).toBe('sandbox')
  })
})

describe('the key', () => {
  test('a row that somebody changed in the database is not used', async () => {
    await operator('POST', '', desk('moved'))
    await sql.query(`update exchange.connection set url = 'https://evil.example' where name = 'moved'`)
    expect(await operator('POST', '/moved/check', {})).toMatchObject({
      status: 503,
      body: { error: { code: 'key_unusable', message: expect.stringContaining('changed after it was sealed, or moved here') } },
    })
    await operator('DELETE', '/moved')
  })

  test('another key says so; given beside the old one it seals everything anew, and is then enough alone', async () => {
    const before = await everythingStored()
    await system.stop()
    const stranger = await system.startAgain({ DESKBRIDGE_KEY: SECOND_KEY })
    const check = (at: StartedSystem) => operator('POST', '/twice/check', {}, at.firstSteps.exchange)
    expect(await check(stranger)).toMatchObject({
      status: 503,
      body: { error: { code: 'key_unusable', message: expect.stringContaining('It was sealed with the key') } },
    })
    expect(await everythingStored()).toBe(before)
    await stranger.stop()
    const both = await stranger.startAgain({ DESKBRIDGE_KEY: SECOND_KEY, DESKBRIDGE_OLD_KEY: FIRST_KEY })
    expect(await everythingStored()).not.toBe(before)
    await both.stop()
    const alone = await both.startAgain({ DESKBRIDGE_KEY: SECOND_KEY })
    // The instance has another port since then, so it is no longer reached; but the credentials were opened.
    expect(await check(alone)).toMatchObject({ status: 200, body: { ok: false } })
    expect(readdirSync(alone.dataFolder)).not.toContain('connections.key')
    await alone.stop()
  })

  test('without a key in the environment a key file is made when the first connection is saved, for its owner alone', async () => {
    await using other = await startSystem()
    const file = join(other.dataFolder, 'connections.key')
    expect(readdirSync(other.dataFolder)).not.toContain('connections.key')
    const { url, username, password } = other.firstSteps.instances.sandbox
    const { email, password: secret } = other.firstSteps.portalUsers.operator
    const saved = await ask(`${other.firstSteps.exchange}${PATH}`, {
      method: 'POST',
      headers: { authorization: basic(email, secret), 'content-type': 'application/json' },
      body: JSON.stringify({ name: 'desk', environment: 'sandbox', url, user_name: username, password }),
    })
    expect(saved).toMatchObject({ status: 200, body: { health: { state: 'ok' } } })
    expect(statSync(file).mode & 0o777).toBe(0o600)
  })
})
