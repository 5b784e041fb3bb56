import { parseArgs } from 'node:util'
import { examine } from '@deskbridge/servicenow'
import { readOptions, runOrExplain } from '../connecting/connection-of.ts'
import { openSavedConnections } from '../connecting/saved-connections.ts'
import { CannotStart } from '../process/cannot-start.ts'
import { tellExamination } from './examination.ts'

const USAGE = 'deskbridge doctor [--connection NAME] [--json]'

/** `deskbridge doctor`: what works on a connection, what does not, and which setting of ServiceNow to change. Ends with 1 when it cannot be used. */
export async function runDoctor(args: readonly string[]): Promise<number> {
  const { connection, json } = readArguments(args)
  return runOrExplain(async () => {
    const options = await readOptions(connection, process.env)
    const examination = json ? await examine(options) : await tellExamination(options)
    if (json) process.stdout.write(`${JSON.stringify(examination, null, 2)}\n`)
    if (connection !== undefined) await (await openSavedConnections(process.env)).recordExamination(connection, examination)
    return examination.ok ? 0 : 1
  })
}

function readArguments(args: readonly string[]) {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: { connection: { type: 'string' }, json: { type: 'boolean', default: false } },
    })
    return values
  } catch (error) {
    throw new CannotStart(`${(error as Error).message}\nUsage: ${USAGE}`)
  }
}
