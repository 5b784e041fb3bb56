import { createHash, randomBytes } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { serveInstance } from '../index.ts'
import { basic, openRoom, query, type Room } from './practice-room.ts'
import { practiceOnly } from './which-instance.ts'

let room: Room
let ticket: Record<string, string>

beforeAll(async () => {
  room = await openRoom()
  ticket = await room.create('incident', { short_description: 'with files' })
})
afterAll(() => room.close())

const where = (record = ticket, name = 'a.bin') => `table_name=incident&table_sys_id=${record.sys_id}&file_name=${encodeURIComponent(name)}`

function upload(body: string | ReadableStream | null, parameters = where(), { user = 'admin', type = 'application/octet-stream' } = {}) {
  return room.fetch(`/api/now/attachment/file?${parameters}`, { method: 'POST', user, headers: { 'content-type': type }, body })
}

const download = (id: string) => room.fetch(`/api/now/attachment/${id}/file`)

test('a file goes in and comes out as it was, with what is known about it', async () => {
  const answer = await upload('hello', where(ticket, 'Größe "1".txt'), { type: 'text/plain' })
  expect(answer.status).toBe(201)
  const { result } = (await answer.json()) as { result: Record<string, string> }
  expect(result).toMatchObject({
    file_name: 'Größe "1".txt',
    content_type: 'text/plain',
    size_bytes: '5',
    table_name: 'incident',
    table_sys_id: ticket.sys_id,
    hash: createHash('sha256').update('hello').digest('hex'),
    state: 'available',
    chunk_size_bytes: '700000',
    sys_created_by: room.caller.userName,
    sys_mod_count: '0',
    download_link: `${room.url}/api/now/attachment/${result.sys_id}/file`,
  })
  expect(new Set(Object.values(result).map(value => typeof value))).toEqual(new Set(['string']))
  expect(answer.headers.get('location')).toBe(`${room.url}/api/now/attachment/${result.sys_id}`)
  const file = await download(result.sys_id!)
  expect(file.headers.get('content-type')).toBe('text/plain')
  expect(JSON.parse(file.headers.get('x-attachment-metadata')!)).toEqual(result)
  expect(await file.text()).toBe('hello')
  expect((await room.call('GET', `/api/now/attachment/${result.sys_id}`)).body.result).toEqual(result)
})

practiceOnly('an upload moves the ticket, and audits nothing', async () => {
  const record = await room.create('incident', {})
  await upload('x', where(record))
  const after = (await room.call('GET', `/api/now/table/incident/${record.sys_id}`)).body.result
  expect(after.sys_mod_count).toBe('1')
  expect(await room.find('sys_audit', `documentkey=${record.sys_id}`, 'fieldname')).toEqual([])
  expect(await room.find('sys_attachment', `table_sys_id=${record.sys_id}`, 'sys_created_on')).toEqual([after.sys_updated_on])
})

practiceOnly('20 MB stream in and out of a real server, equal to the byte', async () => {
  const served = await serveInstance(room.instance, { port: 0 })
  const bytes = randomBytes(20 * 1024 * 1024 + 123)
  let at = 0
  const body = new ReadableStream<Uint8Array>({
    pull: controller => {
      if (at >= bytes.length) return controller.close()
      controller.enqueue(bytes.subarray(at, at + 50_001))
      at += 50_001
    },
  })
  const headers = { authorization: basic('admin'), 'content-type': 'application/octet-stream' }
  const answer = await fetch(`${served.url}/api/now/attachment/file?${where()}`, {
    method: 'POST',
    headers,
    body,
    duplex: 'half',
  } as RequestInit)
  const { result } = (await answer.json()) as { result: Record<string, string> }
  expect(result).toMatchObject({ size_bytes: String(bytes.length), hash: createHash('sha256').update(bytes).digest('hex') })
  const file = await fetch(`${served.url}/api/now/attachment/${result.sys_id}/file`, { headers })
  expect(file.headers.get('content-length')).toBe(String(bytes.length))
  expect(Buffer.from(await file.arrayBuffer()).equals(bytes)).toBe(true)
  await served.close()
})

practiceOnly('a stream that breaks leaves nothing behind, and the ticket as it was', async () => {
  const record = await room.create('incident', {})
  let sent = 0
  const body = new ReadableStream<Uint8Array>({
    pull: async controller => {
      await pause(1)
      sent += 1
      if (sent > 10) controller.error(new Error('the line broke'))
      else controller.enqueue(randomBytes(300_000))
    },
  })
  expect((await upload(body, where(record))).status).toBe(400)
  expect(await room.find('sys_attachment', `table_sys_id=${record.sys_id}`, 'sys_id')).toEqual([])
  expect((await room.call('GET', `/api/now/table/incident/${record.sys_id}`)).body.result.sys_mod_count).toBe('0')
})

