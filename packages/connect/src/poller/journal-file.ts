import { type FileHandle, open, readFile, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { crc32 } from 'node:zlib'
import { ConnectError } from '../calling/connect-error.ts'

const NEWLINE = 0x0a

/** Only its owner reads it, whatever folder it is in: it holds what is in the tickets. */
const PRIVATE = 0o600

/** Eight hexadecimal digits and a space before each line's JSON. */
const CHECKSUM = 9

/**
 * An append-only file of checksummed JSON lines. A line is on disk (fdatasync) before `append` is fulfilled, and only one is ever
 * under way: so after a kill or a power cut at most the last line is torn, and nothing was built upon it. Opening takes a torn
 * tail away; a bad line with good ones after it is damage that nothing here can have caused, and is refused.
 */
export class JournalFile {
  readonly path: string
  /** Bytes of a torn tail that was taken away at opening. */
  readonly repaired: number
  #file: FileHandle
  /** End of the last line known to be on disk. */
  #end: number
  #dirty = false
  #renamed = false

  private constructor(path: string, file: FileHandle, end: number, repaired: number) {
    this.path = path
    this.#file = file
    this.#end = end
    this.repaired = repaired
  }

  /**
   * @param take is given the records of the file, in order.
   * @throws ConnectError `journal_damaged`.
   */
  static async open(path: string, take: (record: unknown) => void): Promise<JournalFile> {
    // Left by a compaction that was killed before it took the journal's place.
    await rm(newPath(path), { force: true })
    const file = await open(path, 'a+', PRIVATE)
    try {
      await syncFolder(path)
      const { end, size } = readLines(await readFile(path), path, take)
      if (end < size) {
        await file.truncate(end)
        await file.datasync()
      }
      return new JournalFile(path, file, end, size - end)
    } catch (error) {
      await file.close()
      throw error
    }
  }

  get size(): number {
    return this.#end
  }

  /** Adds one line. A failed attempt (a full disk) leaves no trace and may be made again. */
  async append(record: unknown): Promise<void> {
    const line = checksummedLine(record)
    await this.#settleName()
    if (this.#dirty) {
      await this.#file.truncate(this.#end)
      this.#dirty = false
    }
    this.#dirty = true
    await this.#file.writeFile(line)
    await this.#file.datasync()
    this.#dirty = false
    this.#end += line.length
  }

  /** Puts these records in the place of the whole file; a kill leaves either the old file or the new one. */
  async replace(records: Iterable<unknown>): Promise<void> {
    const lines = Buffer.concat([...records].map(checksummedLine))
    const path = newPath(this.path)
    await rm(path, { force: true })
    const file = await open(path, 'ax', PRIVATE)
    try {
      await file.writeFile(lines)
      await file.sync()
      await rename(path, this.path)
    } catch (error) {
      await file.close()
      throw error
    }
    // From here on the new file is the journal, whatever else fails: a line in the old one would be lost.
    const old = this.#file
    this.#file = file
    this.#end = lines.length
    this.#dirty = false
    this.#renamed = true
    await old.close()
    await this.#settleName()
  }

  /** Until its folder is on disk a power cut may bring the old file back, so no line goes into the new one before. */
  async #settleName(): Promise<void> {
    if (!this.#renamed) return
    await syncFolder(this.path)
    this.#renamed = false
  }

  async close(): Promise<void> {
    await this.#file.close()
  }
}

/** Reads the good lines of a journal without opening it for writing. */
export async function readJournalFile(path: string, take: (record: unknown) => void): Promise<void> {
  readLines(await readFile(path), path, take)
}

function readLines(bytes: Buffer, path: string, take: (record: unknown) => void): { end: number; size: number } {
  let end = 0
  while (end < bytes.length) {
    const newline = bytes.indexOf(NEWLINE, end)
    const record = newline === -1 ? undefined : recordOf(bytes.subarray(end, newline))
    if (record === undefined) {
      if (newline !== -1) refuseDamage(bytes, newline + 1, end, path)
      break
    }
    take(record.value)
    end = newline + 1
  }
  return { end, size: bytes.length }
}

function refuseDamage(bytes: Buffer, from: number, bad: number, path: string): void {
  for (let at = from; at < bytes.length; ) {
    const newline = bytes.indexOf(NEWLINE, at)
    if (newline === -1) return
    if (recordOf(bytes.subarray(at, newline)) !== undefined) {
      throw new ConnectError({
        status: 0,
        code: 'journal_damaged',
        message: `${path} is damaged at byte ${bad}: a line does not match its checksum, but later lines do`,
        hint: 'Restore the folder from a copy, or start with a new folder and `startAt` a time before the damage.',
        retryable: false,
      })
    }
    at = newline + 1
  }
}

function recordOf(line: Buffer): { value: unknown } | undefined {
  const json = line.subarray(CHECKSUM)
  if (line.toString('latin1', 0, CHECKSUM) !== checksum(json)) return undefined
  return { value: JSON.parse(json.toString('utf8')) }
}

function checksummedLine(record: unknown): Buffer {
  const json = Buffer.from(JSON.stringify(record))
  return Buffer.concat([Buffer.from(checksum(json)), json, Buffer.of(NEWLINE)])
}

function checksum(json: Buffer): string {
  return `${crc32(json).toString(16).padStart(8, '0')} `
}

function newPath(path: string): string {
  return `${path}.new`
}

/** A file's name is on disk only when its folder is. */
async function syncFolder(path: string): Promise<void> {
  if (process.platform === 'win32') return // Windows has no handle for a folder, and keeps names with its own journal.
  const folder = await open(dirname(path), 'r')
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}
