import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type RunningPostgres, startPostgres } from '@deskbridge/postgres'
import { newDataFolder } from '../system/start-system.ts'
import { putBack, takeBaseBackup } from './base-backup.ts'

/** The same for every server of a story: a standby must allow as many connections as its primary. */
const MOST_CONNECTIONS = 120
/** Only processes are killed, never the machine, so nothing has to reach the disk. */
const SETTINGS = { fsync: 'off', wal_keep_size: '512MB' }

/** A PostgreSQL of one story's own, which it may kill, copy and put back. */
export interface OwnPostgres extends AsyncDisposable {
  readonly folder: string
  url(database?: string): string
  /** kill -9 of the postmaster; settles when all of its processes have gone. */
  kill(): Promise<void>
  stop(): Promise<void>
  /** On the same folder and at the same address. */
  start(): Promise<void>
  /** Copies the running server; what it gives puts the stopped server back to that moment. */
  baseBackup(): Promise<{ restore(): void }>
  /** Ends it, if it still runs, and removes everything of it. */
  end(): Promise<void>
}

/** Starts a server in a folder of its own. `fill` may put something there first. */
export async function startOwnPostgres(fill: (folder: string) => Promise<void> = async () => {}): Promise<OwnPostgres> {
  const folders = [newDataFolder()]
  const folder = folders[0]!.path
  let server: RunningPostgres | undefined
  const start = async () => {
    server = await startPostgres({ folder, maxConnections: MOST_CONNECTIONS, settings: SETTINGS })
    return server
  }
  const stop = async () => {
    await server?.stop()
    server = undefined
  }
  const end = async () => {
    await stop()
    for (const { remove } of folders) remove()
  }
  try {
    await fill(folder)
    const { url } = await start()
    return {
      folder,
      url,
      stop,
      end,
      [Symbol.asyncDispose]: end,
      start: async () => void (await start()),
      async kill() {
        process.kill(Number(readFileSync(join(folder, 'postmaster.pid'), 'utf8').split('\n', 1)[0]), 'SIGKILL')
        // The shell that watches over it ends only now.
        await stop()
      },
      async baseBackup() {
        const backup = newDataFolder()
        folders.push(backup)
        await takeBaseBackup({ url: url('postgres'), folder, into: backup.path })
        return { restore: () => putBack(backup.path, folder) }
      },
    }
  } catch (error) {
    await end()
    throw error
  }
}
