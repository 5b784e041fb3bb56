import { join, resolve } from 'node:path'
import { findRunningPostgres, PostgresUnavailable, startPostgres } from '@deskbridge/postgres'
import { CannotStart, isDataFolderInUse, takeDataFolder } from '../platform/data-folder.ts'
import { type Database, openDatabase } from '../platform/database.ts'
import { migrate } from '../platform/migrations.ts'
import { DatabaseAway } from '../platform/outage.ts'
import type { Settings } from '../settings.ts'

/**
 * Does something on the exchange's database beside the exchange: on that of DATABASE_URL, or on the one in the data folder, whether its
 * exchange runs or not. The tables are brought up to date first.
 * @throws CannotStart with a sentence for the person who asked
 */
export async function onDatabase<T>({ databaseUrl, dataFolder }: Settings, work: (database: Database) => Promise<T>): Promise<T> {
  if (databaseUrl) return workOn(databaseUrl, work)
  const running = (await isDataFolderInUse(dataFolder)) ? findRunning(dataFolder) : undefined
  if (running) return workOn(running.url, work).finally(running.leave)
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

/** The PostgreSQL of the exchange that runs there; an exchange with a DATABASE_URL has none in its folder. */
function findRunning(dataFolder: string) {
  try {
    return findRunningPostgres(join(resolve(dataFolder), 'postgres'))
  } catch (error) {
    throw error instanceof PostgresUnavailable ? new CannotStart(error.message) : error
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
