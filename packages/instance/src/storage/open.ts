import { chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startPostgres } from '@deskbridge/postgres'

/** Where an instance keeps its records. */
export interface DataPlace {
  /** A PostgreSQL that runs. */
  databaseUrl?: string
  /** Without one: the data folder of a PostgreSQL that is started and ended with the instance. Without either, a temporary one. */
  folder?: string
}

/** Opens the database of a place, and starts a PostgreSQL where none runs. `close` ends what was started. */
export async function openPlace({ databaseUrl, folder }: DataPlace): Promise<{ url: string; close(): Promise<void> }> {
  if (databaseUrl !== undefined) return { url: databaseUrl, close: async () => {} }
  if (folder !== undefined) {
    mkdirSync(folder, { recursive: true, mode: 0o711 })
    const postgres = await startPostgres({ folder: join(folder, 'postgres') })
    return { url: postgres.url(), close: postgres.stop }
  }
  const temporary = mkdtempSync(join(tmpdir(), 'deskbridge-instance-'))
  // PostgreSQL does not run as root; the user of its own that it runs as then has to get through.
  chmodSync(temporary, 0o711)
  const remove = () => rmSync(temporary, { recursive: true, force: true })
  try {
    // Nothing of it outlives the process, so nothing waits for the disk.
    const postgres = await startPostgres({ folder: join(temporary, 'postgres'), settings: { fsync: 'off', synchronous_commit: 'off' } })
    return { url: postgres.url(), close: () => postgres.stop().finally(remove) }
  } catch (error) {
    remove()
    throw error
  }
}
