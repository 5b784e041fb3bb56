import { createHash, randomUUID } from 'node:crypto'
import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { connect, createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'

/** Said to a person at start: what is in the way, and what to do. */
export class CannotStart extends Error {}

export interface DataFolder {
  readonly path: string
  /** Stays the same across restarts: work that this folder's last process left behind is ours to take up. */
  readonly id: string
  release(): Promise<void>
}

/**
 * Takes a data folder for this process alone. The lock is a listening socket, so it ends with the process however that ends.
 * @throws CannotStart when another process has it.
 */
export async function takeDataFolder(path: string): Promise<DataFolder> {
  const folder = resolve(path)
  try {
    mkdirSync(folder, { recursive: true, mode: 0o711 })
  } catch (error) {
    throw new CannotStart(`The data folder ${folder} cannot be made: ${(error as Error).message}. Choose another with DESKBRIDGE_DATA.`)
  }
  const socket = socketPath(folder)
  if (existsSync(socket)) {
    if (await someoneListens(socket))
      throw new CannotStart(`Another Deskbridge runs on the data folder ${folder}. Stop it, or choose another folder with DESKBRIDGE_DATA.`)
    rmSync(socket, { force: true })
  }
  const server = await listenOn(socket, folder)
  return { path: folder, id: folderId(folder), release: () => new Promise(done => server.close(() => done())) }
}

function socketPath(folder: string): string {
  const inside = join(folder, 'lock')
  if (Buffer.byteLength(inside) < 104) return inside
  return join(tmpdir(), `deskbridge-${createHash('sha256').update(folder).digest('hex').slice(0, 24)}.lock`)
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
  if (!existsSync(file)) writeFileSync(file, randomUUID(), { mode: 0o600 })
  return readFileSync(file, 'utf8').trim()
}
