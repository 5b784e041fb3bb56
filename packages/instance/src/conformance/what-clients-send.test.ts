import { request } from 'node:http'
import { connect } from 'node:net'
import { gunzipSync, gzipSync } from 'node:zlib'
import { afterAll, beforeAll, expect } from 'vitest'
import { serveInstance } from '../index.ts'
import { basic, DEMO, openRoom, query, type Room } from './practice-room.ts'
import { practiceOnly as test } from './which-instance.ts'

/** What scripts, libraries and automation tools are known to send, over a real socket, as they send it. */

let room: Room
let served: Awaited<ReturnType<typeof serveInstance>>
let id: string

beforeAll(async () => {
  room = await openRoom()
  served = await serveInstance(room.instance, { port: 0 })
  id = (await room.create('incident', { short_description: 'sent by clients', urgency: '2' })).sys_id!
})
afterAll(async () => {
  await served.close()
  await room.close()
})

interface Answer {
  readonly status: number
  readonly headers: Record<string, string | string[] | undefined>
  readonly bytes: Buffer
  // biome-ignore lint/suspicious/noExplicitAny: answers are looked at as a partner's script would.
  readonly body: any
}

/** One request with exactly these headers and these bytes. */
function send(method: string, path: string, body?: string | Buffer, headers: Record<string, string> = {}): Promise<Answer> {
  return new Promise((done, failed) => {
    const sending = request(`${served.url}${path}`, { method, headers: { authorization: basic('admin'), ...headers } }, answer => {
      const pieces: Buffer[] = []
      answer.on('data', piece => pieces.push(piece))
      answer.on('error', failed)
      answer.on('end', () => {
        const bytes = Buffer.concat(pieces)
        const text = (answer.headers['content-encoding'] === 'gzip' ? gunzipSync(bytes) : bytes).toString('utf8')
        const isJson = answer.headers['content-type']?.startsWith('application/json')
        done({ status: answer.statusCode ?? 0, headers: answer.headers, bytes, body: isJson && text !== '' ? JSON.parse(text) : text })
      })
    })
    sending.on('error', failed)
    sending.end(body)
  })
}

const JSON_TYPE = { 'content-type': 'application/json' }
const one = () => `/api/now/table/incident/${id}`

test('GET and DELETE with a body of null', async () => {
  const read = await send('GET', one(), 'null', { ...JSON_TYPE, 'content-length': '4' })
  expect(read).toMatchObject({ status: 200, body: { result: { sys_id: id } } })
  const listed = await send('GET', '/api/now/table/incident?sysparm_limit=1', 'null', { ...JSON_TYPE, 'content-length': '4' })
  expect(listed.status).toBe(200)
  const doomed = await room.create('incident', {})
  const removed = await send('DELETE', `/api/now/table/incident/${doomed.sys_id}`, 'null', { ...JSON_TYPE, 'content-length': '4' })
  expect(removed.status).toBe(204)
  expect(removed.bytes).toHaveLength(0)
})

test('POST without a body: Content-Length 0, with and without a type, and a body of null', async () => {
  const attempts = [
    send('POST', '/api/now/table/incident', undefined, { 'content-length': '0' }),
    send('POST', '/api/now/table/incident', undefined, { 'content-length': '0', ...JSON_TYPE }),
    send('POST', '/api/now/table/incident', undefined, { 'content-length': '0', 'content-type': 'application/x-www-form-urlencoded' }),
    send('POST', '/api/now/table/incident', 'null', JSON_TYPE),
    send('POST', '/api/now/table/incident', '', { 'transfer-encoding': 'chunked' }),
  ]
  for (const answer of await Promise.all(attempts)) expect(answer).toMatchObject({ status: 201, body: { result: { state: '1' } } })
})

