import { afterAll, beforeAll, expect } from 'vitest'
import { type Answer, basic, openRoom, type Room } from './practice-room.ts'
import { practiceOnly as test } from './which-instance.ts'

let room: Room

beforeAll(async () => {
  room = await openRoom()
})
afterAll(() => room.close())

const packed = (value: unknown) => Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64')
const opened = (body: string) => JSON.parse(Buffer.from(body, 'base64').toString('utf8'))
const JSON_HEADERS = [
  { name: 'Content-Type', value: 'application/json' },
  { name: 'Accept', value: 'application/json' },
]

interface Serviced {
  id: string
  status_code: number
  status_text: string
  headers?: { name: string; value: string }[]
  body: string
  execution_time: number
  error_message?: string
}

const batch = (requests: unknown, user = 'admin', headers: Record<string, string> = {}): Promise<Answer> =>
  room.call('POST', '/api/now/v1/batch', { batch_request_id: '7', rest_requests: requests }, user, headers)
const serviced = (answer: Answer) => answer.body.serviced_requests as Serviced[]

async function withProperty<T>(name: string, value: string, work: () => Promise<T>): Promise<T> {
  const { sys_id: id } = await room.create('sys_properties', { name, value })
  try {
    return await work()
  } finally {
    await room.call('DELETE', `/api/now/table/sys_properties/${id}`)
  }
}

test('requests run in their order, each sees what the one before did, and bodies are base64', async () => {
  const answer = await batch([
    { id: 'a', method: 'POST', url: '/api/now/table/incident', headers: JSON_HEADERS, body: packed({ number: 'INCBATCH', urgency: '1' }) },
    {
      id: 'b',
      method: 'GET',
      url: '/api/now/table/incident?sysparm_query=number%3DINCBATCH&sysparm_fields=number,urgency',
      headers: JSON_HEADERS,
    },
    { id: 'c', method: 'GET', url: '/api/now/v1/table/incident?sysparm_query=number=INCBATCH', exclude_response_headers: true },
  ])
  expect(answer).toMatchObject({ status: 200, body: { batch_request_id: '7', unserviced_requests: [] } })
  const [a, b, c] = serviced(answer) as [Serviced, Serviced, Serviced]
  expect(a).toMatchObject({ id: 'a', status_code: 201, status_text: 'Created', execution_time: expect.any(Number) })
  expect(a.headers).toContainEqual({ name: 'location', value: expect.stringContaining('/api/now/table/incident/') })
  expect(opened(a.body).result.number).toBe('INCBATCH')
  expect(opened(b.body)).toEqual({ result: [{ number: 'INCBATCH', urgency: '1' }] })
  expect(b.headers).toContainEqual({ name: 'x-total-count', value: '1' })
  expect(c).not.toHaveProperty('headers')
  expect(c.status_code).toBe(200)
})

test('one that fails keeps its own status, and those after it run', async () => {
  const answer = await batch([
    { id: '1', method: 'GET', url: '/api/now/table/nope' },
    { id: '2', method: 'PATCH', url: `/api/now/table/incident/${'0'.repeat(32)}`, headers: JSON_HEADERS, body: packed({}) },
    { id: '3', method: 'POST', url: '/api/now/table/incident', headers: JSON_HEADERS, body: packed('{"a":') },
    { id: '4', method: 'GET', url: '/api/now/table/incident?sysparm_limit=1', headers: [{ name: 'Accept', value: 'application/xml' }] },
  ])
  expect(answer.status).toBe(200)
  expect(serviced(answer).map(({ status_code }) => status_code)).toEqual([400, 404, 400, 200])
  expect(opened(serviced(answer)[0]!.body).error.message).toBe('Invalid table nope')
  expect(Buffer.from(serviced(answer)[3]!.body, 'base64').toString()).toMatch(/^<\?xml/)
})

test('each acts with the rights of who sent the batch, whatever its own headers say', async () => {
  const { sys_id: id } = await room.create('incident', {})
  const change = {
    id: '1',
    method: 'PATCH',
    url: `/api/now/table/incident/${id}`,
    headers: [...JSON_HEADERS, { name: 'Authorization', value: basic('admin') }],
    body: packed({ short_description: 'mine now' }),
  }
  const answer = await batch([change, { id: '2', method: 'GET', url: '/api/now/table/sys_properties' }], 'north.user.one')
  expect(serviced(answer).map(({ status_code }) => status_code)).toEqual([404, 200])
  expect(opened(serviced(answer)[1]!.body)).toEqual({ result: [] })
  expect((await batch([change], '')).status).toBe(401)
})

