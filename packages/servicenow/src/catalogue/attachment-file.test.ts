import { createHash } from 'node:crypto'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { connect, type ServiceNow, serviceNow } from '../index.ts'
import { failureOf } from '../proof/failure.ts'

const ID = '6ea10fe64f411200adf9f8e18110c739'
const RECORD = '9d385017c611228701d22104cc95c371'
const PIECE = Buffer.alloc(64 * 1024, 'deskbridge')
const BIG = 50 * 1024 * 1024

let behave: (request: IncomingMessage, response: ServerResponse) => void
let server: Server
let baseUrl: string
let sdk: ServiceNow

beforeAll(async () => {
  server = createServer((request, response) => behave(request, response))
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  sdk = serviceNow(connect({ baseUrl, signIn: { kind: 'basic', userName: 'u', password: 'p' }, timeoutMs: 2000 }))
})
afterAll(() => {
  server.closeAllConnections()
  server.close()
})

function about(size: number, name = 'a.bin') {
  return {
    sys_id: ID,
    file_name: name,
    content_type: 'application/octet-stream',
    size_bytes: String(size),
    table_name: 'incident',
    table_sys_id: RECORD,
    sys_created_on: '2026-01-31 10:00:00',
    sys_created_by: 'u',
  }
}

function pieces(total: number, delayMs = 0): ReadableStream<Uint8Array> {
  let left = total
  return new ReadableStream(
    {
      async pull(controller) {
        if (delayMs) await new Promise(resolve => setTimeout(resolve, delayMs))
        if (left === 0) return controller.close()
        const piece = new Uint8Array(PIECE.subarray(0, Math.min(left, PIECE.length)))
        left -= piece.length
        controller.enqueue(piece)
      },
    },
    { highWaterMark: 0 },
  )
}

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as () => void

/** Runs the work and tells how many bytes of buffers this process (client and server) held at most, garbage aside. */
async function held(work: () => Promise<void>): Promise<number> {
  let most = 0
  const sample = () => {
    collectGarbage()
    most = Math.max(most, process.memoryUsage().arrayBuffers - before)
  }
  collectGarbage()
  const before = process.memoryUsage().arrayBuffers
  const timer = setInterval(sample, 20)
  await work()
  clearInterval(timer)
  return most
}

/** Takes what comes, counting and hashing, and answers with the metadata. */
function take(told: { size: number; hash: string; headers: IncomingMessage['headers']; url: string }) {
  behave = async (request, response) => {
    const hash = createHash('sha256')
    told.size = 0
    told.headers = request.headers
    told.url = request.url ?? ''
    try {
      for await (const piece of request) {
        hash.update(piece)
        told.size += piece.length
      }
    } catch {
      return
    }
    told.hash = hash.digest('hex')
    response.writeHead(201, { 'content-type': 'application/json' }).end(JSON.stringify({ result: about(told.size) }))
  }
}

