import { createHash, randomBytes } from 'node:crypto'
import { type FileHandle, mkdir, open as openFile, readdir, rm, stat } from 'node:fs/promises'
import { join, resolve, sep } from 'node:path'
import { Room, type RoomLimits } from './room.ts'

/** How much is written at once, and an intake has two of them. 64 KiB and 1 MiB take the same time; 1 MiB costs 15 MB more memory. */
const BLOCK = 256 * 1024
const FOLDER_NAME = /^[0-9a-f]{32}$/
/** Of a folder's name so much tells whose it is, also after a restart. */
const OWNER_LENGTH = 8
const FILE_NAME = /^[0-9]{1,4}$/

/** A file of the spool that was written whole. */
export class SpooledFile {
  /** The absolute path. */
  readonly path: string
  /** The name of the folder, one for each intake: what `sweep` is told to keep. */
  readonly folder: string
  /** The name within the folder. */
  readonly name: string
  readonly size: number
  /** Of its bytes, in hexadecimal. */
  readonly sha256: string

  constructor({ path, folder, name, size, sha256 }: Pick<SpooledFile, 'path' | 'folder' | 'name' | 'size' | 'sha256'>) {
    this.path = path
    this.folder = folder
    this.name = name
    this.size = size
    this.sha256 = sha256
  }
}

/** Whether a value of a document is a file; no JSON can be made to look like one. */
export function isSpooledFile(value: unknown): value is SpooledFile {
  return value instanceof SpooledFile
}

/** A file of the spool that is being written. */
export interface SpoolWriter {
  /** Copies the bytes; waits only when the disk is behind. */
  write(bytes: Uint8Array): Promise<void>
  finish(): Promise<SpooledFile>
  /** Closes the file as it is; the folder removes it. */
  abandon(): Promise<void>
}

/** A folder of the spool: the files of one intake, which are written one after the other. */
export interface SpoolFolder {
  readonly name: string
  create(): Promise<SpoolWriter>
  /** Removes the folder and its files. A second call does nothing. */
  remove(): Promise<void>
}

export interface Spool {
  /** Makes a new folder. */
  folder(): Promise<SpoolFolder>
}

/** Files on their way between partner and ServiceNow, in folders of the data folder. */
export interface OpenSpool {
  /**
   * The spool for one who sends files: what one of them has on its way, and what all have, is bounded; writing throws NoRoom beyond.
   * @param owner a project's id
   */
  of(owner: string): Spool
  /**
   * Removes all folders but those named here and those made since the start, and counts those that stay; returns how many it removed.
   * Only one process may use a root: another one's folders look like those of a crash.
   */
  sweep(keep: ReadonlySet<string>): Promise<number>
  /** The file again, from what was remembered of it before a restart. */
  recall(remembered: Pick<SpooledFile, 'folder' | 'name' | 'size' | 'sha256'>): SpooledFile
  /** Removes a folder by its name, also one from before a restart. */
  remove(folder: string): Promise<void>
  /** Whether the file is still there with the same size. */
  verify(file: SpooledFile): Promise<boolean>
  /**
   * The bytes of a file, in pieces of at most 256 KiB; fails at the end when they are not those that were written, and before a piece
   * when they may not go on.
   */
  stream(file: SpooledFile, mayGoOn?: () => boolean): ReadableStream<Uint8Array>
  /** What is on its way now, and the most that may be. */
  use(): { used: Readonly<RoomLimits>; limits: RoomLimits }
  /** The bytes that are at a path of this spool, unchecked. */
  read(path: string): ReadableStream<Uint8Array>
}

type OpenFile = (path: string, flags: string, mode?: number) => Promise<FileHandle>

