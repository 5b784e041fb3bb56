import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { findRunningPostgres, PostgresUnavailable, startPostgres } from '@deskbridge/postgres'
import { CannotStart, isDataFolderInUse, takeDataFolder } from '../platform/data-folder.ts'
import { type Database, nameOfDatabase, openDatabase } from '../platform/database.ts'
import { migrate, migrationNames } from '../platform/migrations.ts'
import { NOTICES_SESSION } from '../platform/notices.ts'
import { DatabaseAway } from '../platform/outage.ts'
import { sql } from '../platform/sql.ts'
import type { Settings } from '../settings.ts'

type Place = Pick<Settings, 'databaseUrl' | 'dataFolder'>
/** What is done on the database, once it is there. */
type Work<T> = (database: Database) => Promise<T>

const isUsed = sql`select to_regclass('exchange.migration') is not null as "isUsed"`
const runsBehind = sql`
  select exists (select from unnest($1::text[]) as ours (name) where ours.name not in (select name from exchange.migration))
    and exists (select from pg_stat_activity where datname = current_database() and application_name = $2) as "runsBehind"`

/** Which database these settings mean, in the words of a sentence, without its password. */
export const databaseOf = ({ databaseUrl, dataFolder }: Place): string =>
  databaseUrl ? `the database of DATABASE_URL (${nameOfDatabase(databaseUrl)})` : `the data folder ${resolve(dataFolder)}`

/**
 * Does something on the exchange's database beside the exchange: on that of DATABASE_URL, or on the one in the data folder, whether its
 * exchange runs or not. The tables are brought up to date first, unless
 * an exchange of an earlier version runs on them. A database that is not there is not made: whoever asks in the wrong
 * folder would believe that it was done.
 * @param otherwise what else somebody can do who has no database here
 * @throws CannotStart with a sentence for the person who asked
 */
export async function onDatabase<T>(place: Place, work: Work<T>, otherwise = ''): Promise<T> {
  const { databaseUrl, dataFolder } = place
  const refuse = (what: string) =>
    new CannotStart(`${what} Name the exchange's own with DESKBRIDGE_DATA or DATABASE_URL, as its service has them.${otherwise}`)
  const onUsed: Work<T> = async database => {
    if (!(await database.row<{ isUsed: boolean }>(isUsed))?.isUsed) throw refuse(`No exchange has used ${databaseOf(place)}.`)
    if ((await database.row<{ runsBehind: boolean }>(runsBehind, [migrationNames(), NOTICES_SESSION]))?.runsBehind)
      throw new CannotStart(
        `An exchange of an earlier version runs on ${databaseOf(place)}: its tables would change beneath it. Start this version in its place first.`,
      )
    await migrate(database.url)
    return work(database)
  }
  if (databaseUrl) return workOn(databaseUrl, onUsed)
  if (!existsSync(join(resolve(dataFolder), 'postgres'))) throw refuse(`There is no database in ${databaseOf(place)}.`)
  return inDataFolder(dataFolder, url => workOn(url, onUsed))
}

async function inDataFolder<T>(dataFolder: string, work: (url: string) => Promise<T>): Promise<T> {
  const running = (await isDataFolderInUse(dataFolder)) ? findRunning(dataFolder) : undefined
  if (running) return work(running.url).finally(running.leave)
  const folder = await takeDataFolder(dataFolder)
  try {
    const postgres = await startPostgres({ folder: join(folder.path, 'postgres') })
    try {
      return await work(postgres.url())
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

async function workOn<T>(url: string, work: Work<T>): Promise<T> {
  const database = openDatabase(url, { connections: 1 })
  try {
    return await work(database)
  } catch (error) {
    if (error instanceof CannotStart) throw error
    const cause = error instanceof DatabaseAway ? error.cause : error
    throw new CannotStart(`The database cannot be used: ${(cause as Error).message}`)
  } finally {
    await database.close()
  }
}
