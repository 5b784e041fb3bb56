import type { AddressInfo } from 'node:net'
import { createServer } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type ConnectionOptions, connect, serviceNow } from '../index.ts'
import { failureOf } from '../proof/failure.ts'
import { type Behaviour, json, page, type RecordingServer, recordingServer, refuse } from '../proof/recording-server.ts'
import { sendOnce } from './send-once.ts'

const ID = '9d385017c611228701d22104cc95c371'
let server: RecordingServer

beforeAll(async () => {
  server = await recordingServer()
})
afterAll(() => server.close())

function to(baseUrl: string, options: Partial<ConnectionOptions> = {}) {
  return connect({ baseUrl, signIn: { kind: 'basic', userName: 'deskbridge', password: 'secret' }, timeoutMs: 2000, ...options })
}

/** Each: what the instance does, the kind it is, and what a create must assume. */
const answers: [name: string, behaviour: Behaviour, kind: string, written: string, detail?: RegExp][] = [
  ['an unknown table', r => refuse(r, 400, 'Invalid table nope'), 'invalid', 'no', /^Invalid table nope$/],
  [
    'a body over 10 MB',
    r => refuse(r, 400, 'Exception while reading request', 'Rejected large REST payload with content-length = 1 bytes.'),
    'too-large',
    'no',
  ],
  ['a wrong password', r => refuse(r, 401, 'User Not Authenticated', 'Required to provide Auth information'), 'unauthorised', 'no'],
  [
    'a data policy',
    r => refuse(r, 403, 'Operation Failed', 'Data Policy Exception: The following fields are mandatory: Close notes'),
    'refused',
    'no',
    /mandatory: Close notes/,
  ],
  [
    'a business rule',
    r =>
      refuse(r, 403, 'Operation Failed', "Operation against file 'incident' was aborted by Business Rule 'No^1'. Business Rule Stack:No"),
    'refused',
    'no',
  ],
  [
    'a business rule that speaks of ACLs',
    r => refuse(r, 403, 'Operation Failed', "Operation against file 'incident' was aborted by Business Rule 'ACL guard^1'."),
    'refused',
    'no',
  ],
  [
    'an ACL on the record',
    r => refuse(r, 403, 'Operation Failed', 'ACL Exception Insert Failed due to security constraints'),
    'forbidden',
    'no',
  ],
  ['an ACL on the API', r => refuse(r, 403, 'User Not Authorized', 'Failed API level ACL Validation'), 'forbidden', 'no'],
  ['a gateway that forbids', r => page(r, 403, '<html><style>b{}</style><h1>Blocked</h1></html>'), 'forbidden', 'no', /^Blocked$/],
  [
    'no such record',
    r => refuse(r, 404, 'No Record found', "Record doesn't exist or ACL restricts the record retrieval"),
    'not-found',
    'no',
  ],
  ['a method not supported', r => refuse(r, 405, 'Method not supported'), 'invalid', 'no'],
  ['not acceptable', r => refuse(r, 406, 'Not acceptable'), 'invalid', 'no'],
  ['a payload too large', r => page(r, 413, 'too large'), 'too-large', 'no'],
  ['a URL too long', r => page(r, 414, 'too long'), 'too-large', 'no'],
  ['an unsupported media type', r => refuse(r, 415, 'Unsupported media type'), 'invalid', 'no'],
  [
    'a rate limit',
    r => refuse(r, 429, 'Rate limit exceeded', 'Rate limit of 10 requests per hour for Table API exceeded', { 'retry-after': '0' }),
    'rate-limited',
    'no',
  ],
  ['a request time-out of a gateway', r => page(r, 408, ''), 'time-out', 'unknown'],
  ['a conflict', r => page(r, 409, ''), 'invalid', 'unknown'],
  ['a redirect to a sign-in page', r => r.writeHead(302, { location: '/login.do' }).end(), 'broken-answer', 'unknown'],
  ['a server error', r => refuse(r, 500, 'java.lang.NullPointerException'), 'server-error', 'unknown', /NullPointer/],
  ['a gateway page', r => page(r, 502, '<html>Bad gateway</html>'), 'server-error', 'unknown', /^Bad gateway$/],
  ['maintenance', r => page(r, 503, '<html>Maintenance</html>'), 'server-error', 'unknown'],
  ['a hibernating instance', r => page(r, 200, '<html>Your instance is hibernating</html>'), 'asleep', 'unknown'],
  ['truncated JSON', r => r.writeHead(200, { 'content-type': 'application/json' }).end('{"result":[{"a"'), 'broken-answer', 'unknown'],
  ['an empty body', r => r.writeHead(201).end(), 'broken-answer', 'unknown'],
  [
    'an error instead of a result',
    r => json(r, 200, { error: { message: 'Transaction cancelled: maximum execution time exceeded', detail: 'x' }, status: 'failure' }),
    'broken-answer',
    'unknown',
    /maximum execution time/,
  ],
  [
    'an error beside the result',
    r => json(r, 201, { result: [{ sys_id: ID }], error: { message: 'Transaction cancelled' } }),
    'broken-answer',
    'unknown',
  ],
  ['neither result nor error', r => json(r, 200, {}), 'broken-answer', 'unknown'],
  ['a result of another shape', r => json(r, 200, { result: 'yes' }), 'broken-answer', 'unknown'],
  ['a reset before the answer', r => r.socket?.destroy(), 'unreachable', 'unknown'],
  [
    'a reset in the middle of the answer',
    r => {
      r.writeHead(201, { 'content-type': 'application/json' })
      r.write('{"result":{')
      setTimeout(() => r.socket?.destroy(), 20)
    },
    'unreachable',
    'unknown',
  ],
  ['no answer in time', () => {}, 'time-out', 'unknown', /1000 ms/],
  [
    'an answer that stops in the middle',
    r => {
      r.writeHead(201, { 'content-type': 'application/json' })
      r.write('{"result":{')
    },
    'time-out',
    'unknown',
  ],
]

