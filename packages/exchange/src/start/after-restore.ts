import { beginHorizon } from '../lost-time/index.ts'
import { sql } from '../platform/sql.ts'
import type { Settings } from '../settings.ts'
import { tellBeside } from './beside.ts'
import { onDatabase } from './on-database.ts'

const WHY = 'The operator said that the database was restored (deskbridge after-restore)'
const tellAll = sql`select pg_notify('deskbridge_exchange', 'horizon')`

/**
 * Says that the database was restored and may lack what was written since a moment, where no data folder is left that would notice
 * by itself. Running exchanges get a notice of it at once.
 * @throws CannotStart with a sentence for the person who asked
 */
export const recordRestore = (settings: Settings, since: Date): Promise<void> =>
  onDatabase(settings, async database => {
    await beginHorizon(database, { since, why: WHY })
    await database.rows(tellAll)
    await tellBeside(database, { command: 'after-restore' })
  })