test('True and False, as Python writes them', async () => {
  const path = '/api/now/table/incident?sysparm_display_value=True&sysparm_exclude_reference_link=True&sysparm_fields=urgency,opened_by'
  const shown = await send('GET', `${path}&sysparm_query=sys_id=${id}`)
  expect(shown.body.result).toEqual([{ urgency: '2 - Medium', opened_by: 'System Administrator' }])
  const raw = await send('GET', `${path.replaceAll('True', 'False')}&sysparm_query=sys_id=${id}&sysparm_suppress_pagination_header=TRUE`)
  expect(raw.body.result[0]).toMatchObject({ urgency: '2', opened_by: { value: DEMO.admin.sysId } })
  expect(raw.headers.link).toBeUndefined()
  const made = await send('POST', '/api/now/table/incident', JSON.stringify({ active: 'True', knowledge: 'False' }), JSON_TYPE)
  expect(made.body.result).toMatchObject({ active: 'true', knowledge: 'false' })
})

test('empty sysparm_ values are as if they were not there', async () => {
  const empty = ['query', 'fields', 'limit', 'offset', 'display_value', 'exclude_reference_link', 'view', 'no_count', 'query_category']
  const answer = await send('GET', `/api/now/table/incident?${empty.map(name => `sysparm_${name}=`).join('&')}`)
  const plain = await send('GET', '/api/now/table/incident')
  expect(answer.status).toBe(200)
  expect(answer.body.result).toHaveLength(plain.body.result.length)
  expect(answer.body.result[0].opened_by).toHaveProperty('link')
  expect(answer.headers['x-total-count']).toBe(plain.headers['x-total-count'])
  const paired = await send('GET', `/api/now/table/incident?sysparm_query=&sys_id=${id}`)
  expect(paired.body.result).toHaveLength(1)
})

test('list parameters on writes and on one record are ignored', async () => {
  const parameters =
    'sysparm_limit=1&sysparm_offset=5&sysparm_query=number%3DNONE&sysparm_no_count=true&sysparm_suppress_pagination_header=true'
  expect((await send('GET', `${one()}?${parameters}`)).body.result.sys_id).toBe(id)
  const changed = await send('PATCH', `${one()}?${parameters}`, '{"description":"x"}', JSON_TYPE)
  expect(changed.body.result).toMatchObject({ sys_id: id, description: 'x' })
  expect((await send('POST', `/api/now/table/incident?${parameters}`, '{}', JSON_TYPE)).status).toBe(201)
})

test('parameters that are nothing we know are ignored', async () => {
  const answer = await send(
    'GET',
    `/api/now/table/incident?sysparm_query=sys_id=${id}&sysparm_elements_filter=x&sysparm_nonsense=1&_=1700000000`,
  )
  expect(answer.body.result).toHaveLength(1)
  const fields = await send('GET', `/api/now/table/incident?sys_id=${id}&cachebuster=17`)
  expect(fields.body.result).toHaveLength(1)
})

test('sysparm_display_value=all on a list, a read and a write', async () => {
  const expected = { urgency: { display_value: '2 - Medium', value: '2' } }
  const parameters = 'sysparm_display_value=all&sysparm_fields=urgency'
  expect((await send('GET', `/api/now/table/incident?sys_id=${id}&${parameters}`)).body.result).toEqual([expected])
  expect((await send('GET', `${one()}?${parameters}`)).body.result).toEqual(expected)
  expect((await send('PUT', `${one()}?${parameters}`, '{"urgency":"2"}', JSON_TYPE)).body.result).toEqual(expected)
})

test('paging by following Link, and by counting to X-Total-Count, meets every row once', async () => {
  for (let at = 0; at < 7; at += 1) await room.create('problem', { short_description: 'to be paged' })
  const start = `/api/now/table/problem?sysparm_query=${query('short_description=to be paged^ORDERBYsys_id')}&sysparm_fields=sys_id&sysparm_limit=3`
  const followed: string[] = []
  room.instance.setBaseUrl(served.url)
  for (let next: string | undefined = start; next; ) {
    const answer: Answer = await send('GET', next)
    followed.push(...answer.body.result.map((row: Record<string, string>) => row.sys_id))
    next = /<([^>]*)>;rel="next"/.exec(String(answer.headers.link))?.[1]?.slice(served.url.length)
  }
  const counted: string[] = []
  for (let total = 1; counted.length < total; ) {
    const answer = await send('GET', `${start}&sysparm_offset=${counted.length}`)
    counted.push(...answer.body.result.map((row: Record<string, string>) => row.sys_id))
    total = Number(answer.headers['x-total-count'])
  }
  expect(new Set(followed).size).toBe(7)
  expect(counted).toEqual(followed)
})

