import { parseArgs } from 'node:util'
import { databaseOf, readSettings, recordRestore } from '@deskbridge/exchange'
import { CannotStart } from '../process/cannot-start.ts'

const USAGE = 'deskbridge after-restore --since 2026-01-31T10:00:00Z'
const MOMENT = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,3})?)?(Z|[+-]\d\d:\d\d)$/

/** `deskbridge after-restore`: the database was restored; what it lacks since then is looked for before it is written again. */
export async function runAfterRestore(args: readonly string[]): Promise<number> {
  const since = momentOf(args)
  const settings = readSettings(process.env)
  await recordRestore(settings, since)
  process.stdout.write(
    `Noted in ${databaseOf(settings)}: what was written since ${since.toISOString()} may be unknown to the database. For 7 days whatever it does not know is looked for in ServiceNow before it is written.\n`,
  )
  return 0
}

function momentOf(args: readonly string[]): Date {
  const wrong = (what: string) => new CannotStart(`${what}\nUsage: ${USAGE}`)
  let given: string | undefined
  try {
    given = parseArgs({ args: [...args], options: { since: { type: 'string' } } }).values.since
  } catch (error) {
    throw wrong((error as Error).message)
  }
  if (given === undefined)
    throw wrong('--since is missing: the moment to which the database was restored, a little earlier rather than later.')
  const moment = new Date(given)
  if (!MOMENT.test(given) || Number.isNaN(moment.getTime())) throw wrong(`--since "${given}" is not a moment with its time zone.`)
  if (moment.getTime() > Date.now()) throw wrong(`--since ${given} is in the future.`)
  return moment
}
