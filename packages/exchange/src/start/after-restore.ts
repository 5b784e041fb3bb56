import { join } from 'node:path'
import { PostgresUnavailable, startPostgres } from '@deskbridge/postgres'
import { beginHorizon } from '../lost-time/index.ts'
import { CannotStart, takeDataFolder } from '../platform/data-folder.ts'
import { openDatabase } from '../platform/database.ts'
import { migrate } from '../platform/migrations.ts'
import { DatabaseAway } from '../platform/outage.ts'
import { sql } from '../platform/sql.ts'
import type { Settings } from '../settings.ts'

const WHY = 'The operator said that the database was restored (deskbridge after-restore)'
const tellAll = sql`select pg_notify('deskbridge_exchange', 'horizon')`

/**
 * Says that the database was restored and may lack what was written since a moment, where no data folder is left that would notice
 * by itself. Running exchanges get a notice of it at once. Without DATABASE_URL the exchange of the data folder must not run.
 * @throws CannotStart with a sentence for the person who asked
 */
export async function recordRestore({ databaseUrl, dataFolder }: Settings, since: Date): Promise<void> {
  if (databaseUrl) return write(databaseUrl, since)
  const folder = await takeDataFolder(dataFolder)
  try {
    const postgres = await startPostgres({ folder: join(folder.path, 'postgres') })
    try {
      await write(postgres.url(), since)
    } finally {
      await postgres.stop()
    }
  } catch (error) {
    throw error instanceof PostgresUnavailable ? new CannotStart(error.message) : error
  } finally {
    await folder.release()
  }
}

async function write(url: string, since: Date): Promise<void> {
  const database = openDatabase(url, { connections: 1 })
  try {
    await migrate(url)
    await beginHorizon(database, { since, why: WHY })
    await database.rows(tellAll)
  } catch (error) {
    if (error instanceof CannotStart) throw error
    const cause = error instanceof DatabaseAway ? error.cause : error
    throw new CannotStart(`The database cannot be used: ${(cause as Error).message}`)
  } finally {
    await database.close()
  }
}
