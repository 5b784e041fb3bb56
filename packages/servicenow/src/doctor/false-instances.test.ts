import type { ServerResponse } from 'node:http'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type ConnectionOptions, type Examination, examine } from '../index.ts'
import { type Behaviour, json, page, type RecordingServer, recordingServer, refuse } from '../proof/recording-server.ts'

/** Addresses at which no instance is, or one that did not let the user in: none of them is said to work. */

let server: RecordingServer
beforeAll(async () => {
  server = await recordingServer()
})
afterAll(() => server.close())

const USER = 'rewst.api'
const OWN_RECORD = { result: [{ sys_id: '6816f79cc0a8016401c5a33be04be441', user_name: USER, time_zone: 'GMT' }] }
const basic = { kind: 'basic', userName: USER, password: 'wrong' } as const
const oauth = { kind: 'oauth', grant: 'client_credentials', clientId: 'c', clientSecret: 's' } as const
const key = { kind: 'api-key', key: 'k' } as const
const WAYS = [basic, oauth, key, { kind: 'certificate' }] as const

const look = (behaviour: Behaviour, signIn: ConnectionOptions['signIn'] = basic) => {
  server.behave(behaviour)
  return examine({ baseUrl: server.url, signIn }, { withinMs: 3000 })
}
const finding = ({ checks }: Examination, name: string) => checks.find(({ check }) => check === name)

/** As an instance answers somebody who does not sign in. */
const unknown = (response: ServerResponse) => refuse(response, 401, 'User Not Authenticated', 'Required to provide Auth information')
const isSignedIn: (headers: Parameters<Behaviour>[1]['headers']) => boolean = headers =>
  Boolean(headers.authorization ?? headers['x-sn-apikey'])
const isUser = ({ authorization = '' }: Parameters<Behaviour>[1]['headers']) =>
  authorization.startsWith('Basic ') && atob(authorization.slice(6)).startsWith(`${USER}:`)

const TO_EVERYBODY: readonly (readonly [string, Behaviour])[] = [
  ['a 404 in JSON', response => json(response, 404, { error: 'not found' })],
  ['a 404 in an envelope', response => refuse(response, 404, 'No Record found')],
  ['a 404 page', response => page(response, 404, '<h1>Not found</h1>')],
  ['a login page', response => page(response, 200, '<form action="/login.do"></form>')],
  ['a way to a login page', response => response.writeHead(302, { location: '/login.do' }).end()],
  ['{}', response => json(response, 200, {})],
  ['an empty list', response => json(response, 200, { result: [] })],
  ['a result that is no list', response => json(response, 200, { result: {} })],
  ['the user’s own record', response => json(response, 200, OWN_RECORD)],
  ['nothing', response => response.writeHead(204).end()],
  ['a text', response => response.writeHead(200, { 'content-type': 'text/plain' }).end('It works!')],
  ['a 401 of another server', response => response.writeHead(401, { 'www-authenticate': 'Basic realm="nginx"' }).end()],
  ['a 403 of a gateway', response => json(response, 403, { message: 'Forbidden' })],
  ['a 405', response => response.writeHead(405).end()],
  [
    'a token, and an empty list',
    (response, { path }) => json(response, 200, path.startsWith('/oauth') ? { access_token: 't' } : { result: [] }),
  ],
]

const isList = ['an empty list', 'a token, and an empty list']

/** They stand before anything is asked of an instance, or are what the test server has. */
const TRUE_OF_THE_SERVER = ['name resolution', 'encryption', 'clock']

describe.each(TO_EVERYBODY)('what answers everybody with %s', (what, behaviour) => {
  test.each(WAYS)('is not said to let anybody in: %o', async signIn => {
    const health = await look(behaviour, signIn)
    // Only of a certificate there is no question without it: the record of a user is the proof.
    const isProof = signIn.kind === 'certificate' && what === 'the user’s own record'
    expect(health.ok).toBe(isProof)
    if (isProof) return
    const well = health.checks.filter(({ check, state }) => state === 'ok' && !TRUE_OF_THE_SERVER.includes(check))
    // That an instance answers is all that a list shows where a certificate came along.
    expect(well.map(({ check }) => check)).toEqual(signIn.kind === 'certificate' && isList.includes(what) ? ['awake'] : [])
  })
})

