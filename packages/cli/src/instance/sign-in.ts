import { writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { databaseOf, readDeskSignIn, readSettings } from '@deskbridge/exchange'
import { CannotStart } from '../process/cannot-start.ts'

const USAGE = `deskbridge instance sign-in --environment sandbox --out FILE
Writes what the desk signs in with at the practice instance of an exchange into a new file, for its owner alone, as SERVICENOW_USERNAME and
SERVICENOW_PASSWORD. It is read from the exchange's database: that of DATABASE_URL, else the one in the data folder (DESKBRIDGE_DATA).
`

/** `deskbridge instance sign-in`: the desk's user and password at the practice instance of an exchange, also of one without a demo company. */
export async function runSignIn(args: readonly string[]): Promise<number> {
  if (args.includes('--help')) {
    process.stdout.write(USAGE)
    return 0
  }
  const words = readWords(args)
  if (typeof words === 'string') {
    process.stderr.write(`${words}\nUsage: ${USAGE}`)
    return 2
  }
  const { environment, out } = words
  const settings = readSettings(process.env)
  const { username, password } = await readDeskSignIn(settings, environment)
  try {
    writeFileSync(out, `SERVICENOW_USERNAME=${username}\nSERVICENOW_PASSWORD=${password}\n`, { mode: 0o600, flag: 'wx' })
  } catch (error) {
    throw new CannotStart(`${out} cannot be written: ${(error as Error).message}. A file that is there is not written over.`)
  }
  process.stdout.write(
    `The desk's sign-in at the ${environment} practice instance of ${databaseOf(settings)} is in ${out}, for its owner alone.\n`,
  )
  return 0
}

/** The words of the command, or what is wrong with them. */
function readWords(args: readonly string[]): { environment: 'sandbox' | 'production'; out: string } | string {
  let given: { environment?: string; out?: string }
  try {
    given = parseArgs({ args: [...args], options: { environment: { type: 'string' }, out: { type: 'string' } } }).values
  } catch (error) {
    return (error as Error).message
  }
  const { environment, out } = given
  if (environment !== 'sandbox' && environment !== 'production') return '--environment is sandbox or production.'
  return out ? { environment, out } : '--out is missing: the new file for the sign-in.'
}
