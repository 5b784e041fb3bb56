import type { Database } from '../platform/database.ts'
import { sql, unhurried } from '../platform/sql.ts'
import type { Step } from './plan.ts'
import { type Held, heldBy, STILL_HELD } from './write-row.ts'

const refreshFiles = sql`update exchange.recorded_write set plan = $4, spool_folder = $5, spool_at = $2 where ${STILL_HELD}`
const unfinishedFolders = sql`select spool_folder as folder from exchange.recorded_write where spool_folder is not null`

/** What was asked is needed as long as it may have to be looked for: a lost time is looked back on for 7 days. The key and the hash stay. */
const PLANS_KEPT_DAYS = '8'
const dropPlans = unhurried(sql`
  update exchange.recorded_write set plan = '[]', progress = '[]' where write_id in (
    select write_id from exchange.recorded_write
    where state = 'done' and plan <> '[]' and finished_at < now() - make_interval(days => ${PLANS_KEPT_DAYS}) limit 10000)`)

/** After a refusal the files wait so long for the partner's next try; while the service desk is away, so long for it. */
const FILES_KEPT = { refusedMinutes: '15', waitingDays: '7' }
const abandonedFiles = sql`
  with old as (
    select write_id, spool_folder from exchange.recorded_write
    where spool_at = $1 and spool_folder is not null and (held_until is null or held_until < now())
      and (state = 'halted' and next_attempt_at < now() - make_interval(mins => ${FILES_KEPT.refusedMinutes})
        or state = 'open' and accepted_at < now() - make_interval(days => ${FILES_KEPT.waitingDays})) for update
  )
  update exchange.recorded_write w set spool_folder = null from old where w.write_id = old.write_id returning old.spool_folder as folder`

/** Says where the files of a write are now; false when it is not held any more. */
export const replaceFiles = async (
  database: Database,
  held: Held,
  { holder, plan, folder }: { holder: string; plan: Step[]; folder: string },
): Promise<boolean> => (await database.changed(refreshFiles, [...heldBy(held, holder), JSON.stringify(plan), folder])) === 1

/** The spool folders of writes that are not finished. */
export const readFoldersInUse = (database: Database) => database.rows<{ folder: string }>(unfinishedFolders)

/** Gives up what finished writes had asked for, 10,000 at a time; how many. */
export const forgetPlans = (database: Database) => database.changed(dropPlans)

/** The spool folders of writes that were refused, or have waited, for too long and were not asked for again; their files are forgotten. */
export const forgetFiles = (database: Database, holder: string) => database.rows<{ folder: string }>(abandonedFiles, [holder])
