import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startPostgres } from '@deskbridge/postgres'
import { TEST_SERVER } from '@deskbridge/postgres/testing'

/** Starts one real PostgreSQL for the whole test run, in a temporary folder, and ends it afterwards. */
export default async function setup(): Promise<() => Promise<void>> {
  // Cases that run against a given instance have no need of it.
  if (process.env.SERVICENOW_INSTANCE_URL) return async () => undefined
  // Somebody has started one for several runs.
  if (process.env[TEST_SERVER]) return async () => undefined
  const folder = mkdtempSync(join(tmpdir(), 'deskbridge-test-'))
  chmodSync(folder, 0o755)
  // The folder is thrown away, so waiting for the disk proves nothing; tests of a kill need no disk flush either.
  const server = await startPostgres({ folder: join(folder, 'postgres'), maxConnections: 300, settings: { fsync: 'off' } })
  process.env[TEST_SERVER] = server.url('postgres')
  return async () => {
    await server.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}