test('an upload as a form, and a list of attachments with its X-Total-Count', async () => {
  const form = new FormData()
  form.set('table_name', 'incident')
  form.set('table_sys_id', id)
  form.set('file', new Blob(['hello'], { type: 'text/plain' }), 'hello.txt')
  const answer = await fetch(`${served.url}/api/now/attachment/upload`, {
    method: 'POST',
    headers: { authorization: basic('admin'), accept: 'application/json' },
    body: form,
  })
  expect(answer.status).toBe(201)
  const listed = await send('GET', `/api/now/attachment?sysparm_query=table_sys_id=${id}&sysparm_limit=1`)
  expect(listed.headers['x-total-count']).toBe('1')
  expect(listed.body.result[0]).toMatchObject({ file_name: 'hello.txt', size_bytes: '5' })
})

test('attachments by a pair of name and value, as the wrapper servicenow-rest-api lists them', async () => {
  const { sys_id: own } = await room.create('incident', {})
  const sent = await send('POST', `/api/now/attachment/file?table_name=incident&table_sys_id=${own}&file_name=a%20b.txt`, 'x', {
    'content-type': 'text/plain',
  })
  const listed = await send('GET', `/api/now/attachment?table_sys_id=${own}`)
  expect(listed.body.result).toEqual([sent.body.result])
})

test('an encoded query with its carets and equal signs as they are', async () => {
  const answer = await send('GET', `/api/now/v2/table/incident?sysparm_display_value=true&sysparm_query=sys_id=${id}^active=true^ORnumber=`)
  expect(answer.body.result).toHaveLength(1)
})

test('a write that asks for no system fields gets them: sysparm_suppress_auto_sys_field is for others', async () => {
  const made = await send('POST', '/api/now/table/incident?sysparm_suppress_auto_sys_field=true', '{}', JSON_TYPE)
  expect(made.body.result).toMatchObject({ sys_created_by: 'admin', sys_mod_count: '0' })
})

test('sys_ids in upper case, a trailing slash, HEAD, a byte order mark', async () => {
  const upper = id.toUpperCase()
  expect((await send('GET', `/api/now/table/incident/${upper}`)).body.result.sys_id).toBe(id)
  expect((await send('GET', `/api/now/table/incident?sysparm_query=sys_id=${upper}^ORsys_idIN${upper}`)).body.result).toHaveLength(1)
  expect(
    (await send('PATCH', `/api/now/table/incident/${upper}/`, `{"opened_by":"${DEMO.admin.sysId.toUpperCase()}"}`, JSON_TYPE)).body.result,
  ).toMatchObject({ sys_id: id, opened_by: { value: DEMO.admin.sysId } })
  expect((await send('GET', `/api/now/table/incident/?sysparm_query=sys_id=${id}`)).body.result).toHaveLength(1)
  const head = await send('HEAD', `/api/now/table/incident?sysparm_query=sys_id=${id}`)
  expect(head).toMatchObject({ status: 200, body: '' })
  expect(head.headers['x-total-count']).toBe('1')
  expect((await send('HEAD', one())).status).toBe(200)
  expect((await send('HEAD', '/api/now/table/nope')).status).toBe(400)
  const marked = await send('PATCH', one(), '\ufeff{"description":"marked"}', JSON_TYPE)
  expect(marked.body.result.description).toBe('marked')
})

test('a body in another charset, and a body packed with gzip', async () => {
  const latin = await send('PATCH', one(), Buffer.from('{"description":"Größe"}', 'latin1'), {
    'content-type': 'application/json; charset=ISO-8859-1',
  })
  expect(latin.body.result.description).toBe('Größe')
  const packed = await send('PATCH', one(), gzipSync('{"description":"packed"}'), { ...JSON_TYPE, 'content-encoding': 'gzip' })
  expect(packed.body.result.description).toBe('packed')
  const bomb = gzipSync(Buffer.alloc(30 * 1024 * 1024, 0x20))
  expect(await send('PATCH', one(), bomb, { ...JSON_TYPE, 'content-encoding': 'gzip' })).toMatchObject({
    status: 400,
    body: { error: { detail: expect.stringMatching(/^Rejected large REST payload/) } },
  })
  expect((await send('PATCH', one(), 'not packed', { ...JSON_TYPE, 'content-encoding': 'gzip' })).status).toBe(400)
  expect((await send('PATCH', one(), '{}', { ...JSON_TYPE, 'content-encoding': 'br' })).status).toBe(415)
  expect((await send('PATCH', one(), '{}', { 'content-type': 'application/json; charset=klingon' })).status).toBe(415)
})