describe('what an answer means', () => {
  test.each(answers)('%s', async (_, behaviour, kind, written, detail) => {
    server.behave(behaviour)
    const sdk = serviceNow(to(server.url))
    const options = { retry: false, timeoutMs: 1000 } as const
    const create = await failureOf(sdk.incident.create({ values: { short_description: 'x' } }, options))
    expect({ kind: create.kind, written: create.written, action: create.action }).toEqual({ kind, written, action: 'incident.create' })
    if (detail) expect(create.detail).toMatch(detail)
    expect(create.message).not.toContain('secret')
    const read = await failureOf(sdk.incident.get({ sysId: ID }, options))
    expect({ kind: read.kind, written: read.written }).toEqual({ kind, written: 'no' })
    expect(server.received.map(one => one.method)).toEqual(['POST', 'GET'])
  })

  test('a delete that was answered with an error inside a success did perhaps delete', async () => {
    server.behave(r => json(r, 200, { error: { message: 'Transaction cancelled' } }))
    expect(await failureOf(serviceNow(to(server.url)).table.delete({ table: 'incident', sysId: ID }))).toMatchObject({
      kind: 'broken-answer',
      written: 'unknown',
    })
    server.behave(r => r.writeHead(204).end())
    expect(await serviceNow(to(server.url)).table.delete({ table: 'incident', sysId: ID })).toEqual({ deleted: true })
    expect(server.received[0]?.headers['content-type']).toBe('application/json')
  })
})

describe('no connection', () => {
  test('nobody listens: nothing was written', async () => {
    const closed = createServer()
    const port = await new Promise<number>(resolve => closed.listen(0, '127.0.0.1', () => resolve((closed.address() as AddressInfo).port)))
    await new Promise(resolve => closed.close(resolve))
    const connection = to(`127.0.0.1:${port}`)
    const error = await failureOf(serviceNow(connection).incident.create({ values: { a: 'b' } }))
    expect(error).toMatchObject({ kind: 'unreachable', written: 'no' })
    expect(error.detail).toContain('ECONNREFUSED')
    expect(connection.health()).toMatchObject({ state: 'failing', lastError: { kind: 'unreachable' } })
  })

  test('the name does not resolve: nothing was written', async () => {
    const error = await failureOf(serviceNow(to('nowhere.invalid')).incident.create({ values: { a: 'b' } }, { retry: false }))
    expect(error).toMatchObject({ kind: 'unreachable', written: 'no' })
  })

  test('a fetch in process that throws leaves a write unknown', async () => {
    const fetch = () => Promise.reject(new Error('a bug in the instance'))
    const error = await failureOf(serviceNow(to('http://practice', { fetch })).incident.create({ values: { a: 'b' } }))
    expect(error).toMatchObject({ kind: 'unreachable', written: 'unknown', detail: 'a bug in the instance' })
  })

  test('a fetch in process that ignores its signal is still ended in time', async () => {
    const fetch = () => new Promise<Response>(() => {})
    const sdk = serviceNow(to('http://practice', { fetch }))
    expect(await failureOf(sdk.incident.create({ values: { a: 'b' } }, { timeoutMs: 30 }))).toMatchObject({
      kind: 'time-out',
      written: 'unknown',
    })
  })
})

