import { chmod, mkdtemp, open, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { numberedUpdates } from '../testing/queue-server.ts'
import { readJournal, UpdateJournal } from './journal.ts'
import { JournalFile } from './journal-file.ts'

const QUEUE = { queue: 'us', startAt: '1970-01-01T00:00:00Z' }
const UPDATES = numberedUpdates(40)

let folder = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'connect-journal-'))
})
afterEach(async () => {
  vi.restoreAllMocks()
  await rm(folder, { recursive: true })
})

const open_ = (compactBytes?: number) => UpdateJournal.open({ folder, ...QUEUE, compactBytes })
const ids = (updates: readonly { transaction_id: string }[]) => updates.map(({ transaction_id }) => transaction_id)

test('what was stored and handed over is there again after opening', async () => {
  const journal = await open_()
  expect(await journal.store(UPDATES.slice(0, 3))).toBe(3)
  await journal.recordHanded()
  expect(await journal.store(UPDATES.slice(1, 5))).toBe(2)
  await journal.close()
  const again = await open_()
  expect(again.content).toEqual(journal.content)
  expect(again.content.waiting).toEqual(UPDATES.slice(1, 5))
  expect(again.content).toMatchObject({ stored: 5, handed: 1, position: { transaction_id: UPDATES[4]?.transaction_id } })
  await again.close()
})

test('a journal cut at any byte opens as it was at some earlier moment, and goes on', async () => {
  const journal = await open_()
  const moments: string[] = []
  const note = () => moments.push(JSON.stringify(ids(journal.content.waiting)))
  note()
  for (const step of [0, 1, 2]) {
    await journal.store(UPDATES.slice(step * 2, step * 2 + 2))
    note()
    await journal.recordHanded()
    note()
  }
  await journal.close()
  const whole = await readFile(join(folder, 'journal'))
  const seen = new Set<string>()
  for (let cut = whole.indexOf(10) + 1; cut <= whole.length; cut += 3) {
    await writeFile(join(folder, 'journal'), whole.subarray(0, cut))
    const torn = await open_()
    const now = JSON.stringify(ids(torn.content.waiting))
    expect(moments).toContain(now)
    seen.add(now)
    await torn.store(UPDATES.slice(0, 10))
    await torn.close()
    const mended = await readJournal(folder)
    expect([...mended.remembered]).toEqual(ids(UPDATES.slice(0, 10)))
  }
  expect(seen.size).toBe(moments.length)
})

test('a changed byte before good lines is refused, not passed over', async () => {
  const journal = await open_()
  await journal.store(UPDATES.slice(0, 3))
  await journal.recordHanded()
  await journal.close()
  const path = join(folder, 'journal')
  const bytes = await readFile(path)
  const at = bytes.indexOf(10) + 200
  bytes.writeUInt8(bytes.readUInt8(at) ^ 1, at)
  await writeFile(path, bytes)
  await expect(open_()).rejects.toMatchObject({ code: 'journal_damaged' })
  expect((await readFile(path)).equals(bytes)).toBe(true)
})

test('compacting forgets nothing that matters, and keeps the file small', async () => {
  const journal = await open_(3000)
  const many = numberedUpdates(400)
  for (let at = 0; at < many.length; at += 10) {
    await journal.store(many.slice(at, at + 10))
    for (let handed = 0; handed < 9; handed++) await journal.recordHanded()
    const beside = await readJournal(folder)
    expect(ids(beside.waiting)).toEqual(ids(journal.content.waiting))
    expect([...beside.remembered]).toEqual([...journal.content.remembered])
    expect(beside.tickets).toEqual(journal.content.tickets)
    expect(beside).toMatchObject({ stored: at + 10, handed: journal.content.handed, position: journal.content.position })
  }
  await journal.close()
  // 400 updates are 160 kB; what stays is 400 ids and the 40 that wait.
  expect((await stat(join(folder, 'journal'))).size).toBeLessThan(80_000)
})

test('only its owner reads a journal, new or compacted, in whatever folder', async () => {
  await chmod(folder, 0o755)
  const journal = await open_(3000)
  const mode = async () => (await stat(join(folder, 'journal'))).mode & 0o777
  expect(await mode()).toBe(0o600)
  // A new file is in its place afterwards.
  await chmod(join(folder, 'journal'), 0o644)
  for (let at = 0; at < UPDATES.length; at += 10) await journal.store(UPDATES.slice(at, at + 10))
  expect(await mode()).toBe(0o600)
  await journal.close()
})

test('a compaction that was killed half-way is as if it had not begun', async () => {
  const journal = await open_()
  await journal.store(UPDATES)
  await journal.close()
  await writeFile(join(folder, 'journal.new'), 'half of a')
  const again = await open_()
  expect(again.content.waiting).toHaveLength(40)
  await again.close()
  await expect(stat(join(folder, 'journal.new'))).rejects.toThrow('ENOENT')
})

test('a line that the disk refused half-way leaves no trace', async () => {
  const path = join(folder, 'lines')
  const file = await JournalFile.open(path, () => undefined)
  await file.append({ n: 1 })
  const handle = await open(path)
  const prototype = Object.getPrototypeOf(handle)
  await handle.close()
  const real = prototype.writeFile
  vi.spyOn(prototype, 'writeFile').mockImplementationOnce(async function (this: unknown, line: unknown) {
    await real.call(this, (line as Buffer).subarray(0, 5))
    throw new Error('ENOSPC: no space left on device')
  })
  await expect(file.append({ n: 2 })).rejects.toThrow('ENOSPC')
  await file.append({ n: 3 })
  await file.close()
  const records: unknown[] = []
  const again = await JournalFile.open(path, record => records.push(record))
  expect(records).toEqual([{ n: 1 }, { n: 3 }])
  expect(again.repaired).toBe(0)
  await again.close()
})

test('each line is on disk before it counts', async () => {
  const path = join(folder, 'lines')
  const file = await JournalFile.open(path, () => undefined)
  const handle = await open(path)
  const prototype = Object.getPrototypeOf(handle)
  await handle.close()
  const order: string[] = []
  const { writeFile: write, datasync } = prototype
  vi.spyOn(prototype, 'writeFile').mockImplementation(async function (this: unknown, ...given: unknown[]) {
    order.push('write')
    await write.apply(this, given)
  })
  vi.spyOn(prototype, 'datasync').mockImplementation(async function (this: unknown) {
    await datasync.call(this)
    order.push('on disk')
  })
  await file.append({ n: 1 })
  order.push('counts')
  expect(order).toEqual(['write', 'on disk', 'counts'])
  await file.close()
})

test('the folder of one queue is not taken for another', async () => {
  await (await open_()).close()
  const other = UpdateJournal.open({ folder, ...QUEUE, queue: 'them' })
  await expect(other).rejects.toMatchObject({ code: 'other_queue', hint: expect.stringContaining('queue: "us"') })
})