describe('upload', () => {
  test('50 MB as a stream, in bounded memory', async () => {
    const told = { size: 0, hash: '', headers: {}, url: '' } as Parameters<typeof take>[0]
    take(told)
    const most = await held(async () => {
      const file = await sdk.attachment.upload({
        table: 'incident',
        sysId: RECORD,
        name: 'b&g ü.bin',
        contentType: 'image/png',
        body: pieces(BIG),
        size: BIG,
      })
      expect(file).toMatchObject({ sys_id: ID, size_bytes: String(BIG) })
    })
    expect(told).toMatchObject({ size: BIG, headers: { 'content-type': 'image/png', 'content-length': String(BIG) } })
    expect(Object.fromEntries(new URL(told.url, baseUrl).searchParams)).toEqual({
      table_name: 'incident',
      table_sys_id: RECORD,
      file_name: 'b&g ü.bin',
    })
    console.log(`upload of 50 MB: at most ${(most / 1e6).toFixed(1)} MB held`)
    expect(most).toBeLessThan(25e6)
  })

  test('a slow one is not ended while something moves; bytes, blobs and streams of unknown size', async () => {
    const told = { size: 0, hash: '', headers: {}, url: '' } as Parameters<typeof take>[0]
    take(told)
    const to = { table: 'incident', sysId: RECORD, name: 'a.txt', contentType: 'text/plain' }
    await sdk.attachment.upload({ ...to, body: pieces(10 * PIECE.length, 60) })
    expect(told).toMatchObject({ size: 10 * PIECE.length, headers: { 'transfer-encoding': 'chunked' } })
    await sdk.attachment.upload({ ...to, body: new Uint8Array(200_000) })
    expect(told).toMatchObject({ size: 200_000, headers: { 'content-length': '200000' } })
    await sdk.attachment.upload({ ...to, body: new Blob(['hällo']) })
    expect(told).toMatchObject({ size: 6, headers: { 'content-length': '6' }, hash: createHash('sha256').update('hällo').digest('hex') })
    await sdk.attachment.upload({ ...to, body: new Uint8Array(0) })
    expect(told.size).toBe(0)
  })

  test('one that stands still is ended, and may have been written', async () => {
    behave = request => request.pause()
    const error = await failureOf(
      sdk.attachment.upload({ table: 'incident', sysId: RECORD, name: 'a', contentType: 'a/b', body: pieces(BIG), size: BIG }),
    )
    expect(error).toMatchObject({ kind: 'time-out', written: 'unknown' })
  })

  test.each([-1, 1])('a stream with %i byte beside its announced size fails', async difference => {
    take({ size: 0, hash: '', headers: {}, url: '' })
    const error = await failureOf(
      sdk.attachment.upload({
        table: 'incident',
        sysId: RECORD,
        name: 'a',
        contentType: 'a/b',
        body: pieces(100_000 + difference),
        size: 100_000,
      }),
    )
    expect(error).toMatchObject({ written: 'unknown', detail: expect.stringContaining('100000 were announced') })
  })

  test.each(['keep-alive', 'close'])('one that is refused before it was read tells why, and is read no further (%s)', async connection => {
    behave = (_, response) => response.writeHead(413, { connection }).end('too large')
    let given = 0
    let cancelled = false
    const source = new ReadableStream<Uint8Array>(
      {
        pull(controller) {
          controller.enqueue(new Uint8Array(PIECE))
          given += PIECE.length
        },
        cancel() {
          cancelled = true
        },
      },
      { highWaterMark: 0 },
    )
    const error = await failureOf(
      sdk.attachment.upload({ table: 'incident', sysId: RECORD, name: 'a', contentType: 'a/b', body: source, size: BIG * 100 }),
    )
    expect(error).toMatchObject({ kind: 'too-large', written: 'no', status: 413 })
    await expect.poll(() => cancelled).toBe(true)
    expect(given).toBeLessThan(BIG)
  })

  test('in process, one that is given up ends with an error there too, never as a whole file', async () => {
    let outcome: unknown = 'still reading'
    const fetch = async (request: Request) => {
      outcome = await request.arrayBuffer().then(
        bytes => `stored ${bytes.byteLength} bytes`,
        (error: Error) => error.message,
      )
      return Response.json({ result: about(1) }, { status: 201 })
    }
    const inProcess = serviceNow(connect({ baseUrl, signIn: { kind: 'basic', userName: 'u', password: 'p' }, timeoutMs: 50, fetch }))
    let started = false
    const stalls = new ReadableStream<Uint8Array>({
      pull(controller) {
        if (started) return new Promise(() => {})
        started = true
        return controller.enqueue(new Uint8Array(10))
      },
    })
    const error = await failureOf(
      inProcess.attachment.upload({ table: 'incident', sysId: RECORD, name: 'a', contentType: 'a/b', body: stalls }),
    )
    expect(error).toMatchObject({ kind: 'time-out', written: 'unknown' })
    await expect.poll(() => outcome).not.toBe('still reading')
    expect(outcome).not.toContain('stored')
  })

  test('in process, one that is refused unread lets its source go', async () => {
    const fetch = async () => Response.json({ error: { message: 'No Record found', detail: null } }, { status: 404 })
    const inProcess = serviceNow(connect({ baseUrl, signIn: { kind: 'basic', userName: 'u', password: 'p' }, fetch }))
    let cancelled = false
    const source = new ReadableStream<Uint8Array>({
      cancel() {
        cancelled = true
      },
    })
    const error = await failureOf(
      inProcess.attachment.upload({ table: 'incident', sysId: RECORD, name: 'a', contentType: 'a/b', body: source }),
    )
    expect(error).toMatchObject({ kind: 'not-found', written: 'no' })
    expect(cancelled).toBe(true)
  })

  test('a redirect is not followed', async () => {
    behave = (request, response) => request.resume().on('end', () => response.writeHead(307, { location: '/elsewhere' }).end())
    const error = await failureOf(
      sdk.attachment.upload({ table: 'incident', sysId: RECORD, name: 'a', contentType: 'a/b', body: pieces(10) }),
    )
    expect(error).toMatchObject({ kind: 'broken-answer', written: 'unknown' })
  })

  test('a stream is sent once only; bytes are sent again after a 429', async () => {
    let calls = 0
    behave = async (request, response) => {
      for await (const _ of request);
      if (++calls === 1) return response.writeHead(429, { 'retry-after': '0' }).end()
      return response.writeHead(201, { 'content-type': 'application/json' }).end(JSON.stringify({ result: about(3) }))
    }
    const to = { table: 'incident', sysId: RECORD, name: 'a', contentType: 'a/b' }
    expect(await failureOf(sdk.attachment.upload({ ...to, body: pieces(3) }))).toMatchObject({ kind: 'rate-limited', written: 'no' })
    calls = 0
    expect((await sdk.attachment.upload({ ...to, body: new Uint8Array(3) })).sys_id).toBe(ID)
  })
})

