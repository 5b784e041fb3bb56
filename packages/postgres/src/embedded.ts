import { type ChildProcess, spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { chmodSync, chownSync, existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import pg from 'pg'
import { closedFolder, NOBODY, PostgresUnavailable, postgresBinaries } from './binaries.ts'

export { PostgresUnavailable } from './binaries.ts'

const SUPERUSER = 'deskbridge'
const PORT = 5432
/** A Unix socket's path may have at most 107 bytes (Linux, unix(7)); `.s.PGSQL.5432` takes 14 of them. */
const LONGEST_SOCKET_FOLDER = 92
const START_LIMIT_MS = 30_000
const OLD_SERVER_LIMIT_MS = 15_000
const STOP_LIMIT_MS = 20_000

export interface RunningPostgres {
  /** A connection address for a database of this server; without a name, the one made for Deskbridge. */
  url(database?: string): string
  /** Ends the server and waits until it has written everything. */
  stop(): Promise<void>
  /** Settles when the server ends for whatever reason. */
  readonly ended: Promise<void>
}

export interface PostgresSettings {
  /** The folder that holds the database; made if absent. */
  folder: string
  /** Server connections, at most. Default 60. */
  maxConnections?: number
  /** Further `name=value` settings, as in postgresql.conf. */
  settings?: Record<string, string>
}

/**
 * Starts the PostgreSQL that came with npm in a folder, making the database on the first start.
 *
 * It listens on a Unix socket only. It ends with this process, also when this process is killed: a shell holds the
 * other end of a pipe and stops the server when the pipe closes. Measured: 43 to 79 ms on an existing folder.
 * @throws PostgresUnavailable with a sentence that says what to change.
 */
export async function startPostgres({ folder, maxConnections = 60, settings = {} }: PostgresSettings): Promise<RunningPostgres> {
  const native = postgresBinaries()
  const data = resolve(folder)
  const user = asWhom(data)
  await oldServerGone(data)
  if (!existsSync(join(data, 'PG_VERSION'))) await initialise(native, data, user)
  const sockets = socketFolder(data, user)
  const server = run(native, data, user, {
    listen_addresses: '',
    port: String(PORT),
    unix_socket_directories: sockets,
    unix_socket_permissions: '0700',
    max_connections: String(maxConnections),
    shared_buffers: '64MB',
    autovacuum_naptime: '10s',
    log_min_messages: 'warning',
    ...settings,
  })
  const url = (database = SUPERUSER) => `postgresql://${SUPERUSER}@localhost:${PORT}/${database}?host=${encodeURIComponent(sockets)}`
  await answering(url('postgres'), server)
  await makeDatabase(url('postgres'))
  return { url, stop: server.stop, ended: server.ended }
}

interface Whom {
  uid?: number
  gid?: number
}

function asWhom(data: string): Whom {
  mkdirSync(data, { recursive: true, mode: 0o700 })
  if (process.getuid?.() !== 0) return {}
  const closed = closedFolder(resolve(data, '..'))
  if (closed)
    throw new PostgresUnavailable(
      `You are root, and PostgreSQL does not run as root, so it runs as the user "nobody", who may not enter ${closed}. ` +
        `Put the data elsewhere (DESKBRIDGE_DATA=/var/lib/deskbridge), or run as an ordinary user, or allow it: chmod o+x ${closed}`,
    )
  chownSync(data, NOBODY, NOBODY)
  return { uid: NOBODY, gid: NOBODY }
}

function socketFolder(data: string, user: Whom): string {
  if (Buffer.byteLength(data) <= LONGEST_SOCKET_FOLDER) return data
  const folder = join(tmpdir(), `deskbridge-${createHash('sha256').update(data).digest('hex').slice(0, 16)}`)
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  chmodSync(folder, 0o700)
  if (user.uid !== undefined && user.gid !== undefined) chownSync(folder, user.uid, user.gid)
  return folder
}

async function initialise(native: string, data: string, user: Whom): Promise<void> {
  const child = spawn(
    join(native, 'bin', 'initdb'),
    ['-D', data, '-U', SUPERUSER, '--auth=trust', '--encoding=UTF8', '--locale-provider=builtin', '--locale=C.UTF-8', '--no-instructions'],
    { ...user, cwd: '/', stdio: ['ignore', 'ignore', 'pipe'], env: environment(native) },
  )
  const said = listen(child)
  const code = await new Promise(done => child.once('close', done).once('error', done))
  if (code === 0) return
  for (const name of existsSync(data) && !existsSync(join(data, 'PG_VERSION')) ? [] : ['PG_VERSION'])
    rmSync(join(data, name), { force: true })
  throw new PostgresUnavailable(`PostgreSQL could not make its database in ${data}: ${said() || String(code)}`)
}

function environment(native: string): NodeJS.ProcessEnv {
  return { PATH: process.env.PATH, LC_ALL: 'C', TZ: 'UTC', LD_LIBRARY_PATH: join(native, 'lib') }
}

/** Keeps the last 2,000 characters that a process says on its error channel. */
function listen(child: ChildProcess): () => string {
  let text = ''
  child.stderr?.on('data', (piece: Buffer) => {
    text = (text + piece.toString()).slice(-2_000)
  })
  return () => text.trim()
}

/** Runs its arguments, and interrupts them when standard input closes, which it does when we die in any way. */
const WATCHED = 'exec 3<&0; "$0" "$@" 3<&- </dev/null & p=$!; (cat <&3 >/dev/null; kill -INT $p) & exec 3<&-; wait $p'

function run(native: string, data: string, user: Whom, settings: Record<string, string>) {
  const options = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  const child = spawn('sh', ['-c', WATCHED, join(native, 'bin', 'postgres'), '-D', data, ...options], {
    ...user,
    cwd: '/',
    stdio: ['pipe', 'ignore', 'pipe'],
    env: environment(native),
    // A Ctrl-C in the terminal must reach us first: we finish what was accepted, then end the server.
    detached: true,
  })
  const said = listen(child)
  const ended = new Promise<void>(done => {
    child.once('close', () => done())
    child.once('error', () => done())
  })
  child.stdin?.on('error', () => {})
  return {
    said,
    ended,
    exited: () => child.exitCode !== null,
    stop: async () => {
      child.stdin?.end()
      // One that stands still does not hear it.
      const late = setTimeout(() => child.pid && process.kill(-child.pid, 'SIGKILL'), STOP_LIMIT_MS)
      await ended
      clearTimeout(late)
    },
  }
}

/** When the server ends, what was asked of it fails; without a listener Node would end the process. */
function clientOf(url: string): pg.Client {
  const client = new pg.Client({ connectionString: url })
  client.on('error', () => {})
  return client
}

async function answering(url: string, server: ReturnType<typeof run>): Promise<void> {
  const limit = Date.now() + START_LIMIT_MS
  for (;;) {
    const client = clientOf(url)
    try {
      await client.connect()
      await client.end()
      return
    } catch (error) {
      await client.end().catch(() => {})
      if (server.exited() || Date.now() > limit) {
        await server.stop()
        throw new PostgresUnavailable(`PostgreSQL did not start: ${server.said() || String(error)}`)
      }
      await pause(10)
    }
  }
}

async function makeDatabase(url: string): Promise<void> {
  const client = clientOf(url)
  await client.connect()
  try {
    const { rowCount } = await client.query('select from pg_database where datname = $1', [SUPERUSER])
    if (!rowCount) await client.query(`create database ${SUPERUSER}`)
  } finally {
    await client.end()
  }
}

/** After a kill the watched server needs a moment to end (seen: 0.7 s); until then the folder is still its own. */
async function oldServerGone(data: string): Promise<void> {
  const limit = Date.now() + OLD_SERVER_LIMIT_MS
  while (oldServerRuns(data)) {
    if (Date.now() > limit)
      throw new PostgresUnavailable(
        `Another PostgreSQL (process ${oldServer(data)}) runs on ${data}. End it, or choose another folder with DESKBRIDGE_DATA.`,
      )
    await pause(50)
  }
}

function oldServer(data: string): number | undefined {
  try {
    return Number(readFileSync(join(data, 'postmaster.pid'), 'utf8').split('\n', 1)[0])
  } catch {
    return undefined
  }
}

function oldServerRuns(data: string): boolean {
  const pid = oldServer(data)
  if (!pid) return false
  try {
    process.kill(pid, 0)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(data)
  } catch {
    return process.platform !== 'linux'
  }
}