/** Opens a spool that holds so much at most, making its folder if absent. `open` is there for tests of a disk that fails. */
export async function openSpool(root: string, { open = openFile, limits }: { open?: OpenFile; limits: RoomLimits }): Promise<OpenSpool> {
  const folderPath = resolve(root)
  await mkdir(folderPath, { recursive: true, mode: 0o700 })
  const live = new Set<string>()
  const room = new Room(limits)
  /** What each folder has of the room. */
  const taken = new Map<string, RoomLimits>()
  const ownerOf = (folder: string) => folder.slice(0, OWNER_LENGTH)
  const within = (folder: string, ...name: string[]) => {
    if (!FOLDER_NAME.test(folder) || !name.every(part => FILE_NAME.test(part))) throw new TypeError('Not a file of a spool')
    return join(folderPath, folder, ...name)
  }
  const remove = async (folder: string) => {
    await rm(within(folder), { recursive: true, force: true })
    live.delete(folder)
    const { bytes, files } = taken.get(folder) ?? { bytes: 0, files: 0 }
    taken.delete(folder)
    room.count(ownerOf(folder), { bytes: -bytes, files: -files })
  }
  const take = (folder: string, more: RoomLimits) => {
    room.take(ownerOf(folder), more)
    const sum = taken.get(folder) ?? { bytes: 0, files: 0 }
    taken.set(folder, { bytes: sum.bytes + more.bytes, files: sum.files + more.files })
  }
  const countWhatIsThere = async (folder: string) => {
    const sizes = await Promise.all((await readdir(within(folder))).map(async name => (await stat(join(within(folder), name))).size))
    const there = { bytes: sizes.reduce((sum, size) => sum + size, 0), files: sizes.length }
    taken.set(folder, there)
    room.count(ownerOf(folder), there)
  }
  const read = (path: string, expected?: SpooledFile, mayGoOn?: () => boolean) => {
    if (!resolve(path).startsWith(folderPath + sep)) throw new TypeError('Not a file of this spool')
    return pieces(path, expected, mayGoOn)
  }
  const folderOf = async (owner: string): Promise<SpoolFolder> => {
    const name = createHash('sha256').update(owner).digest('hex').slice(0, OWNER_LENGTH) + randomBytes(12).toString('hex')
    live.add(name)
    await mkdir(within(name), { mode: 0o700 }).catch(error => {
      live.delete(name)
      throw error
    })
    const blocks: Blocks = [undefined, undefined]
    let files = 0
    return {
      name,
      async create() {
        take(name, { bytes: 0, files: 1 })
        const file = { folder: name, name: String(files++) }
        const path = within(file.folder, file.name)
        const grows = (bytes: number) => take(name, { bytes, files: 0 })
        return writer(await open(path, 'wx', 0o600), blocks, { ...file, path }, grows)
      },
      remove: () => remove(name),
    }
  }
  return {
    of: owner => ({ folder: () => folderOf(owner) }),
    async sweep(keep) {
      const found = await readdir(folderPath)
      const left = found.filter(name => FOLDER_NAME.test(name) && !keep.has(name) && !live.has(name))
      for (const name of left) await remove(name)
      for (const name of found) if (FOLDER_NAME.test(name) && keep.has(name) && !taken.has(name)) await countWhatIsThere(name)
      return left.length
    },
    recall: ({ folder, name, size, sha256 }) => new SpooledFile({ path: within(folder, name), folder, name, size, sha256 }),
    remove,
    async verify({ path, size }) {
      const now = await stat(path).catch(() => undefined)
      return now?.isFile() === true && now.size === size
    },
    stream: (file, mayGoOn) => read(file.path, file, mayGoOn),
    use: () => ({ used: room.used, limits }),
    read: path => read(path),
  }
}

/** While one block is on its way to the disk the other one is filled. They are used again by the folder's next file. */
type Blocks = [Buffer | undefined, Buffer | undefined]

function writer(
  handle: FileHandle,
  blocks: Blocks,
  file: Pick<SpooledFile, 'path' | 'folder' | 'name'>,
  grows: (bytes: number) => void,
): SpoolWriter {
  const hash = createHash('sha256')
  let block = 0
  let filled = 0
  let size = 0
  let onItsWay = Promise.resolve()
  const flush = async () => {
    const bytes = blocks[block]!.subarray(0, filled)
    hash.update(bytes)
    size += filled
    // A failure shows here, at the latest at the end, and never as a rejection that nobody awaits.
    await onItsWay
    onItsWay = writeAll(handle, bytes)
    onItsWay.catch(() => undefined)
    block = 1 - block
    filled = 0
  }
  return {
    async write(bytes) {
      grows(bytes.length)
      for (let from = 0; from < bytes.length; ) {
        // Not zeroed: the pages that a small file does not reach cost no memory.
        const target = blocks[block] ?? Buffer.allocUnsafeSlow(BLOCK)
        blocks[block] = target
        const taken = Math.min(BLOCK - filled, bytes.length - from)
        target.set(bytes.subarray(from, from + taken), filled)
        filled += taken
        from += taken
        if (filled === BLOCK) await flush()
      }
    },
    async finish() {
      if (filled > 0) await flush()
      await onItsWay
      await handle.close()
      return new SpooledFile({ ...file, size, sha256: hash.digest('hex') })
    },
    async abandon() {
      await onItsWay.catch(() => undefined)
      await handle.close()
    },
  }
}

async function writeAll(handle: FileHandle, bytes: Buffer): Promise<void> {
  for (let from = 0; from < bytes.length; ) from += (await handle.write(bytes, from, bytes.length - from)).bytesWritten
}

/** A byte stream: a reader that brings its own buffer gets the bytes into it, and 80 MiB leave nothing to collect. */
function pieces(path: string, expected?: SpooledFile, mayGoOn = () => true): ReadableStream<Uint8Array> {
  let handle: FileHandle | undefined
  let size = 0
  const hash = createHash('sha256')
  const close = async () => {
    await handle?.close()
    handle = undefined
  }
  return new ReadableStream({
    type: 'bytes',
    async pull(controller) {
      const asked = controller.byobRequest
      const target = (asked?.view as Uint8Array<ArrayBuffer> | undefined) ?? Buffer.allocUnsafeSlow(BLOCK)
      try {
        if (!mayGoOn()) throw new Error(`The spooled file ${path} is not to be sent any further`)
        handle ??= await openFile(path, 'r')
        const { bytesRead } = await handle.read(target, 0, Math.min(BLOCK, target.byteLength))
        const bytes = target.subarray(0, bytesRead)
        size += bytesRead
        if (expected) hash.update(bytes)
        if (bytesRead === 0) {
          await close()
          if (expected && (size !== expected.size || hash.digest('hex') !== expected.sha256))
            throw new Error(`The spooled file ${path} is not what was written`)
          controller.close()
          asked?.respond(0)
        } else if (asked) asked.respond(bytesRead)
        else controller.enqueue(bytes)
      } catch (error) {
        await close().catch(() => undefined)
        throw error
      }
    },
    cancel: close,
  })
}
