import type { Database } from './database.ts'
import { sql, unhurried } from './sql.ts'

/**
 * The practice instance's sessions with PostgreSQL. A statement outlives a killed process: while it waits for a lock it can
 * still write. So they carry the name of the data folder, whose next start ends what is left of them, and PostgreSQL ends
 * a statement whose client is gone within a second, long before another process may take its work up.
 */
const nameOf = (folder: string) => `deskbridge ${folder}`

const CLIENT_GONE_AFTER = '1s'

/** The database's address with these sessions' name and setting. */
export function sessionsOf(folder: string, url: string): string {
  const { search } = new URL(url)
  const given = new URLSearchParams(search).get('options')
  const options = [given, `-c client_connection_check_interval=${CLIENT_GONE_AFTER}`].filter(Boolean).join(' ')
  const added = `application_name=${encodeURIComponent(nameOf(folder))}&options=${encodeURIComponent(options)}`
  return `${url}${search ? '&' : '?'}${added}`
}

/** Settles when each of them has ended, at most 10 s a session. */
const end = unhurried(sql`
  select pg_terminate_backend(pid, 10000) from pg_stat_activity where datname = current_database() and application_name = $1`)

/** Ends what an earlier process with this data folder has left. Its write is then either there or will never be. */
export const endEarlierSessions = (database: Database, folder: string) => database.rows(end, [nameOf(folder)])
