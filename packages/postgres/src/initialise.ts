import { type ChildProcess, spawn } from 'node:child_process'
import { chmodSync, chownSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { giveFolder, NOBODY, type OwnUser } from './own-user.ts'
import { PostgresUnavailable } from './unavailable.ts'

export const SUPERUSER = 'deskbridge'
/** Of its socket's name alone. */
export const PORT = 5432

/** What makes a folder a database; it comes last. */
const MARK = 'PG_VERSION'
const WORKPLACE = 'initialising'

/**
 * Makes a database in a folder, unless there is one. One that was interrupted is begun anew.
 *
 * `initdb` wants to know its user's name, and a user of one's own has none. So for root it works as `nobody`, but in a group of its own,
 * behind a folder that only this group enters: other processes of `nobody` neither get there nor may they look into it (ptrace(2):
 * the group must be the same too). Then everything is given to the database's own user.
 * @throws PostgresUnavailable
 */
export async function initialiseFolder(native: string, data: string, user: OwnUser | undefined): Promise<void> {
  if (existsSync(join(data, MARK))) return
  const workplace = join(data, WORKPLACE)
  if (existsSync(workplace)) for (const name of readdirSync(data)) rmSync(join(data, name), { recursive: true })
  const found = readdirSync(data).filter(name => name !== 'lost+found')
  if (found.length > 0)
    throw new PostgresUnavailable(`${data} is no database, and it is not empty (${found[0]}). Choose another folder with DESKBRIDGE_DATA.`)
  mkdirSync(workplace, { mode: 0o700 })
  if (user) {
    chownSync(data, 0, user.gid)
    chmodSync(data, 0o710)
    chownSync(workplace, NOBODY, user.gid)
  }
  await runInitdb(native, workplace, user && { uid: NOBODY, gid: user.gid })
  if (user) {
    chmodSync(data, 0o700)
    giveFolder(workplace, user)
  }
  for (const name of readdirSync(workplace).filter(name => name !== MARK)) renameSync(join(workplace, name), join(data, name))
  renameSync(join(workplace, MARK), join(data, MARK))
  rmSync(workplace, { recursive: true })
  if (user) chownSync(data, user.uid, user.gid)
}

async function runInitdb(native: string, folder: string, user: OwnUser | undefined): Promise<void> {
  const child = spawn(
    join(native, 'bin', 'initdb'),
    [
      '-D',
      folder,
      '-U',
      SUPERUSER,
      '--auth=trust',
      '--encoding=UTF8',
      '--locale-provider=builtin',
      '--locale=C.UTF-8',
      '--no-instructions',
    ],
    { ...user, cwd: '/', stdio: ['ignore', 'ignore', 'pipe'], env: serverEnvironment(native) },
  )
  const said = collectOutput(child)
  const code = await new Promise(done => child.once('close', done).once('error', done))
  if (code !== 0) throw new PostgresUnavailable(`PostgreSQL could not make its database in ${folder}: ${said() || String(code)}`)
}

export function serverEnvironment(native: string): NodeJS.ProcessEnv {
  return { PATH: process.env.PATH, LC_ALL: 'C', TZ: 'UTC', LD_LIBRARY_PATH: join(native, 'lib') }
}

/** Keeps the last 2,000 characters that a process says on its error channel. */
export function collectOutput(child: ChildProcess): () => string {
  let text = ''
  child.stderr?.on('data', (piece: Buffer) => {
    text = (text + piece.toString()).slice(-2_000)
  })
  return () => text.trim()
}
