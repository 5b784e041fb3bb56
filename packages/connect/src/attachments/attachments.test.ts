import { execFile } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { appendFile, mkdtemp, open, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { connectClient } from '../client.ts'
import { type Answer, answers, breaksOff, contractServer, json, refuses } from '../testing/contract-server.ts'
import type { AttachmentDetails } from './incoming-attachment.ts'
import { decodeAttachment } from './incoming-attachment.ts'
import { ATTACHMENT_LIMIT, prepareBody } from './outgoing-attachment.ts'

const RECEIPT = { code: 'x', state: 'updated', kpn_ticket_number: 'INC#1', customer_reference_number: 'R', note: '' }
const NUMBERS = { kpn_ticket_number: 'INC#1', customer_reference_number: 'R' }
const PROCESS = join(import.meta.dirname, '..', 'testing', 'transfer-process.ts')

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'connect-attachments-'))
})
afterAll(async () => {
  await rm(folder, { recursive: true })
})

function client(host: string) {
  return connectClient({ exchange: host, clientId: 'id', clientSecret: 's', patience: { firstWaitMs: 5 } })
}

test('files and bytes of every length arrive as they are, again after 503, with a length known beforehand', async () => {
  const lengths = [0, 1, 2, 3, 196_607, 196_608, 196_609, 500_001]
  const contents = lengths.map(length => randomBytes(length))
  await using server = await contractServer(refuses(503, 'not_known'), answers(200, RECEIPT))
  const attachments = await Promise.all(
    contents.map(async (bytes, index) => {
      if (index % 2 === 1) return { bytes, name: `bytes "${index}".bin`, content_type: 'application/x' }
      const path = join(folder, `file ${index}.bin`)
      await writeFile(path, bytes)
      return { path }
    }),
  )
  await client(server.host).commentOnTicket({ ...NUMBERS, comment: 'see “these”', attachments })
  expect(server.seen).toHaveLength(2)
  for (const { body, headers } of server.seen) {
    const read = JSON.parse(body)
    expect(headers['content-length']).toBe(String(Buffer.byteLength(body)))
    expect(read).toMatchObject({ ...NUMBERS, action: 'Comment', comment: 'see “these”' })
    expect(read.attachments.map((sent: { content: string }) => sent.content)).toEqual(contents.map(bytes => bytes.toString('base64')))
    expect(read.attachments[0]).toEqual({ name: 'file 0.bin', content: '', content_type: 'application/octet-stream' })
    expect(read.attachments[1]).toMatchObject({ name: 'bytes "1".bin', content_type: 'application/x' })
  }
})

test('a file that changes between two attempts is not sent under the same key', async () => {
  const path = join(folder, 'log.txt')
  await writeFile(path, 'first')
  await using server = await contractServer(async response => {
    await appendFile(path, ' second')
    json(response, 503, { error: { code: 'not_known', message: 'again' } })
  })
  const work = client(server.host).commentOnTicket({ ...NUMBERS, attachments: [{ path }] })
  await expect(work).rejects.toMatchObject({ code: 'attachment_changed', retryable: false })
  expect(server.seen).toHaveLength(1)
})

test('what cannot be read or is too large is said before anything is sent', async () => {
  await using server = await contractServer(answers(200, RECEIPT))
  const partner = client(server.host)
  const send = (path: string) => partner.commentOnTicket({ ...NUMBERS, attachments: [{ path }] })
  await expect(send(join(folder, 'missing'))).rejects.toMatchObject({ code: 'attachment_unreadable' })
  await expect(send(folder)).rejects.toMatchObject({ code: 'attachment_unreadable' })
  const large = join(folder, 'large')
  const file = await open(large, 'w')
  await file.truncate(ATTACHMENT_LIMIT + 1)
  await file.close()
  await expect(send(large)).rejects.toMatchObject({ code: 'attachments_too_large' })
  expect(server.seen).toHaveLength(0)
})