/** To the user something else than a sign-in, to nobody at all as an instance answers. */
const TO_THE_USER: readonly (readonly [string, Behaviour, RegExp])[] = [
  ['{}', response => json(response, 200, {}), /not the Table API: the answer has no result/],
  ['a result that is no list', response => json(response, 200, { result: { user_name: USER } }), /no list of records/],
  ['rows that are no records', response => json(response, 200, { result: [{}] }), /no list of records/],
  ['a 404 in JSON', response => json(response, 404, { error: 'not found' }), /status 404, but not in the form/],
  ['a 403 of a gateway', response => json(response, 403, { message: 'Forbidden' }), /status 403, but not in the form/],
  ['a way to a login page', response => response.writeHead(302, { location: '/login.do' }).end(), /not the Table API/],
  ['a login page', response => page(response, 200, '<form>'), /web page/],
  [
    'another user’s record',
    response => json(response, 200, { result: [{ sys_id: 'a'.repeat(32), user_name: 'guest' }] }),
    /answers as the user guest/,
  ],
]

describe('credentials that an instance does not refuse are not said to be accepted', () => {
  test.each(TO_THE_USER)('because it answers %s', async (_what, behaviour, says) => {
    const health = await look((response, received, nth) =>
      isUser(received.headers) ? behaviour(response, received, nth) : unknown(response),
    )
    expect(finding(health, 'sign-in')).toMatchObject({ state: 'not ok', says: expect.stringMatching(says), change: expect.any(String) })
    expect(health.ok).toBe(false)
  })

  test.each([
    ['an empty list', { result: [] }],
    ['the record of the user', OWN_RECORD],
  ])('because it answers everybody who gives any with %s', async (_what, body) => {
    for (const signIn of [basic, oauth, key]) {
      const health = await look((response, { headers, path }) => {
        if (path.startsWith('/oauth')) return json(response, 200, { access_token: 'for-everybody' })
        return isSignedIn(headers) ? json(response, 200, body) : unknown(response)
      }, signIn)
      expect(finding(health, 'sign-in')).toMatchObject({ state: 'not ok', says: expect.stringContaining('credentials that nobody has') })
      expect(health.ok).toBe(false)
    }
  })

  test('and the token endpoint that is none is named', async () => {
    const health = await look(
      (response, { path }) => (path.startsWith('/oauth') ? json(response, 404, { error: 'x' }) : unknown(response)),
      oauth,
    )
    expect(finding(health, 'sign-in')).toMatchObject({
      state: 'not ok',
      says: expect.stringMatching(/^no token: /),
      change: expect.stringContaining('host name'),
    })
  })
})

describe('a user that was let in', () => {
  test.each([
    ['whose record is there, in other letters', { result: [{ ...OWN_RECORD.result[0], user_name: USER.toUpperCase() }] }],
    ['who may not read its own record', { result: [] }],
  ])('%s, is accepted', async (_what, body) => {
    const health = await look((response, { headers }) => (isUser(headers) ? json(response, 200, body) : unknown(response)))
    expect(finding(health, 'sign-in')).toMatchObject({ state: 'ok', says: 'accepted (basic)' })
  })

  test('is asked for once, beside one question of nobody and one of somebody who does not exist', async () => {
    await look((response, { headers }) => (isUser(headers) ? json(response, 200, OWN_RECORD, { 'x-total-count': '1' }) : unknown(response)))
    const others = server.received.filter(({ headers }) => !isUser(headers))
    expect(others).toHaveLength(2)
  })
})

describe('what was not to be seen is not said to be well', () => {
  const instance =
    (answers: Record<string, unknown>, headers: Record<string, string> = {}): Behaviour =>
    (response, received) => {
      if (!isUser(received.headers)) return unknown(response)
      if (received.path.endsWith('/sys_user')) return json(response, 200, OWN_RECORD, headers)
      const table = received.path.split('/').at(-1)!
      return table in answers ? json(response, 200, { result: answers[table] }, headers) : json(response, 404, { error: 'nothing here' })
    }
  const property = (name: string, value: string) => ({ name: `glide.authenticate.basic_auth.restriction.${name}`, value })

  test.each([
    ['a rate limit where the answer has lost its headers', 'rate limit', {}],
    [
      'Basic where one of its properties is hidden',
      'Basic access policy',
      { sys_properties: [property('enforcement_date', '2099-01-01')] },
    ],
    ['Basic where no property is to be seen', 'Basic access policy', { sys_properties: [] }],
    [
      'Basic where the roles that may use it are hidden',
      'Basic access policy',
      { sys_user_has_role: [{ 'role.name': 'snc_basic_auth_api_access' }], sys_properties: [] },
    ],
    ['a plug-in where something refuses that is no instance', 'plug-in com.snc.install_base', {}],
    ['a plug-in where the answer is no list', 'plug-in com.snc.install_base', { sn_install_base_item: {} }],
  ])('%s', async (_what, check, answers) => {
    expect(finding(await look(instance(answers)), check)?.state).toBe('could not tell')
  })
})
