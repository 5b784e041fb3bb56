import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { createServer, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { setTimeout as pause } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { OpenSpool, Spool } from '../spool.ts'
import type { IntakeError } from './intake-errors.ts'
import { readBody } from './read-body.ts'
import { ampleSpool, bodyWith, inChunks, refusalOf, seededBytes } from './testing.ts'

let root: string
let spool: OpenSpool & Spool

beforeEach(async () => {
  root = mkdtempSync(join(tmpdir(), 'deskbridge-intake-'))
  spool = await ampleSpool(root)
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

async function refusal(body: string | AsyncIterable<Uint8Array>, into = spool): Promise<IntakeError> {
  const error = await refusalOf(readBody(typeof body === 'string' ? inChunks(body, 1000) : body, into))
  expect(readdirSync(root), 'nothing is left on the disk').toEqual([])
  return error
}

describe('a body that cannot be taken in', () => {
  const big = bodyWith('QUJD'.repeat(500_000))

  it('a disk that is full refuses the body and leaves nothing behind', async () => {
    const full = await ampleSpool(root, { open: () => open('/dev/full', 'w') })
    const error = await refusal(big, full)
    expect(error).toMatchObject({ reason: 'spool-full', cause: { code: 'ENOSPC' } })
    expect(await refusal(bodyWith('QUJD'), full)).toMatchObject({ reason: 'spool-full' })
  })

  it('a disk that fails while the partner is slow is noticed when the partner goes on', async () => {
    const full = await ampleSpool(root, { open: () => open('/dev/full', 'w') })
    async function* slowly() {
      for await (const chunk of inChunks(big, 400_000)) {
        yield chunk
        await pause(20)
      }
    }
    expect(await refusal(slowly(), full)).toMatchObject({ reason: 'spool-full' })
  })

  it('a refusal closes its files', async () => {
    const openFiles = () => readdirSync('/proc/self/fd').length
    const before = openFiles()
    for (let round = 0; round < 5; round++) await refusal('{"attachments":[{"content":"QUJD-')
    expect(openFiles()).toBe(before)
  })

  it.each(['EDQUOT', 'EIO', 'EMFILE'])('%s at any step is a full spool', async code => {
    const fail = async () => Promise.reject(Object.assign(new Error(code), { code }))
    for (const step of ['open', 'write', 'close'] as const) {
      const broken = await ampleSpool(root, {
        open: async (path, flags, mode) => {
          if (step === 'open') return fail()
          const handle = await open(path, flags, mode)
          const close = handle.close.bind(handle)
          if (step === 'write') return Object.assign(handle, { write: fail })
          return Object.assign(handle, { close: () => close().then(fail) })
        },
      })
      expect(await refusal(bodyWith('QUJD', 'QUJD'), broken)).toMatchObject({ reason: 'spool-full', cause: { code } })
    }
  })

  it('a spool whose folder is gone is a full spool', async () => {
    const gone = await ampleSpool(join(root, 'gone'))
    rmSync(join(root, 'gone'), { recursive: true })
    expect(await refusal(bodyWith('QUJD'), gone)).toMatchObject({ reason: 'spool-full' })
  })

  it('a disk that writes only a part at a time loses nothing', async () => {
    const slow = await ampleSpool(root, {
      open: async (path, flags, mode) => {
        const handle = await open(path, flags, mode)
        const write = handle.write.bind(handle) as (bytes: Buffer, from: number, length: number) => Promise<{ bytesWritten: number }>
        return Object.assign(handle, {
          write: (bytes: Buffer, from: number, length: number) => write(bytes, from, Math.min(length, 10_007)),
        })
      },
    })
    const bytes = seededBytes(600_000)
    const intake = await readBody(inChunks(bodyWith(bytes.toString('base64'))), slow)
    expect(readFileSync(intake.files[0]!.path).equals(bytes)).toBe(true)
  })

  it('a source that breaks off is aborted, wherever that happens', async () => {
    const body = Buffer.from(bodyWith('QUJD'.repeat(30), 'QUJD'))
    for (let cut = 0; cut < body.length; cut += 3) {
      async function* broken() {
        yield body.subarray(0, cut)
        throw new Error('socket hang up')
      }
      expect(await refusal(broken())).toMatchObject({ reason: 'aborted', cause: { message: 'socket hang up' } })
    }
  })

  it('a partner that hangs up is aborted, and one that is refused still gets its answer', async () => {
    const outcomes: unknown[] = []
    const server = createServer(async (incoming, outgoing) => {
      const error = await readBody(incoming, spool, { attachments: 300_000 }).catch((error: IntakeError) => error)
      outcomes.push((error as IntakeError).reason)
      outgoing.writeHead(413, { connection: 'close' }).end('too large')
    })
    await new Promise<void>(done => server.listen(0, '127.0.0.1', done))
    const { port } = server.address() as AddressInfo
    const start = () => request({ port, method: 'POST', headers: { 'content-length': big.length } })

    const hangsUp = start().on('error', () => undefined)
    hangsUp.write(big.slice(0, 200_000))
    while (readdirSync(root).length === 0) await pause(2)
    hangsUp.destroy()
    while (outcomes.length < 1) await pause(2)
    expect(readdirSync(root)).toEqual([])

    const refused = start().on('error', () => undefined)
    refused.write(big.slice(0, 500_000))
    const status = await new Promise(done => refused.once('response', response => done(response.statusCode)))
    refused.destroy()
    server.closeAllConnections()
    server.close()
    expect(status).toBe(413)
    expect(outcomes).toEqual(['aborted', 'too-large'])
    expect(readdirSync(root)).toEqual([])
  })

  it('a stream that is refused is left to whoever answers', async () => {
    let cancelled = false
    const web = new ReadableStream<Uint8Array>({
      start: controller => controller.enqueue(Buffer.from('nonsense')),
      cancel: () => {
        cancelled = true
      },
    })
    await expect(readBody(web, spool)).rejects.toMatchObject({ reason: 'malformed-json' })
    expect([cancelled, web.locked]).toEqual([false, false])
    const node = new Readable({ read: () => undefined })
    node.push('nonsense')
    await expect(readBody(node, spool)).rejects.toMatchObject({ reason: 'malformed-json' })
    expect([node.destroyed, node.listenerCount('readable')]).toEqual([false, 0])
  })
})