test('a body is the JSON that a parser expects, whatever the fields', async () => {
  const bytes = Buffer.from('Test')
  const body = await prepareBody({}, [
    { bytes, name: 'a' },
    { bytes, name: 'a.pdf', content_type: '' },
    { bytes, name: 'a.pdf', content_type: 'Text/Plain;' },
  ])
  const text = await new Response(body.open(() => undefined)).text()
  const sent = (name: string, content_type: string) => ({ name, content: 'VGVzdA==', content_type })
  const attachments = [sent('a', 'application/octet-stream'), sent('a.pdf', 'application/pdf'), sent('a.pdf', 'text/plain')]
  expect(JSON.parse(text)).toEqual({ attachments })
  expect(body.length).toBe(text.length)
})

async function readInPieces(text: string, size: number): Promise<AttachmentDetails & { bytes: Buffer }> {
  const bytes = Buffer.from(text)
  async function* chunks() {
    for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
  }
  const parts: Uint8Array[] = []
  const details = await decodeAttachment(chunks(), part => {
    parts.push(part)
  })
  return { ...details, bytes: Buffer.concat(parts) }
}

test('an attachment is read in any order of fields, any escapes and any pieces', async () => {
  const content = randomBytes(1000)
  const base64 = content.toString('base64')
  const slashes = base64.replaceAll('/', '\\/').replaceAll('+', '\\u002b')
  const lines = base64.replace(/.{76}/g, '$&\\r\\n')
  const allEscaped = [...base64].map(letter => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`).join('')
  for (const encoded of [base64, slashes, lines, ` ${base64}\\n\\u000a`, allEscaped]) {
    const texts = [
      `{"name":"é \\"x\\".bin","content":"${encoded}","content_type":"a/b"}`,
      ` { "content" : "${encoded}" , "content_type" : "a/b", "name" : "é \\"x\\".bin" } `,
      `{"other":{"content":"no","list":[{"content":1}]},"content_type":"a/b","x":"content","content":"${encoded}","name":"é \\"x\\".bin"}`,
    ]
    for (const text of texts) {
      for (const size of [1, 2, 7, 64, 10_000]) {
        const read = await readInPieces(text, size)
        expect(read.bytes.equals(content)).toBe(true)
        expect(read).toMatchObject({ name: 'é "x".bin', content_type: 'a/b', size: 1000 })
      }
    }
  }
  expect(await readInPieces('{"name":"empty","content":""}', 3)).toMatchObject({ size: 0, content_type: undefined })
})

test('an attachment that is cut anywhere is never taken for a whole one', async () => {
  const text = `{"name":"a","content":"${randomBytes(40).toString('base64')}"}`
  for (let cut = 0; cut < text.length; cut++) {
    await expect(readInPieces(text.slice(0, cut), 5)).rejects.toMatchObject({ code: 'answer_lost' })
  }
  for (const content of ['VGVzd', 'VGVz*A==', 'VGVzdA==VGVz', '====', 'VGV=dA==', 'VGVzd-A=', 'VGVzdB==']) {
    await expect(readInPieces(`{"name":"a","content":"${content}"}`, 3)).rejects.toMatchObject({ code: 'answer_lost' })
  }
  await expect(readInPieces('{"name":"a","content":"VGVz\\r\\nVG\\u00e9z"}', 3)).rejects.toThrow('character 9 is "é" (U+00E9)')
  await expect(readInPieces('{"name":"a"}', 3)).rejects.toMatchObject({ code: 'answer_not_understood' })
  await expect(readInPieces('{"name":"a","content":17}', 3)).rejects.toMatchObject({ code: 'answer_not_understood' })
  await expect(readInPieces(`{"name":"${'x'.repeat(70_000)}","content":""}`, 1000)).rejects.toMatchObject({ code: 'answer_not_understood' })
})

test('a file appears only when it is whole, and a broken download is repeated', async () => {
  const content = randomBytes(300_000)
  const whole = { name: 'a.bin', content: content.toString('base64'), content_type: 'a/b' }
  await using server = await contractServer(breaksOff(whole), answers(200, whole), breaksOff(whole))
  const saved = join(folder, 'saved', 'a.bin')
  const partner = client(server.host)
  await expect(partner.saveAttachment('A1', saved)).rejects.toMatchObject({ code: 'attachment_not_saved' })
  const path = join(folder, 'a.bin')
  expect(await partner.saveAttachment('A1', path)).toEqual({ name: 'a.bin', content_type: 'a/b', size: 300_000 })
  expect((await readFile(path)).equals(content)).toBe(true)
  const failing = join(folder, 'never.bin')
  await expect(partner.saveAttachment('A1', failing)).rejects.toMatchObject({ code: 'answer_lost' })
  expect((await readdir(folder)).filter(name => name.includes('never') || name.includes('.part'))).toEqual([])
})

test('a stream gets each byte once: repeated only while nothing was written', async () => {
  const content = randomBytes(300_000)
  const whole: Answer = answers(200, { name: 'a', content: content.toString('base64') })
  const sink = () => {
    const taken = { parts: [] as Uint8Array[], closed: false, aborted: false }
    const stream = new WritableStream<Uint8Array>({
      write: part => void taken.parts.push(part),
      close: () => {
        taken.closed = true
      },
      abort: () => {
        taken.aborted = true
      },
    })
    return { taken, stream }
  }
  await using server = await contractServer(refuses(503, 'x'), whole, breaksOff({ name: 'a', content: content.toString('base64') }))
  const partner = client(server.host)
  const good = sink()
  await partner.saveAttachment('A1', good.stream)
  expect(Buffer.concat(good.taken.parts).equals(content)).toBe(true)
  expect(good.taken.closed).toBe(true)
  const bad = sink()
  await expect(partner.saveAttachment('A1', bad.stream)).rejects.toMatchObject({ code: 'answer_lost', retryable: false })
  expect(bad.taken).toMatchObject({ closed: false, aborted: true })
  expect(server.seen).toHaveLength(3)
})

test('80 MiB go up and come down without the process ever holding them once', async () => {
  const path = join(folder, '80MiB.bin')
  const block = randomBytes(1024 * 1024)
  const file = await open(path, 'w')
  const sent = createHash('sha256')
  for (let at = 0; at < 80; at++) {
    block.writeUInt32LE(at)
    sent.update(block)
    await file.write(block)
  }
  await file.close()
  const digest = sent.digest('hex')
  const arrived = createHash('sha256')
  const base64Head = /"content":"/
  const http = createServer(async (request, response) => {
    const { pathname } = new URL(request.url ?? '', 'http://s')
    if (pathname.startsWith('/oauth')) return json(response, 200, { access_token: 't', expires_in: '3599' })
    if (pathname.endsWith('/ListOpenTickets')) return json(response, 200, { result: [] })
    if (request.method === 'PATCH') {
      let held = ''
      let begun = false
      for await (const chunk of request) {
        held += (chunk as Buffer).toString('latin1')
        if (!begun) {
          const head = base64Head.exec(held)
          if (head === null) continue
          held = held.slice(head.index + head[0].length)
          begun = true
        }
        const end = held.indexOf('"')
        const text = end === -1 ? held.slice(0, held.length - (held.length % 4)) : held.slice(0, end)
        arrived.update(Buffer.from(text, 'base64'))
        held = end === -1 ? held.slice(text.length) : ''
      }
      return json(response, 200, RECEIPT)
    }
    response.writeHead(200, { 'content-type': 'application/json' })
    response.write('{"content":"')
    const source = await open(path)
    for await (const piece of source.createReadStream({ highWaterMark: 3 * 65_536 })) {
      if (!response.write((piece as Buffer).toString('base64'))) await new Promise(resolve => response.once('drain', resolve))
    }
    response.end('","name":"80MiB.bin","content_type":"application/octet-stream"}')
  })
  await new Promise<void>(resolve => http.listen(0, '127.0.0.1', resolve))
  const host = `http://127.0.0.1:${(http.address() as AddressInfo).port}`
  try {
    const run = async (...args: string[]) => JSON.parse((await promisify(execFile)(process.execPath, [PROCESS, ...args])).stdout)
    const up = await run('upload', host, path)
    expect(arrived.digest('hex')).toBe(digest)
    const copy = join(folder, 'copy.bin')
    const down = await run('download', host, copy)
    const got = createHash('sha256').update(await readFile(copy))
    expect(got.digest('hex')).toBe(digest)
    if (process.env.SHOW_FIGURES) console.log({ up, down })
    expect(up.after - up.before).toBeLessThan(80)
    expect(down.after - down.before).toBeLessThan(80)
  } finally {
    http.closeAllConnections()
    http.close()
  }
})
