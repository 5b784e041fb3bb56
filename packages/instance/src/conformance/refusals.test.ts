import { afterAll, beforeAll, describe, expect } from 'vitest'
import { type Answer, DEMO, type Fields, openRoom, query, type Room } from './practice-room.ts'
import { practiceOnly as test } from './which-instance.ts'

/** What an instance refuses, word for word (contract servicenow-core.md 2.4, 2.6, 2.7): one row for each. */

let room: Room
let incident: string
const ids: Record<string, string> = {}

beforeAll(async () => {
  room = await openRoom()
  incident = (await room.create('incident', { short_description: 'refusals' })).sys_id!
  const rules: readonly (readonly [name: string, table: string, fields: Fields])[] = [
    ['field', 'sys_security_acl', { name: 'incident.impact', operation: 'read' }],
    ['api', 'sys_security_acl', { name: 'Batch API', operation: 'execute', type: 'REST_Endpoint' }],
    ['limit', 'sys_rate_limit_rules', { rest_api: 'Attachment API', request_limit_per_hour: '0', user: DEMO.agents[0].sysId }],
  ]
  const [admin] = await room.find('sys_user_role', 'name=admin', 'sys_id')
  for (const [name, table, fields] of rules) {
    ids[name] = (await room.create(table, fields)).sys_id!
    if (table === 'sys_security_acl') await room.create('sys_security_acl_role', { sys_security_acl: ids[name], sys_user_role: admin })
  }
})
afterAll(() => room.close())

interface Refused {
  readonly when: string
  readonly ask: () => Promise<Answer>
  readonly status: number
  readonly message: string
  readonly detail: string | null
  readonly headers?: Readonly<Record<string, string>>
}

const AGENT = 'demo.agent.one'
const CALLER = 'north.user.one'
const at = (path: string) => `/api/now/${path}`
const get = (path: string, user = AGENT, headers = {}) => room.call('GET', at(path), undefined, user, headers)
const AUTHENTICATE = { 'www-authenticate': 'BASIC realm="Service-now"' }
const missing = { status: 404, message: 'No Record found', detail: "Record doesn't exist or ACL restricts the record retrieval" }
const nobody = { status: 401, message: 'User Not Authenticated', detail: 'Required to provide Auth information', headers: AUTHENTICATE }
const acl = (write: string) => ({
  status: 403,
  message: 'Operation Failed',
  detail: `ACL Exception ${write} Failed due to security constraints`,
})
const unread = 'Exception while reading request'
const NONE = '0'.repeat(32)

