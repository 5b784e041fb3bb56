import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { isSpooledFile, type OpenSpool, type Spool, type SpooledFile } from '../spool.ts'
import type { IntakeError } from './intake-errors.ts'
import { type Intake, type IntakeLimits, readBody } from './read-body.ts'
import { ampleSpool, bodyWith, inChunks, refusalOf, seeded, seededBytes } from './testing.ts'

let root: string
let spool: OpenSpool & Spool

beforeEach(async () => {
  root = mkdtempSync(join(tmpdir(), 'deskbridge-intake-'))
  spool = await ampleSpool(root)
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

function attachmentsOf(intake: Intake): { name: string; content: SpooledFile }[] {
  return (intake.document as { attachments: { name: string; content: SpooledFile }[] }).attachments
}

async function refusal(body: string | AsyncIterable<Uint8Array>, limits: Partial<IntakeLimits> = {}): Promise<IntakeError> {
  const error = await refusalOf(readBody(typeof body === 'string' ? inChunks(body, 1000) : body, spool, limits))
  expect(readdirSync(root), 'nothing is left on the disk').toEqual([])
  return error
}

describe('a body with attachments', () => {
  it('is the same wherever a chunk ends', async () => {
    const bytes = seededBytes(61)
    const slashes = bytes.toString('base64').replaceAll('/', '\\/').replaceAll('+', '\\u002b')
    const lines = slashes.replace(/^.{20}/, '$&\\r\\n').replace(/.{9}$/, ' \\u000A\\t$&\\u000d')
    const body = `{"attachments":[{"content":"${bytes.toString('base64')}","name":"a"},{"name":"é","content":"${lines}","content_type":"t/p"}],"n":1}`
    for (let cut = 0; cut <= body.length + 1; cut++) {
      const whole = Buffer.from(body)
      const intake = await readBody(Readable.from([whole.subarray(0, cut), whole.subarray(cut)]), spool)
      expect(intake.files.map(file => readFileSync(file.path))).toEqual([bytes, bytes])
      expect(intake.document).toEqual({
        attachments: [
          { content: intake.files[0], name: 'a' },
          { name: 'é', content: intake.files[1], content_type: 't/p' },
        ],
        n: 1,
      })
      await intake.discard()
    }
    for (let size = 1; size < 9; size++) {
      const intake = await readBody(inChunks(body, size), spool)
      expect(intake.files.map(file => readFileSync(file.path))).toEqual([bytes, bytes])
      await intake.discard()
    }
    expect(readdirSync(root)).toEqual([])
  })

  it('becomes files with their size and hash, readable by nobody else', async () => {
    const bytes = seededBytes(700_001)
    const intake = await readBody(inChunks(bodyWith(bytes.toString('base64'), '')), spool)
    const [first, second] = attachmentsOf(intake).map(attachment => attachment.content)
    expect(isSpooledFile(first)).toBe(true)
    expect(first).toMatchObject({ size: 700_001, sha256: createHash('sha256').update(bytes).digest('hex') })
    expect(readFileSync(first!.path).equals(bytes)).toBe(true)
    expect(second).toMatchObject({ size: 0, folder: first!.folder, sha256: createHash('sha256').digest('hex') })
    expect(statSync(second!.path).size).toBe(0)
    expect(readdirSync(root)).toEqual([first!.folder])
    expect(statSync(join(root, first!.folder)).mode & 0o777).toBe(0o700)
    expect(statSync(first!.path).mode & 0o777).toBe(0o600)
    await intake.discard()
    await intake.discard()
    expect(readdirSync(root)).toEqual([])
  })

  it('may be one huge chunk, a web stream, or absent', async () => {
    const bytes = seededBytes(300_000)
    const body = Buffer.from(bodyWith(bytes.toString('base64')))
    for (const source of [Readable.from([body]), new Blob([body]).stream(), new Response(body).body]) {
      const intake = await readBody(source, spool)
      expect(readFileSync(intake.files[0]!.path).equals(bytes)).toBe(true)
      await intake.discard()
    }
    await expect(readBody(null, spool)).rejects.toMatchObject({ reason: 'malformed-json', position: 0 })
  })

  it('comes again as sent, in random chunks, with random escapes', async () => {
    const random = seeded(11)
    for (let round = 0; round < 60; round++) {
      const contents = Array.from({ length: Math.floor(random() * 4) }, (_, index) => seededBytes(random() * 3_000, round + index))
      const written = contents.map(bytes => (random() < 0.5 ? bytes.toString('base64') : bytes.toString('base64').replaceAll('/', '\\/')))
      const body = `{"attachments" : [${written.map((content, index) => `{"n":${index}, "content": "${content}"}`).join()} ]}`
      const intake = await readBody(inChunks(body, 1 + Math.floor(random() * 2_000)), spool)
      expect(intake.files.map(file => readFileSync(file.path).toString('hex'))).toEqual(contents.map(bytes => bytes.toString('hex')))
      await intake.discard()
    }
  })

  it('understands every escape that JSON allows in a content', async () => {
    const text = 'ab+/'.repeat(20_000)
    const escapes = [
      (character: string) => (character === '/' ? '\\/' : character),
      (character: string) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
      (character: string) => (character === '+' ? '\\u002B' : character),
    ]
    for (const escaped of escapes) {
      const intake = await readBody(inChunks(`{"attachments":[{"content":"${[...text].map(escaped).join('')}"}]}`, 4_093), spool)
      expect(readFileSync(intake.files[0]!.path).toString('base64')).toBe(text)
      await intake.discard()
    }
  })

  it.each([
    '{"content":"QUJD"}',
    '{"attachments":{"content":"QUJD"}}',
    '{"attachments":["QUJD"]}',
    '{"attachments":[["content","QUJD"]]}',
    '{"attachments":[{"more":{"content":"QUJD"}}]}',
    '{"attachments":[[{"content":"QUJD"}]]}',
    '{"ticket":{"attachments":[{"content":"QUJD"}]}}',
    '[{"attachments":[{"content":"QUJD"}]}]',
    '{"attachments":[{"name":"content","content_type":"QUJD"}]}',
    '{"attachments":[{"content":null},{"content":12},{"content":["QUJD"]},{"content":{"content":"QUJD"}}]}',
  ])('%s: no content of an attachment, so nothing is written', async body => {
    const intake = await readBody(inChunks(body, 3), spool)
    expect(intake.document).toEqual(JSON.parse(body))
    expect(intake.files).toEqual([])
    expect(readdirSync(root)).toEqual([])
    await intake.discard()
  })

  it('finds the content by an escaped name too', async () => {
    const intake = await readBody(inChunks('{"\\u0061ttachments":[{"c\\u006fntent":"QUJD"}]}'), spool)
    expect(readFileSync(intake.files[0]!.path, 'utf8')).toBe('ABC')
  })

  it.each([
    ['QUJ-', 'character 4 is "-"'],
    ['QUI', 'its length is not a multiple of four'],
    ['QUJ=', 'the unused bits of its last character are not zero'],
    ['QUJ\\"', 'character 4 is "\\""'],
    ['QUJ\\f', 'character 4 is "\\f"'],
    ['QU\\nJ\\u0441', 'character 5 is "с" (U+0441)'],
    ['QUJ\\u0141', 'character 4 is "Ł" (U+0141)'],
    ['QUJ\\u00ff', 'character 4 is "ÿ" (U+00FF)'],
    ['QUJD\\ud83d\\ude00', 'character 5 is "😀" (U+1F600)'],
    ['QUJD😀', 'character 5 is "😀" (U+1F600)'],
  ])('refuses the content %j and names what is there: %s', async (content, why) => {
    const body = `{"attachments":[{"content":"QUJD"},{"content":"${content}"}]}`
    const error = { reason: 'invalid-base64', path: 'attachments[1].content', message: expect.stringContaining(`4): ${why}`) }
    expect(await refusal(body)).toMatchObject(error)
    expect(await refusal(inChunks(body, 1))).toMatchObject(error)
  })

  it.each([
    ['{"attachments":[{"content":"QUJD', 32],
    ['{"attachments":[{"content":"QUJD\\', 33],
    ['{"attachments":[{"content":"QU\\xJD"}]}', 30],
    ['{"attachments":[{"content":"QU\\u00g4"}]}', 34],
    ['{"attachments":[{"content":"QUJD"]}', 33],
    ['{"attachments":[{"content":"QUJD\n"}]}', 32],
    ['{"attachments":[{"content":"\\/QUJD\r\n"}]}', 34],
    ['{"attachments":[{"content":"QUJD\\ud83d"}]}', 38],
    ['{"attachments":[{"content":"QUJD\\ud83d\\n"}]}', 39],
    ['{"attachments":[{"content":"QUJD\\ud83d\\u0041"}]}', 43],
    ['{"attachments":[{"content":"QUJD\\ude00"}]}', 37],
    ['{"attachments":[{"content":"QUJD"}]} x', 37],
  ])('refuses %j as malformed, at its byte', async (body, position) => {
    expect(await refusal(body)).toMatchObject({ reason: 'malformed-json', position })
    expect(await refusal(inChunks(body, 1))).toMatchObject({ reason: 'malformed-json', position })
  })

  it('refuses a content or a list of attachments that is there twice', async () => {
    expect(await refusal('{"attachments":[{"content":"QUJD","content":"QUJD"}]}')).toMatchObject({
      reason: 'duplicate-key',
      path: 'attachments[0].content',
    })
    expect(await refusal('{"attachments":[{"content":"QUJD"}],"attachments":[]}')).toMatchObject({
      reason: 'duplicate-key',
      path: 'attachments',
    })
  })
})

describe('the limits', () => {
  it('count the text without the contents, exactly', async () => {
    const body = bodyWith('QUJD'.repeat(100))
    const text = body.length - 400
    for (const size of [1, 7, 1_000]) {
      await (await readBody(inChunks(body, size), spool, { text })).discard()
      expect(await refusal(inChunks(body, size), { text: text - 1 })).toMatchObject({ reason: 'too-large' })
    }
    const letters = 256 * 1024 - '{"a":""}'.length
    await readBody(inChunks(`{"a":"${'x'.repeat(letters)}"}`), spool)
    expect(await refusal(`{"a":"${'x'.repeat(letters + 1)}"}`)).toMatchObject({ reason: 'too-large' })
  })

  it('count the decoded bytes of all attachments, exactly', async () => {
    const contents = [seededBytes(1_000).toString('base64'), seededBytes(24).toString('base64')]
    const intake = await readBody(inChunks(bodyWith(...contents), 50), spool, { attachments: 1_024 })
    expect(intake.files.map(file => file.size)).toEqual([1_000, 24])
    await intake.discard()
    expect(await refusal(bodyWith(...contents), { attachments: 1_023 })).toMatchObject({
      reason: 'too-large',
      path: 'attachments[1].content',
    })
  })

  it('take 80 MiB and refuse one byte more, at once', async () => {
    const LIMIT = 83_886_080
    const megabyte = Buffer.alloc(1_048_575, 'A').toString('base64')
    let read = 0
    async function* body(size: number, endless = false) {
      yield Buffer.from('{"attachments":[{"content":"')
      for (let left = size; left > 0; left -= 1_048_575) {
        read++
        yield Buffer.from(left >= 1_048_575 ? megabyte : Buffer.alloc(left, 'A').toString('base64'))
      }
      yield Buffer.from('"}]}')
      while (endless) yield Buffer.from(' ')
    }
    const intake = await readBody(body(LIMIT), spool)
    expect(intake.files[0]?.size).toBe(LIMIT)
    await intake.discard()
    read = 0
    expect(await refusal(body(LIMIT + 1))).toMatchObject({ reason: 'too-large' })
    expect(await refusal(body(2 * LIMIT))).toMatchObject({ reason: 'too-large' })
    expect(read).toBeLessThan(2 * 81 + 2)
  })

  it('refuse spaces without end', async () => {
    async function* spaces() {
      for (;;) yield Buffer.alloc(65_536, ' ')
    }
    expect(await refusal(spaces())).toMatchObject({ reason: 'too-large' })
  })

  it('take 20 attachments and refuse the 21st', async () => {
    const intake = await readBody(inChunks(bodyWith(...Array(20).fill('QUJD'))), spool)
    expect(intake.files).toHaveLength(20)
    await intake.discard()
    expect(await refusal(bodyWith(...Array(21).fill('QUJD')))).toMatchObject({
      reason: 'too-many-attachments',
      path: 'attachments[20].content',
    })
  })
})

it('80 MiB need less than 50 MB of memory above idle, four at once', async () => {
  const script = fileURLToPath(new URL('./memory.child.ts', import.meta.url))
  expect(existsSync(script)).toBe(true)
  const { stdout } = await promisify(execFile)(process.execPath, [script, root])
  const { peakMb, sizes } = JSON.parse(stdout)
  expect(sizes).toEqual(Array(4).fill(83_886_080))
  expect(peakMb).toBeLessThan(50)
})