test('a long answer comes packed to a caller who takes gzip, a short one as it is', async () => {
  for (let at = 0; at < 30; at += 1) await room.create('problem', { short_description: 'packed', description: 'x'.repeat(3_000) })
  const path = '/api/now/table/problem?short_description=packed'
  const long = await send('GET', path, undefined, { 'accept-encoding': 'gzip, deflate' })
  expect(long.headers['content-encoding']).toBe('gzip')
  expect(long.headers['content-length']).toBe(String(long.bytes.length))
  expect(long.body.result).toHaveLength(30)
  const xml = await send('GET', path, undefined, { 'accept-encoding': 'gzip', accept: 'application/xml' })
  expect(xml.headers['content-encoding']).toBe('gzip')
  expect(xml.body).toMatch(/^<\?xml .*<\/response>$/s)
  const unpacked = [
    send('GET', path),
    send('GET', path, undefined, { 'accept-encoding': 'gzip;q=0' }),
    send('GET', one(), undefined, { 'accept-encoding': 'gzip' }),
  ]
  for (const answer of await Promise.all(unpacked)) expect(answer.headers['content-encoding']).toBeUndefined()
})

/** A caller who listens only when all is sent, as many libraries do; a connection that breaks before that is an error to them. */
function sendThenListen(path: string, headers: readonly string[], pieces: readonly Buffer[]): Promise<string> {
  return new Promise((done, failed) => {
    const { port } = new URL(served.url)
    const socket = connect(Number(port), '127.0.0.1', async () => {
      socket.write(
        [`POST ${path} HTTP/1.1`, 'host: localhost', `authorization: ${basic('admin')}`, 'connection: close', ...headers, '', ''].join(
          '\r\n',
        ),
      )
      for (const piece of pieces) if (!socket.write(piece)) await new Promise(drained => socket.once('drain', drained))
      let answer = ''
      socket.on('data', text => {
        answer += text
      })
      socket.on('end', () => done(answer))
    })
    socket.on('error', failed)
  })
}

test('a body of 100 MB is refused in words, announced or not, even to who listens last, and the server goes on', async () => {
  const megabyte = Buffer.alloc(1024 * 1024, 0x20)
  const hundred = Array.from({ length: 100 }, () => megabyte)
  const chunks = [...hundred.flatMap(piece => [Buffer.from('100000\r\n'), piece, Buffer.from('\r\n')]), Buffer.from('0\r\n\r\n')]
  const type = 'content-type: application/json'
  const announced = await sendThenListen('/api/now/table/incident', [type, `content-length: ${100 * megabyte.length}`], hundred)
  const streamed = await sendThenListen('/api/now/table/incident', [type, 'transfer-encoding: chunked'], chunks)
  const nowhere = `/api/now/attachment/file?table_name=incident&table_sys_id=${'0'.repeat(32)}&file_name=a`
  const file = await sendThenListen(nowhere, [type, `content-length: ${100 * megabyte.length}`], hundred)
  for (const answer of [announced, streamed])
    expect(answer).toMatch(/^HTTP\/1\.1 400 [\s\S]*Rejected large REST payload with content-length = 104857600 bytes/)
  expect(file).toMatch(/^HTTP\/1\.1 404 [\s\S]*No Record found/)
  expect((await send('GET', one())).status).toBe(200)
})

test('JSON nested a thousand deep is refused in words', async () => {
  const deep = (open: string, close: string) => `{"description":${open.repeat(100_000)}1${close.repeat(100_000)}}`
  for (const body of [deep('[', ']'), deep('{"a":', '}')])
    expect(await send('PATCH', one(), body, JSON_TYPE)).toMatchObject({ status: 400, body: { status: 'failure' } })
})