practiceOnly('a caller who goes away in the middle leaves nothing behind', async () => {
  const served = await serveInstance(room.instance, { port: 0 })
  const record = await room.create('incident', {})
  const stop = new AbortController()
  const body = new ReadableStream<Uint8Array>({
    pull: async controller => {
      await pause(5)
      controller.enqueue(randomBytes(200_000))
    },
  })
  const headers = { authorization: basic('admin'), 'content-type': 'application/octet-stream' }
  const sending = fetch(`${served.url}/api/now/attachment/file?${where(record)}`, {
    method: 'POST',
    headers,
    body,
    duplex: 'half',
    signal: stop.signal,
  } as RequestInit)
  await pause(150)
  stop.abort()
  await expect(sending).rejects.toThrow()
  await pause(150)
  expect(await room.find('sys_attachment', `table_sys_id=${record.sys_id}`, 'sys_id')).toEqual([])
  await served.close()
})

test('a form with fields and then a file is taken', async () => {
  const form = new FormData()
  form.set('table_name', 'incident')
  form.set('table_sys_id', ticket.sys_id!)
  const bytes = randomBytes(1_500_000)
  form.set('uploadFile', new Blob([bytes], { type: 'image/png' }), 'picture ü.png')
  const answer = await room.fetch('/api/now/attachment/upload', { method: 'POST', body: form })
  expect(answer.status).toBe(201)
  const { result } = (await answer.json()) as { result: Record<string, string> }
  expect(result).toMatchObject({ file_name: 'picture ü.png', content_type: 'image/png', size_bytes: '1500000' })
  expect(Buffer.from(await (await download(result.sys_id!)).arrayBuffer()).equals(bytes)).toBe(true)
})

practiceOnly('slow senders do not keep readers waiting', async () => {
  const stop = new AbortController()
  const slow = () =>
    new ReadableStream<Uint8Array>({
      pull: async controller => {
        await pause(5)
        if (stop.signal.aborted) controller.close()
        else controller.enqueue(randomBytes(1_000))
      },
    })
  const uploads = Array.from({ length: 12 }, () => upload(slow()))
  await pause(100)
  for (let at = 0; at < 20; at += 1) expect((await room.call('GET', '/api/now/table/incident?sysparm_limit=1')).status).toBe(200)
  stop.abort()
  for (const answer of await Promise.all(uploads)) expect(answer.status).toBe(201)
})

test('an empty file is a file', async () => {
  const answer = await upload(null)
  expect(answer.status).toBe(201)
  const { result } = (await answer.json()) as { result: Record<string, string> }
  expect(result.size_bytes).toBe('0')
  expect(await (await download(result.sys_id!)).text()).toBe('')
})

test('lists are queries on sys_attachment, in order of insertion within a second', async () => {
  const record = await room.create('incident', {})
  for (const name of ['1', '2', '3']) await upload(name, where(record, name))
  const path = `/api/now/attachment?sysparm_query=${query(`table_name=incident^table_sys_id=${record.sys_id}^ORDERBYsys_created_on`)}`
  const answer = await room.call('GET', path)
  expect(answer.body.result.map((file: Record<string, string>) => file.file_name)).toEqual(['1', '2', '3'])
  expect(answer.headers.get('x-total-count')).toBe('3')
  const page = await room.call('GET', `${path}&sysparm_limit=1&sysparm_offset=1`)
  expect(page.body.result[0].file_name).toBe('2')
  expect(page.headers.get('link')).toContain('rel="next"')
})

test('a file is renamed and deleted', async () => {
  const { result } = (await (await upload('x')).json()) as { result: { sys_id: string } }
  const path = `/api/now/attachment/${result.sys_id}`
  expect(await room.call('PATCH', path, { file_name: 'new.txt' })).toMatchObject({ status: 204, body: '' })
  expect((await room.call('GET', path)).body.result).toMatchObject({ file_name: 'new.txt', sys_mod_count: '1' })
  expect(await room.call('DELETE', path)).toMatchObject({ status: 204, body: '' })
  expect((await room.call('GET', path)).status).toBe(404)
  expect((await download(result.sys_id)).status).toBe(404)
})

