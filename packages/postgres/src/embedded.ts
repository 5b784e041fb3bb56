import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { findBinaries } from './binaries.ts'
import { clientOf } from './client.ts'
import { collectOutput, initialiseFolder, PORT, SUPERUSER, serverEnvironment } from './initialise.ts'
import { waitForOldServer } from './old-server.ts'
import { chooseUser, makeDatabaseFolder, type OwnUser } from './own-user.ts'
import { isWrongPassword, openEntrance, PASSWORD_FILE } from './password.ts'
import { makeSocketFolder } from './socket-folder.ts'
import { PostgresUnavailable } from './unavailable.ts'

export { PostgresUnavailable } from './unavailable.ts'

const START_LIMIT_MS = 30_000
const STOP_LIMIT_MS = 20_000

/** A PostgreSQL server that was started here; it ends with this process. */
export interface RunningPostgres {
  /**
   * A connection address for a database of this server; without a name, the one made for Deskbridge. It holds the password: it goes to
   * other processes in their environment, never as an argument, which every user of the machine may read.
   */
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
 * It listens on a Unix socket only, which only the folder's owner gets to, and asks for a password that is in the folder. Started as
 * root it runs as a user of its own that no account has. It ends with this process, also when this process is killed: a shell holds the
 * other end of a pipe and stops the server when the pipe closes. Measured: 43 to 79 ms on an existing folder.
 * @throws PostgresUnavailable with a sentence that says what to change.
 */
export async function startPostgres({ folder, maxConnections = 60, settings = {} }: PostgresSettings): Promise<RunningPostgres> {
  const data = makeDatabaseFolder(folder)
  await waitForOldServer(data)
  const native = findBinaries(data)
  const user = chooseUser(data)
  await initialiseFolder(native, data, user)
  const { password, close } = openEntrance(data, user)
  const sockets = makeSocketFolder(data)
  const server = run(native, data, user, {
    listen_addresses: '',
    port: String(PORT),
    unix_socket_directories: sockets.forServer,
    unix_socket_permissions: '0700',
    max_connections: String(maxConnections),
    shared_buffers: '64MB',
    autovacuum_naptime: '10s',
    log_min_messages: 'warning',
    ...settings,
  })
  server.ended.then(sockets.leave)
  const url = (database = SUPERUSER) =>
    `postgresql://${SUPERUSER}:${password}@localhost:${PORT}/${database}?host=${encodeURIComponent(sockets.forClients)}`
  try {
    await waitUntilAnswering(url('postgres'), server, data)
    await close({ url: url('postgres'), user: SUPERUSER })
    await makeDatabase(url('postgres'))
  } catch (error) {
    await server.stop()
    throw error
  }
  return { url, stop: server.stop, ended: server.ended }
}

/** Runs its arguments, and interrupts them when standard input closes, which it does when we die in any way. */
const WATCHED = 'exec 3<&0; "$0" "$@" 3<&- </dev/null & p=$!; (cat <&3 >/dev/null; kill -INT $p) & exec 3<&-; wait $p'

function run(native: string, data: string, user: OwnUser | undefined, settings: Record<string, string>) {
  const options = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  const child = spawn('sh', ['-c', WATCHED, join(native, 'bin', 'postgres'), '-D', data, ...options], {
    ...user,
    cwd: '/',
    stdio: ['pipe', 'ignore', 'pipe'],
    env: serverEnvironment(native),
    // A Ctrl-C in the terminal must reach us first: we finish what was accepted, then end the server.
    detached: true,
  })
  const said = collectOutput(child)
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
      // A stopped process (SIGSTOP) takes no signal but SIGKILL.
      const late = setTimeout(() => child.pid && process.kill(-child.pid, 'SIGKILL'), STOP_LIMIT_MS)
      await ended
      clearTimeout(late)
    },
  }
}

async function waitUntilAnswering(url: string, server: ReturnType<typeof run>, data: string): Promise<void> {
  const limit = Date.now() + START_LIMIT_MS
  for (;;) {
    const client = clientOf(url)
    try {
      await client.connect()
      await client.end()
      return
    } catch (error) {
      await client.end().catch(() => {})
      if (isWrongPassword(error))
        throw new PostgresUnavailable(
          `The password in ${join(data, PASSWORD_FILE)} is not that of the database. Remove this file: then it gets a new one.`,
        )
      if (server.exited() || Date.now() > limit)
        throw new PostgresUnavailable(`PostgreSQL did not start: ${server.said() || String(error)}`)
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