const ROWS: readonly Refused[] = [
  { when: 'there is no such table', ask: () => get('table/nope'), status: 400, message: 'Invalid table nope', detail: null },
  {
    when: 'there is no such table, for nobody in particular',
    ask: () => get('table/nope', CALLER),
    status: 400,
    message: 'Invalid table nope',
    detail: null,
  },
  {
    when: 'the address is none',
    ask: () => get('nothing/here'),
    status: 400,
    message: 'Requested URI does not represent any resource',
    detail: null,
  },
  {
    when: 'the body is no JSON',
    ask: () => room.call('POST', at('table/incident'), '{"short_description":', AGENT),
    status: 400,
    message: unread,
    detail: 'The payload is not valid JSON.',
  },
  {
    when: 'the body is too large',
    ask: () =>
      room.call('POST', at('table/incident'), { description: 'x'.repeat(10 * 1024 * 1024) }, AGENT, { 'content-length': '10485780' }),
    status: 400,
    message: unread,
    detail: 'Rejected large REST payload with content-length = 10485780 bytes. Max allowed: 10485760 bytes.',
  },
  { when: 'there are no credentials', ask: () => get('table/incident', ''), ...nobody },
  { when: 'a token is none', ask: () => get('table/incident', '', { authorization: 'Bearer nonsense' }), ...nobody },
  { when: 'an API key is none', ask: () => get('table/incident', '', { 'x-sn-apikey': 'nonsense' }), ...nobody },
  { when: 'the user is inactive', ask: () => get('table/incident', 'north.user.gone'), ...nobody },
  {
    when: 'a query has a field that may not be read',
    ask: () => get(`table/incident?sysparm_query=${query('active=true^impact=1')}`),
    status: 403,
    message: 'Insufficient rights to query records',
    detail: 'Field(s) present in the query do not have permission to be read',
  },
  {
    when: 'a rule is for the whole API',
    ask: () => room.call('POST', at('batch'), { batch_request_id: '1', rest_requests: [] }, AGENT),
    status: 403,
    message: 'User Not Authorized',
    detail: 'Failed API level ACL Validation',
  },
  { when: 'a record may not be made', ask: () => room.call('POST', at('table/incident'), {}, CALLER), ...acl('Insert') },
  {
    when: 'a record may not be changed',
    ask: () => room.call('PATCH', at(`table/sys_user/${DEMO.admin.sysId}`), {}, AGENT),
    ...acl('Update'),
  },
  {
    when: 'a record may not be deleted',
    ask: () => room.call('DELETE', at(`table/sys_user/${DEMO.admin.sysId}`), undefined, AGENT),
    ...acl('Delete'),
  },
  {
    when: 'a data policy wants more',
    ask: () => room.call('PATCH', at(`table/incident/${incident}`), { state: '6' }, AGENT),
    status: 403,
    message: 'Operation Failed',
    detail: 'Data Policy Exception: The following fields are mandatory: Resolution code, Resolution notes',
  },
  {
    when: 'somebody may see no statistics of a table',
    ask: () => get('stats/sys_properties?sysparm_count=true', CALLER),
    status: 403,
    message: 'Insufficient rights to query records',
    detail: "No permission to read table 'sys_properties'",
  },
  { when: 'there is no such record', ask: () => get(`table/incident/${NONE}`), ...missing },
  { when: 'a record is hidden', ask: () => get(`table/incident/${incident}`, CALLER), ...missing },
  { when: 'a record that is not there is changed', ask: () => room.call('PATCH', at(`table/incident/${NONE}`), {}, AGENT), ...missing },
  {
    when: 'a record that is not there is deleted',
    ask: () => room.call('DELETE', at(`table/incident/${NONE}`), undefined, AGENT),
    ...missing,
  },
  { when: 'a list of v1 is empty', ask: () => get('v1/table/incident?sysparm_query=number=NONE'), ...missing },
  {
    when: 'a resource has no such method',
    ask: () => room.call('DELETE', at('table/incident'), undefined, AGENT),
    status: 405,
    message: 'Method not supported',
    detail: null,
  },
  {
    when: 'an answer is wanted as CSV',
    ask: () => get('table/incident', AGENT, { accept: 'text/csv' }),
    status: 406,
    message: 'Not acceptable',
    detail: null,
  },
  {
    when: 'a body is plain text',
    ask: () => room.call('POST', at('table/incident'), 'text', AGENT, { 'content-type': 'text/plain' }),
    status: 415,
    message: 'Unsupported media type',
    detail: null,
  },
  {
    when: 'a rate limit is exceeded',
    ask: () => get('attachment'),
    status: 429,
    message: 'Rate limit exceeded',
    detail: 'Rate limit of 0 requests per hour for Attachment API exceeded',
    headers: { 'x-ratelimit-limit': '0' },
  },
  {
    when: 'a value has to be unique',
    ask: () => room.call('POST', at('table/sys_user'), { user_name: 'admin' }),
    status: 500,
    message: 'Operation Failed',
    detail: "Unique Key violation detected by database (Duplicate entry 'admin')",
  },
]

describe('refused', () => {
  for (const { when, ask, status, message, detail, headers = {} } of ROWS)
    test(when, async () => {
      const answer = await ask()
      expect(answer.status).toBe(status)
      expect(answer.body).toEqual({ error: { message, detail }, status: 'failure' })
      expect(answer.headers.get('content-type')).toBe('application/json;charset=UTF-8')
      for (const [name, value] of Object.entries(headers)) expect(answer.headers.get(name)).toBe(value)
    })

  test('an address that is too long, before anything is read of it', async () => {
    expect((await get(`table/incident?sysparm_query=${'x'.repeat(8_300)}`, '')).status).toBe(414)
  })

  test('as XML where XML is wanted', async () => {
    const answer = await get('table/nope', AGENT, { accept: 'application/xml' })
    expect(answer.status).toBe(400)
    expect(answer.body).toContain('<message>Invalid table nope</message>')
    expect(answer.body).toContain('<status>failure</status>')
  })

  test('by the token endpoint, in an envelope of its own', async () => {
    const form = (fields: Record<string, string>) =>
      room.call('POST', '/oauth_token.do', new URLSearchParams(fields).toString(), '', {
        'content-type': 'application/x-www-form-urlencoded',
      })
    await room.instance.setOAuthClient({ clientId: 'refusals', clientSecret: 'x', userName: AGENT })
    const client = { client_id: 'refusals', client_secret: 'x' }
    for (const [fields, error] of [
      [{ grant_type: 'password', ...client, username: AGENT, password: 'wrong' }, 'server_error'],
      [{ grant_type: 'password', ...client, username: 'north.user.gone', password: 'x' }, 'server_error'],
      [{ grant_type: 'client_credentials', ...client, client_secret: 'wrong' }, 'invalid_client'],
      [{ grant_type: 'client_credentials' }, 'invalid_client'],
      [{ grant_type: 'refresh_token', ...client, refresh_token: 'x' }, 'server_error'],
    ] as const)
      expect(await form(fields)).toMatchObject({ status: 401, body: { error_description: 'access_denied', error } })
  })
})
