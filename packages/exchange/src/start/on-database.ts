import { join } from 'node:path'
import { PostgresUnavailable, startPostgres } from '@deskbridge/postgres'
import { CannotStart, takeDataFolder } from '../platform/data-folder.ts'
import { type Database, openDatabase } from '../platform/database.ts'
import { migrate } from '../platform/migrations.ts'
import { DatabaseAway } from '../platform/outage.ts'
import type { Settings } from '../settings.ts'

/**
 * Does something on the exchange's database beside the exchange: on that of DATABASE_URL, or on the one in the data folder, whose exchange
 * must not run then. The tables are brought up to date first.
 * @throws CannotStart with a sentence for the person who asked
 */
export async function onDatabase<T>({ databaseUrl, dataFolder }: Settings, work: (database: Database) => Promise<T>): Promise<T> {
  if (databaseUrl) return workOn(databaseUrl, work)
  const folder = await takeDataFolder(dataFolder)
  try {
    const postgres = await startPostgres({ folder: join(folder.path, 'postgres') })
    try {
      return await workOn(postgres.url(), work)
    } finally {
      await postgres.stop()
    }
  } catch (error) {
    throw error instanceof PostgresUnavailable ? new CannotStart(error.message) : error
  } finally {
    await folder.release()
  }
}

async function workOn<T>(url: string, work: (database: Database) => Promise<T>): Promise<T> {
  const database = openDatabase(url, { connections: 1 })
  try {
    await migrate(url)
    return await work(database)
  } catch (error) {
    if (error instanceof CannotStart) throw error
    const cause = error instanceof DatabaseAway ? error.cause : error
    throw new CannotStart(`The database cannot be used: ${(cause as Error).message}`)
  } finally {
    await database.close()
  }
}
