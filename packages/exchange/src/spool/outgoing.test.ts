import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readBody } from './intake/read-body.ts'
import { ampleSpool, seededBytes } from './intake/testing.ts'
import { attachmentBody } from './outgoing.ts'

const HEAD = { name: 'a "quoted" é.txt', content_type: 'text/plain', hash: 'x' }

function streamOf(bytes: Buffer, size: number): ReadableStream<Uint8Array> {
  let at = 0
  return new ReadableStream({
    pull(controller) {
      if (at >= bytes.length) return controller.close()
      controller.enqueue(new Uint8Array(bytes.subarray(at, at + size)))
      at += size
    },
  })
}

describe('an attachment that goes out', () => {
  it('is JSON with the content after the name, for every length and every chunk', async () => {
    for (let length = 0; length < 20; length++)
      for (let size = 1; size < 8; size++) {
        const bytes = seededBytes(length)
        const text = await new Response(attachmentBody(HEAD, streamOf(bytes, size))).text()
        expect(text).toBe(JSON.stringify({ name: HEAD.name, content: bytes.toString('base64'), content_type: 'text/plain', hash: 'x' }))
      }
    expect(await new Response(attachmentBody({}, streamOf(Buffer.from('A'), 1))).text()).toBe('{"content":"QQ=="}')
  })

  it('is what the intake takes in', async () => {
    const root = mkdtempSync(join(tmpdir(), 'deskbridge-outgoing-'))
    try {
      const spool = await ampleSpool(root)
      const bytes = seededBytes(1_000_003)
      const one = Buffer.from(await new Response(attachmentBody(HEAD, streamOf(bytes, 300_001))).arrayBuffer())
      const intake = await readBody(new Response(`{"attachments":[${one}]}`).body, spool)
      const again = Buffer.from(await new Response(attachmentBody(HEAD, spool.stream(intake.files[0]!))).arrayBuffer())
      expect(again.equals(one)).toBe(true)
    } finally {
      rmSync(root, { recursive: true, force: true })
    }
  })

  it('reads on only when asked to', async () => {
    let pulled = 0
    const endless = new ReadableStream<Uint8Array>(
      {
        pull(controller) {
          pulled++
          controller.enqueue(Buffer.alloc(100_000))
        },
      },
      { highWaterMark: 0 },
    )
    const reader = attachmentBody(HEAD, endless).getReader()
    expect(pulled).toBe(0)
    await reader.read()
    await reader.read()
    await new Promise(done => setTimeout(done, 10))
    expect(pulled).toBe(2)
    await reader.cancel()
  })

  it('breaks off when its source does, before anything that looks like an end', async () => {
    let pulls = 0
    const broken = new ReadableStream<Uint8Array>({
      pull(controller) {
        if (pulls++ < 2) controller.enqueue(Buffer.from('ABC'))
        else controller.error(new Error('the instance hung up'))
      },
    })
    let text = ''
    const read = async () => {
      for await (const piece of attachmentBody(HEAD, broken)) text += Buffer.from(piece)
    }
    await expect(read()).rejects.toThrow('the instance hung up')
    expect(text).toBe(`{"name":${JSON.stringify(HEAD.name)},"content":"QUJDQUJD`)
  })

  it('lets its source go when the reader goes away', async () => {
    let reason: unknown
    const source = new ReadableStream<Uint8Array>({
      pull: controller => controller.enqueue(Buffer.alloc(10)),
      cancel: given => {
        reason = given
      },
    })
    const reader = attachmentBody(HEAD, source).getReader()
    await reader.read()
    await reader.cancel('gone')
    expect(reason).toBe('gone')
  })

  it('refuses a content in its head', () => {
    expect(() => attachmentBody({ name: 'a', content: 'QUJD' }, streamOf(Buffer.alloc(0), 1))).toThrow(TypeError)
  })
})
