import { hostname, userInfo } from 'node:os'
import type { ChangeBeside } from '../platform/call-log.ts'
import type { Queries } from '../platform/database.ts'
import { sql } from '../platform/sql.ts'

/** What exchanges are told on when a command has changed something on their database. */
export const BESIDE = 'beside'

const tell = sql`select pg_notify('deskbridge_exchange', $1)`

/** Tells the running exchanges, each of which logs it, what a command on this machine changes; in a transaction once that is committed. */
export async function tellBeside(queries: Queries, change: Omit<ChangeBeside, 'by'>): Promise<void> {
  await queries.rows(tell, [`${BESIDE} ${JSON.stringify({ by: whoIsHere(), ...change })}`])
}

/** Who works on this machine: the user and the machine. */
export const whoIsHere = () => `${userName()} on ${hostname()}`

/** A user without an account has no name. */
function userName(): string {
  try {
    return userInfo().username
  } catch {
    return `user ${process.getuid?.()}`
  }
}