describe('the caller ends the call', () => {
  test('at the last moment before sending: nothing was written', async () => {
    const call = { method: 'POST', path: '/x', json: {} } as const
    const fetch = () => Promise.reject(new Error('must not be called'))
    const once = {
      fetch,
      url: 'https://x.example/x',
      call,
      action: 'incident.create',
      authorization: '',
      signInHeader: 'authorization',
      timeoutMs: 100,
      signal: AbortSignal.abort(),
    }
    expect(await failureOf(sendOnce(once))).toMatchObject({ kind: 'time-out', written: 'no' })
  })

  test('before it was sent: nothing was written, nothing arrives', async () => {
    server.behave(r => json(r, 200, { result: {} }))
    const signal = AbortSignal.abort()
    expect(await failureOf(serviceNow(to(server.url)).incident.create({ values: { a: 'b' } }, { signal }))).toMatchObject({
      kind: 'time-out',
      written: 'no',
    })
    expect(server.received).toHaveLength(0)
  })

  test('after it was sent: unknown, and the health of the connection is not blamed', async () => {
    server.behave(() => {})
    const connection = to(server.url)
    const signal = AbortSignal.timeout(100)
    expect(await failureOf(serviceNow(connection).incident.create({ values: { a: 'b' } }, { signal }))).toMatchObject({
      kind: 'time-out',
      written: 'unknown',
    })
    expect(connection.health()).toEqual({ state: 'unknown' })
  })
})

describe('what is repeated', () => {
  test('a read, twice, and then it succeeds', async () => {
    server.behave((r, _, nth) => (nth < 3 ? page(r, 503, '') : json(r, 200, { result: { sys_id: ID } })))
    const connection = to(server.url)
    expect(await serviceNow(connection).incident.get({ sysId: ID })).toEqual({ sys_id: ID })
    expect(server.received).toHaveLength(3)
    expect(connection.health()).toMatchObject({ state: 'ok', lastError: { kind: 'server-error' }, lastOkAt: expect.any(Date) })
  })

  test('a read is not repeated more than twice, and a broken answer once', async () => {
    server.behave(r => page(r, 503, ''))
    await failureOf(serviceNow(to(server.url)).incident.get({ sysId: ID }))
    expect(server.received).toHaveLength(3)
    server.behave(r => r.end('{"result":'))
    await failureOf(serviceNow(to(server.url)).incident.get({ sysId: ID }))
    expect(server.received).toHaveLength(2)
  })

  test('a read after a reset', async () => {
    server.behave((r, _, nth) => (nth === 1 ? r.socket?.destroy() : json(r, 200, { result: { sys_id: ID } })))
    expect(await serviceNow(to(server.url)).incident.get({ sysId: ID })).toEqual({ sys_id: ID })
  })

  test.each([500, 502, 503])('a write never after a %i', async status => {
    server.behave(r => page(r, status, ''))
    await failureOf(serviceNow(to(server.url)).incident.create({ values: { a: 'b' } }))
    expect(server.received).toHaveLength(1)
  })

  test('a write never after a reset or a time-out', async () => {
    server.behave(r => r.socket?.destroy())
    await failureOf(serviceNow(to(server.url)).incident.update({ sysId: ID, values: { a: 'b' } }))
    expect(server.received).toHaveLength(1)
    server.behave(() => {})
    await failureOf(serviceNow(to(server.url)).incident.update({ sysId: ID, values: { a: 'b' } }, { timeoutMs: 1000 }))
    expect(server.received).toHaveLength(1)
  })

  test('an answer that shows a mistake of ours is not repeated and not blamed on the connection', async () => {
    server.behave(r => refuse(r, 404, 'No Record found'))
    const connection = to(server.url)
    await failureOf(serviceNow(connection).incident.get({ sysId: ID }))
    expect(server.received).toHaveLength(1)
    expect(connection.health().state).toBe('ok')
  })

  test.each([404, 403, 400, 405])('a %i that is not an instance’s does not count as its answer', async status => {
    server.behave(r => json(r, status, { error: 'not here' }))
    const connection = to(server.url)
    await failureOf(serviceNow(connection).incident.get({ sysId: ID }))
    expect(connection.health()).toMatchObject({ state: 'failing' })
    expect(connection.health().lastOkAt).toBeUndefined()
  })
})