describe('download', () => {
  function give(size: number, sent = size, headers: Record<string, string> = {}) {
    behave = async (request, response) => {
      if (!request.url?.endsWith('/file'))
        return response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ result: about(size) }))
      response.writeHead(200, { 'content-type': 'application/octet-stream', ...headers })
      for (let left = sent; left > 0; left -= PIECE.length) {
        if (!response.write(PIECE.subarray(0, Math.min(left, PIECE.length)))) await new Promise(resolve => response.once('drain', resolve))
      }
      return response.end()
    }
  }

  async function count(body: ReadableStream<Uint8Array>): Promise<number> {
    let size = 0
    for await (const piece of body) size += piece.byteLength
    return size
  }

  test('50 MB as a stream, in bounded memory', async () => {
    give(BIG, BIG, { 'x-attachment-metadata': JSON.stringify(about(BIG)) })
    const most = await held(async () => {
      const file = await sdk.attachment.download({ sysId: ID })
      expect(file).toMatchObject({ name: 'a.bin', contentType: 'application/octet-stream', size: BIG })
      expect(await count(file.body)).toBe(BIG)
    })
    console.log(`download of 50 MB: at most ${(most / 1e6).toFixed(1)} MB held`)
    expect(most).toBeLessThan(25e6)
  })

  test('without the header the metadata is asked for; a name in UTF-8 is read', async () => {
    give(10)
    const plain = await sdk.attachment.download({ sysId: ID })
    expect(plain).toMatchObject({ name: 'a.bin', size: 10 })
    expect(await count(plain.body)).toBe(10)
    give(1, 1, { 'x-attachment-metadata': Buffer.from(JSON.stringify(about(1, 'prüfung.pdf'))).toString('latin1') })
    const named = await sdk.attachment.download({ sysId: ID })
    expect(named.name).toBe('prüfung.pdf')
    await named.body.cancel()
  })

  test('a file that arrives cut ends with an error', async () => {
    give(100_000, 90_000)
    const { body } = await sdk.attachment.download({ sysId: ID })
    expect(await failureOf(count(body))).toMatchObject({
      kind: 'broken-answer',
      action: 'attachment.download',
      detail: expect.stringContaining('90000 arrived'),
    })
  })

  test('a reset in the middle ends with an error', async () => {
    behave = (_, response) => {
      response.writeHead(200, { 'content-type': 'a/b', 'x-attachment-metadata': JSON.stringify(about(100)) })
      response.write('half')
      setTimeout(() => response.socket?.destroy(), 20)
    }
    const { body } = await sdk.attachment.download({ sysId: ID })
    expect(await failureOf(count(body))).toMatchObject({ kind: 'unreachable', written: 'no' })
  })

  test('silence ends it, a slow reader does not', async () => {
    give(10 * PIECE.length, 10 * PIECE.length, { 'x-attachment-metadata': JSON.stringify(about(10 * PIECE.length)) })
    const slow = await sdk.attachment.download({ sysId: ID })
    let size = 0
    for await (const piece of slow.body) {
      size += piece.byteLength
      if (size === piece.byteLength) await new Promise(resolve => setTimeout(resolve, 500))
    }
    expect(size).toBe(10 * PIECE.length)
    behave = (_, response) => {
      response.writeHead(200, { 'content-type': 'a/b', 'x-attachment-metadata': JSON.stringify(about(100)) })
      response.write('half')
    }
    const { body } = await sdk.attachment.download({ sysId: ID })
    expect(await failureOf(count(body))).toMatchObject({ kind: 'time-out' })
  })

  test('a web page is a file when the instance says so, and a sleeping instance when not', async () => {
    give(5, 5, { 'content-type': 'text/html', 'x-attachment-metadata': JSON.stringify(about(5, 'page.html')) })
    expect((await sdk.attachment.download({ sysId: ID })).name).toBe('page.html')
    give(5, 5, { 'content-type': 'text/html' })
    expect(await failureOf(sdk.attachment.download({ sysId: ID }))).toMatchObject({ kind: 'asleep' })
  })

  test('a reader who goes away closes the connection', async () => {
    let closed = false
    give(BIG, BIG, { 'x-attachment-metadata': JSON.stringify(about(BIG)) })
    const before = behave
    behave = (request, response) => {
      response.once('close', () => {
        closed = true
      })
      before(request, response)
    }
    const { body } = await sdk.attachment.download({ sysId: ID })
    await body.cancel()
    await expect.poll(() => closed).toBe(true)
  })
})