test('files go up and come down in a batch', async () => {
  const { sys_id: id } = await room.create('incident', {})
  const up = await batch([
    {
      id: 'up',
      method: 'POST',
      url: `/api/now/attachment/file?table_name=incident&table_sys_id=${id}&file_name=a.bin`,
      headers: [{ name: 'content-type', value: 'application/octet-stream' }],
      body: Buffer.from([0, 255, 13, 10]).toString('base64'),
    },
  ])
  const { sys_id: file } = opened(serviced(up)[0]!.body).result
  const down = await batch([{ id: 'down', method: 'GET', url: `/api/now/attachment/${file}/file` }])
  expect([...Buffer.from(serviced(down)[0]!.body, 'base64')]).toEqual([0, 255, 13, 10])
})

test('a fault strikes the request in the batch that it is meant for', async () => {
  const fault = await room.call('POST', '/practice/faults', { kind: 'server-error', path: '/table/problem', times: 1 })
  const answer = await batch([
    { id: '1', method: 'GET', url: '/api/now/table/problem?sysparm_limit=1' },
    { id: '2', method: 'GET', url: '/api/now/table/problem?sysparm_limit=1' },
  ])
  expect(serviced(answer).map(({ status_code }) => status_code)).toEqual([500, 200])
  await room.call('DELETE', `/practice/faults/${fault.body.result.id}`)
})

test('what comes after the time is over is named as not serviced, and was not done', async () => {
  const create = (id: string) => ({
    id,
    method: 'POST',
    url: '/api/now/table/problem',
    headers: JSON_HEADERS,
    body: packed({ short_description: 'late' }),
  })
  const none = await withProperty('practice.batch.max_seconds', '0', () => batch([create('a'), create('b')]))
  expect(none.body).toMatchObject({ serviced_requests: [], unserviced_requests: ['a', 'b'] })
  await room.call('POST', '/practice/faults', { kind: 'latency', delayMs: 1_100, path: '/table/problem', times: 1 })
  const some = await withProperty('practice.batch.max_seconds', '1', () => batch([create('c'), create('d')]))
  expect(some.body).toMatchObject({ serviced_requests: [{ id: 'c', status_code: 201 }], unserviced_requests: ['d'] })
  expect(await room.find('problem', 'short_description=late')).toHaveLength(1)
})

test('a body that is too large is not sent, an answer that is too large is left out', async () => {
  const large = {
    id: '1',
    method: 'POST',
    url: '/api/now/table/problem',
    headers: JSON_HEADERS,
    body: packed({ description: 'x'.repeat(2_000) }),
  }
  const [input] = serviced(await withProperty('glide.rest.batch.max.inputSize', '1000', () => batch([large])))
  expect(input).toMatchObject({ status_code: 400 })
  expect(opened(input!.body).error.detail).toContain('glide.rest.batch.max.inputSize')
  const [output] = serviced(await batch([large], 'admin', { 'x-batchrequest-max-output-size': '1000' }))
  expect(output).toMatchObject({ status_code: 201, body: '', error_message: expect.stringContaining('glide.rest.batch.max.outputSize') })
  const [lowered] = serviced(
    await withProperty('glide.rest.batch.max.outputSize', '1000', () =>
      batch([large], 'admin', { 'x-batchrequest-max-output-size': '999999' }),
    ),
  )
  expect(lowered!.body).toBe('')
})

test('what is no batch is refused; what is no request in it is refused alone', async () => {
  for (const requests of [undefined, 'x', {}, null]) expect((await batch(requests)).status, String(requests)).toBe(400)
  expect((await room.call('GET', '/api/now/v1/batch')).status).toBe(405)
  expect((await room.call('POST', '/api/now/v1/batch', '[1', 'admin')).status).toBe(400)
  expect((await batch([], 'admin', { accept: 'application/xml' })).status).toBe(406)
  expect((await batch([], 'admin', { accept: 'multipart/mixed' })).status).toBe(406)
  expect((await batch([])).body).toEqual({ batch_request_id: '7', serviced_requests: [], unserviced_requests: [] })
  const items = [
    null,
    'x',
    { id: 'no url', method: 'GET' },
    { id: 'outside', method: 'GET', url: 'https://elsewhere.example/api/now/table/incident' },
    { id: 'elsewhere', method: 'GET', url: '//elsewhere.example/api/now/table/incident' },
    { id: 'no api', method: 'POST', url: '/oauth_token.do' },
    { id: 'relative', method: 'GET', url: 'api/now/table/incident' },
    { id: 'climbing', method: 'GET', url: '/api/../practice/faults' },
    { id: 'nested', method: 'POST', url: '/api/now/v1/batch', body: packed({ rest_requests: [] }) },
    { id: 'method', method: 'CONNECT', url: '/api/now/table/incident' },
    { id: 'header', method: 'GET', url: '/api/now/table/incident', headers: [{ name: 'a\r\nb', value: 'x' }] },
    { id: 'fine', method: 'GET', url: '/api/now/table/incident?sysparm_limit=1' },
  ]
  const answer = await batch(items)
  expect(serviced(answer).map(({ status_code }) => status_code)).toEqual([...items.slice(1).map(() => 400), 200])
  expect(opened(serviced(answer)[3]!.body).error.message).toBe('Invalid request in batch')
})