test('what is refused', async () => {
  expect((await upload('x', `table_name=incident&table_sys_id=${ticket.sys_id}`)).status).toBe(400)
  expect((await upload('x', `table_name=incident&table_sys_id=${'0'.repeat(32)}&file_name=a`)).status).toBe(404)
  expect((await upload('x', `table_name=nope&table_sys_id=${ticket.sys_id}&file_name=a`)).status).toBe(404)
  expect((await upload('x', where(), { user: '' })).status).toBe(401)
  expect((await room.call('POST', '/api/now/attachment/upload', { a: 1 })).status).toBe(400)
})

practiceOnly('a customer user sees the files of his own tickets only, and adds to none that he may not see', async () => {
  expect((await upload('x', where(), { user: 'north.user.one' })).status).toBe(404)
  const [userId] = await room.find('sys_user', 'user_name=north.user.one', 'sys_id')
  const own = await room.create('incident', { caller_id: userId })
  const files = [await upload('x', where(own)), await upload('x')]
  const ids = await Promise.all(files.map(async file => ((await file.json()) as { result: { sys_id: string } }).result.sys_id))
  expect((await room.call('GET', `/api/now/attachment/${ids[0]}`, undefined, 'north.user.one')).status).toBe(200)
  expect((await room.call('GET', `/api/now/attachment/${ids[1]}`, undefined, 'north.user.one')).status).toBe(404)
})

async function withProperty(name: string, value: string, work: () => Promise<void>): Promise<void> {
  const { sys_id: id } = await room.create('sys_properties', { name, value })
  try {
    await work()
  } finally {
    await room.call('DELETE', `/api/now/table/sys_properties/${id}`)
  }
}

practiceOnly('glide.attachment.extensions says which files are taken, by upload, form and renaming', async () => {
  const { result } = (await (await upload('x', where(ticket, 'a.bin'))).json()) as { result: { sys_id: string } }
  await withProperty('glide.attachment.extensions', 'txt, PDF', async () => {
    for (const name of ['a.txt', 'b.PDF', 'c.exe.pdf']) expect((await upload('x', where(ticket, name))).status, name).toBe(201)
    for (const name of ['a.exe', 'txt', 'a.txt.exe', 'a.']) expect((await upload('x', where(ticket, name))).status, name).toBe(400)
    const form = new FormData()
    form.set('table_name', 'incident')
    form.set('table_sys_id', ticket.sys_id!)
    form.set('uploadFile', new Blob(['x']), 'a.exe')
    const answer = await room.fetch('/api/now/attachment/upload', { method: 'POST', body: form })
    expect(await answer.json()).toMatchObject({ error: { message: 'Attachment type not allowed' } })
    expect((await room.call('PATCH', `/api/now/attachment/${result.sys_id}`, { file_name: 'a.exe' })).status).toBe(400)
    expect((await room.call('PATCH', `/api/now/attachment/${result.sys_id}`, { file_name: 'a.txt' })).status).toBe(204)
  })
  expect((await upload('x', where(ticket, 'a.exe'))).status).toBe(201)
})

practiceOnly('com.glide.attachment.max_size refuses what is larger, and nothing of it remains', async () => {
  const record = await room.create('incident', {})
  await withProperty('com.glide.attachment.max_size', '1', async () => {
    expect((await upload('x'.repeat(1024 * 1024), where(record))).status).toBe(201)
    const refused = await upload('x'.repeat(1024 * 1024 + 1), where(record))
    expect(await refused.json()).toMatchObject({ error: { detail: 'The attachment exceeds the maximum size of 1 MB' } })
    expect(refused.status).toBe(400)
  })
  expect(await room.find('sys_attachment', `table_sys_id=${record.sys_id}`, 'size_bytes')).toEqual(['1048576'])
})

practiceOnly('glide.attachment.role says who may attach', async () => {
  await withProperty('glide.attachment.role', 'deskbridge_integration', async () => {
    const as = (user: string) => upload('x', where(), { user })
    expect((await as('demo.agent.one')).status).toBe(403)
    expect((await as('deskbridge.integration')).status).toBe(201)
    expect((await as('admin')).status).toBe(201)
  })
})

test('creation_time dates a file, a sys_id in upper case is the same', async () => {
  const dated = await upload('x', `${where()}&creation_time=2026-01-02%2003:04:05`)
  expect(await dated.json()).toMatchObject({ result: { sys_created_on: '2026-01-02 03:04:05' } })
  expect((await upload('x', `${where()}&creation_time=yesterday`)).status).toBe(201)
  const upper = await upload('x', where({ sys_id: ticket.sys_id!.toUpperCase() }))
  expect(await upper.json()).toMatchObject({ result: { table_sys_id: ticket.sys_id } })
})

practiceOnly('encryption is refused', async () => {
  expect((await upload('x', `${where()}&encryption_context=a`)).status).toBe(501)
})
