import { randomUUID } from 'node:crypto'
import {
  chmodSync,
  closeSync,
  constants,
  existsSync,
  lstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { connect, createServer, type Server } from 'node:net'
import { join, resolve } from 'node:path'

/** Said to a person at start: what is in the way, and what to do. */
export class CannotStart extends Error {}

export interface DataFolder {
  readonly path: string
  /** Stays the same across restarts: work that this folder's last process left behind is ours to take up. */
  readonly id: string
  release(): Promise<void>
}

/** The path of a Unix socket may have at most so many bytes (104 on macOS, 108 on Linux, with the zero at its end). */
const LONGEST_SOCKET_PATH = 103

/**
 * Takes a data folder for this process alone. The lock is a listening socket, so it ends with the process however that ends.
 * @throws CannotStart when another process has it, or when another user of the machine could change what is in it
 */
export async function takeDataFolder(path: string): Promise<DataFolder> {
  const folder = resolve(path)
  try {
    mkdirSync(folder, { recursive: true, mode: 0o711 })
  } catch (error) {
    throw new CannotStart(`The data folder ${folder} cannot be made: ${(error as Error).message}. Choose another with DESKBRIDGE_DATA.`)
  }
  mustBeOurs(folder)
  const { socket, leave } = lockOf(folder)
  if (existsSync(socket)) {
    if (await someoneListens(socket))
      throw new CannotStart(`Another Deskbridge runs on the data folder ${folder}. Stop it, or choose another folder with DESKBRIDGE_DATA.`)
    rmSync(socket, { force: true })
  }
  const server = await listenOn(socket, folder)
  const release = () => new Promise<void>(done => server.close(() => done())).then(leave)
  return { path: folder, id: folderId(folder), release }
}

/**
 * Whether a Deskbridge runs on a data folder now.
 * @throws CannotStart when another user of the machine could change what is in it
 */
export async function isDataFolderInUse(path: string): Promise<boolean> {
  const folder = resolve(path)
  if (!existsSync(folder)) return false
  mustBeOurs(folder)
  const { socket, leave } = lockOf(folder)
  try {
    return existsSync(socket) && (await someoneListens(socket))
  } finally {
    leave()
  }
}

/** Whoever may write to the folder could put a link where we write, and so have us write anywhere. */
function mustBeOurs(folder: string): void {
  const me = process.getuid?.()
  if (me === undefined) return
  for (const { uid } of [lstatSync(folder), statSync(folder)])
    if (uid !== me && uid !== 0)
      throw new CannotStart(
        `The data folder ${folder} belongs to user ${uid}, and you are ${me}. Start Deskbridge as that user, or choose another folder with DESKBRIDGE_DATA.`,
      )
  const { uid, mode } = statSync(folder)
  if ((mode & 0o002) === 0) return
  // One that is everybody's by intention, like /tmp, is left as it is.
  if (uid !== me || (mode & 0o1000) !== 0)
    throw new CannotStart(
      `Every user may write to the data folder ${folder}. Choose a folder of its own: DESKBRIDGE_DATA=${join(folder, 'deskbridge')}`,
    )
  chmodSync(folder, mode & 0o7755)
}

/** Where the folder's path is too long for a socket it is reached through an open file, so nothing is made in a folder that others share. */
function lockOf(folder: string): { socket: string; leave: () => void } {
  const inside = join(folder, 'lock')
  if (Buffer.byteLength(inside) <= LONGEST_SOCKET_PATH) return { socket: inside, leave: () => {} }
  if (process.platform !== 'linux')
    throw new CannotStart(`The path of the data folder ${folder} is too long for its lock. Choose a shorter one with DESKBRIDGE_DATA.`)
  const open = openSync(folder, constants.O_RDONLY | constants.O_DIRECTORY)
  return { socket: `/proc/self/fd/${open}/lock`, leave: () => closeSync(open) }
}

function someoneListens(path: string): Promise<boolean> {
  return new Promise(answer => {
    const socket = connect(path)
    socket.once('connect', () => answer(true)).once('error', () => answer(false))
    socket.once('connect', () => socket.destroy())
  })
}

function listenOn(path: string, folder: string): Promise<Server> {
  return new Promise((done, failed) => {
    const server = createServer(socket => socket.on('error', () => {}).destroy())
    server.once('error', error =>
      failed(new CannotStart(`The data folder ${folder} cannot be locked: ${error.message}. Choose another with DESKBRIDGE_DATA.`)),
    )
    server.listen(path, () => {
      server.on('error', () => {})
      chmodSync(path, 0o600)
      server.unref()
      done(server)
    })
  })
}

function folderId(folder: string): string {
  const file = join(folder, 'id')
  if (!existsSync(file)) writeFileSync(file, randomUUID(), { mode: 0o600, flag: 'wx' })
  return readFileSync(file, 'utf8').trim()
}
