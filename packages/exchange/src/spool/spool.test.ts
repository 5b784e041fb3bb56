import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ampleSpool, seededBytes } from './intake/testing.ts'
import { NoRoom } from './room.ts'
import { isSpooledFile, type OpenSpool, openSpool, type Spool, type SpooledFile } from './spool.ts'

let root: string
let spool: OpenSpool & Spool

beforeEach(async () => {
  root = join(mkdtempSync(join(tmpdir(), 'deskbridge-spool-')), 'spool')
  spool = await ampleSpool(root)
})
afterEach(() => rmSync(join(root, '..'), { recursive: true, force: true }))

async function spooled(bytes: Buffer): Promise<SpooledFile> {
  const writer = await (await spool.folder()).create()
  await writer.write(bytes)
  return writer.finish()
}

async function collected(stream: ReadableStream<Uint8Array>): Promise<Buffer[]> {
  const pieces: Buffer[] = []
  for await (const piece of stream) pieces.push(Buffer.from(piece))
  return pieces
}

describe('the spool', () => {
  it('makes its folder, for the owner only', () => {
    expect(statSync(root).mode & 0o777).toBe(0o700)
  })

  it('gives the bytes of a file in pieces of 256 KiB', async () => {
    const bytes = seededBytes(600_000)
    const file = await spooled(bytes)
    const pieces = await collected(spool.stream(file))
    expect(pieces.map(piece => piece.length)).toEqual([262_144, 262_144, 75_712])
    expect(Buffer.concat(pieces).equals(bytes)).toBe(true)
    expect(Buffer.concat(await collected(spool.read(file.path))).equals(bytes)).toBe(true)
    expect(await collected(spool.stream(await spooled(Buffer.alloc(0))))).toEqual([])
  })

  it('knows a file that is gone or has another size', async () => {
    const file = await spooled(seededBytes(100))
    expect(await spool.verify(file)).toBe(true)
    truncateSync(file.path, 99)
    expect(await spool.verify(file)).toBe(false)
    rmSync(file.path)
    expect(await spool.verify(file)).toBe(false)
  })

  it('fails to stream a file that is gone, shorter, or not what was written', async () => {
    const file = await spooled(seededBytes(300_000))
    writeFileSync(file.path, Buffer.alloc(300_000))
    await expect(collected(spool.stream(file))).rejects.toThrow('is not what was written')
    truncateSync(file.path, 5)
    await expect(collected(spool.stream(file))).rejects.toThrow('is not what was written')
    rmSync(file.path)
    await expect(collected(spool.stream(file))).rejects.toThrow('ENOENT')
  })

  it('closes a file whose reader goes away', async () => {
    const file = await spooled(seededBytes(600_000))
    const openFiles = () => readdirSync('/proc/self/fd').length
    const before = openFiles()
    for (let reader = 0; reader < 5; reader++) {
      const stream = spool.stream(file).getReader()
      await stream.read()
      await stream.cancel()
    }
    expect(openFiles()).toBe(before)
  })

  it('sweeps away what a crash left and keeps what an unfinished write owns', async () => {
    const [kept, left] = [await spooled(seededBytes(10)), await spooled(seededBytes(10))]
    const restarted = await ampleSpool(root)
    writeFileSync(join(root, 'README'), 'somebody put this here')
    mkdirSync(join(root, 'lost+found'))
    const young = await restarted.folder()
    expect(await restarted.sweep(new Set([kept.folder]))).toBe(1)
    expect(readdirSync(root).sort()).toEqual([kept.folder, young.name, 'README', 'lost+found'].sort())
    expect(await restarted.verify(left)).toBe(false)
    const recalled = restarted.recall(JSON.parse(JSON.stringify(kept)))
    expect(recalled).toEqual(kept)
    expect(isSpooledFile(recalled)).toBe(true)
    expect(await restarted.verify(recalled)).toBe(true)
    await restarted.remove(kept.folder)
    await restarted.remove(kept.folder)
    expect(await restarted.verify(recalled)).toBe(false)
  })

  it('holds so much at most, of each who sends a quarter; what is removed is room again, and what a restart finds counts', async () => {
    const limits = { bytes: 4_000, files: 40 }
    const small = await openSpool(root, { limits })
    const send = async (owner: string, size: number, from = small) => {
      const folder = await from.of(owner).folder()
      const file = await folder.create()
      const sent = await file.write(seededBytes(size)).then(
        () => file.finish(),
        (error: NoRoom) => error,
      )
      return { folder, sent }
    }
    const first = await send('north', 900)
    const refused = await send('north', 101)
    expect(refused.sent).toMatchObject({ whose: 'own', used: { bytes: 900, files: 2 }, limits: { bytes: 1_000, files: 10 } })
    for (const owner of ['south', 'east', 'west']) expect((await send(owner, 1_000)).sent).not.toBeInstanceOf(NoRoom)
    expect((await send('another', 101)).sent).toMatchObject({ whose: 'all', limits })
    const restarted = await openSpool(root, { limits })
    await restarted.sweep(new Set(readdirSync(root)))
    expect((await send('north', 101, restarted)).sent).toMatchObject({ whose: 'own', used: { bytes: 900 } })
    await restarted.remove(first.folder.name)
    expect((await send('north', 900, restarted)).sent).not.toBeInstanceOf(NoRoom)
  })

  it('counts files too, however small', async () => {
    const small = await openSpool(root, { limits: { bytes: 4_000, files: 8 } })
    const folder = await small.of('north').folder()
    await folder.create()
    await folder.create()
    await expect(folder.create()).rejects.toMatchObject({ whose: 'own', used: { bytes: 0, files: 2 } })
  })

  it('takes nothing else for a file of its own', () => {
    expect(isSpooledFile({ path: '/etc/passwd', folder: 'f', name: '0', size: 1, sha256: '' })).toBe(false)
    expect(isSpooledFile(undefined)).toBe(false)
    expect(() => spool.read('/etc/passwd')).toThrow('Not a file of this spool')
    expect(() => spool.read(join(root, '../other'))).toThrow('Not a file of this spool')
    expect(() => spool.recall({ folder: '..', name: '0', size: 1, sha256: '' })).toThrow('Not a file of a spool')
    expect(() => spool.recall({ folder: '0'.repeat(32), name: '../0', size: 1, sha256: '' })).toThrow('Not a file of a spool')
  })

  it('removes nothing outside of its folders', async () => {
    await expect(spool.remove('..')).rejects.toThrow('Not a file of a spool')
    await expect(spool.remove('')).rejects.toThrow('Not a file of a spool')
    expect(statSync(root).isDirectory()).toBe(true)
  })
})