describe('what is never sent', () => {
  test('a header that HTTP cannot carry', async () => {
    const call = { method: 'POST', path: '/x', json: {} } as const
    const once = {
      fetch,
      url: `${server.url}/x`,
      call,
      action: 'x.y',
      authorization: 'Bearer a\nb',
      signInHeader: 'authorization',
      timeoutMs: 100,
      signal: undefined,
    }
    expect(await failureOf(sendOnce(once))).toMatchObject({ kind: 'invalid', written: 'no' })
  })

  test('an input that does not fit; the error names the field', async () => {
    server.behave(r => json(r, 200, { result: {} }))
    const sdk = serviceNow(to(server.url))
    expect(await failureOf(sdk.incident.get({ sysId: 'INC0010001' }))).toMatchObject({
      kind: 'invalid',
      written: 'no',
      detail: expect.stringContaining('sysId'),
    })
    expect(await failureOf(sdk.table.create({ table: '../incident', values: { a: 'b' } }))).toMatchObject({
      kind: 'invalid',
      detail: expect.stringContaining('table'),
    })
    expect(await failureOf(sdk.incident.create({ values: { 'a^b': 'b' } }))).toMatchObject({ kind: 'invalid' })
    // @ts-expect-error an unknown field does not compile either
    expect(await failureOf(sdk.incident.create({ values: { a: 'b' }, colour: 'red' }))).toMatchObject({
      kind: 'invalid',
      detail: expect.stringContaining('colour'),
    })
    expect(server.received).toHaveLength(0)
  })

  test('a URL over 8192 bytes', async () => {
    const sdk = serviceNow(to(server.url))
    server.behave(r => json(r, 200, { result: [] }))
    const query = `short_descriptionLIKE${'ü'.repeat(1400)}`
    expect(await failureOf(sdk.incident.list({ query }))).toMatchObject({
      kind: 'too-large',
      written: 'no',
      detail: expect.stringContaining('8192'),
    })
    expect(server.received).toHaveLength(0)
  })

  test('half of a surrogate pair', async () => {
    expect(await failureOf(serviceNow(to(server.url)).incident.list({ query: 'a=\ud800' }))).toMatchObject({
      kind: 'invalid',
      written: 'no',
    })
  })
})

describe('the address', () => {
  test.each([
    ['https://dev1.service-now.com/', 'https://dev1.service-now.com'],
    ['dev1.service-now.com', 'https://dev1.service-now.com'],
    [' dev1.service-now.com/// ', 'https://dev1.service-now.com'],
    ['https://dev1.service-now.com/nav_to.do?uri=incident.do', 'https://dev1.service-now.com'],
    ['https://dev1.service-now.com/now/nav/ui/classic', 'https://dev1.service-now.com'],
    ['dev12345.service-now.com/abc123/4567', 'https://dev12345.service-now.com'],
    ['https://proxy.example/servicenow/', 'https://proxy.example'],
    ['dev12345.service-now.com?uri=incident.do', 'https://dev12345.service-now.com'],
    ['dev12345.service-now.com/@somebody', 'https://dev12345.service-now.com'],
    ['https:\\\\dev12345.service-now.com\\x', 'https://dev12345.service-now.com'],
    ['//dev12345.service-now.com/x', 'https://dev12345.service-now.com'],
    ['https:dev12345.service-now.com', 'https://dev12345.service-now.com'],
    ['https://https://dev12345.service-now.com', 'https://dev12345.service-now.com'],
    ['HTTPS://DEV12345.Service-Now.com.:443/', 'https://dev12345.service-now.com'],
    ['dev12345', 'https://dev12345.service-now.com'],
    [' DEV12345. ', 'https://dev12345.service-now.com'],
    ['dev12345/nav_to.do', 'https://dev12345.service-now.com'],
    ['instance:8443', 'https://instance:8443'],
    ['http://instance', 'http://instance'],
    ['dev12345.service-now.com:8443/x', 'https://dev12345.service-now.com:8443'],
    ['localhost', 'http://localhost'],
    ['localhost:8081', 'http://localhost:8081'],
    ['localhost:8081/abc123/4567', 'http://localhost:8081'],
    ['127.0.0.1:8082/', 'http://127.0.0.1:8082'],
    ['[::1]:80', 'http://[::1]'],
  ])('%s', (given, understood) => expect(to(given).baseUrl).toBe(understood))

  test.each([
    'ftp://x.example',
    'https://user:pw@x.example',
    'user:pw@dev12345',
    'dev12345.service-now.com@elsewhere.example',
    'https://',
    '',
    '.',
    'dev12345..service-now.com',
    '12345',
    '0x7f.1',
    'dev12345.service-now.com:99999',
    'javascript:alert(1)',
    'no spaces allowed',
  ])('%s is refused', given => expect(() => to(given)).toThrow(expect.objectContaining({ name: 'ServiceNowError', kind: 'invalid' })))
})

test('headers: JSON, no cookies even when the instance sets some', async () => {
  server.behave(r => json(r, 201, { result: { sys_id: ID } }, { 'set-cookie': 'JSESSIONID=1; Path=/' }))
  const sdk = serviceNow(to(server.url))
  await sdk.incident.create({ values: { short_description: 'é' } })
  await sdk.incident.get({ sysId: ID })
  const [create, get] = server.received
  expect(create).toMatchObject({ method: 'POST', path: '/api/now/table/incident', body: '{"short_description":"é"}' })
  expect(create?.headers).toMatchObject({
    accept: 'application/json',
    'content-type': 'application/json',
    authorization: `Basic ${btoa('deskbridge:secret')}`,
  })
  expect(get?.headers.cookie).toBeUndefined()
  expect(get?.parameters.get('sysparm_exclude_reference_link')).toBe('true')
})
