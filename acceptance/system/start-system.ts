import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { makeFreshDatabase } from '@deskbridge/postgres/testing'
import { BackOffice } from './back-office.ts'
import { type Command, type EndedCommand, runCommand } from './command.ts'
import { type Addresses, type FirstSteps, type OpenSystem, openSystem } from './open-system.ts'

export interface StartOptions {
  /** Settings beside those that the harness gives. */
  environment?: Readonly<Record<string, string>>
  /** A database of somebody else; `own` is the PostgreSQL that the exchange brings along. By default a new one on the test run's server. */
  database?: string | 'own'
}

/** A system of its own for a story: the real command, free ports, its own data folder. */
export interface StartedSystem extends OpenSystem {
  readonly dataFolder: string
  readonly processId: number
  output(): string
  /** Undefined where the exchange brought its own PostgreSQL. */
  readonly databaseUrl: string | undefined
  /** What the operator's people do that has no page yet. Not with the exchange's own PostgreSQL. */
  readonly backOffice: BackOffice
  /** As a person or the operating system ends it; settles when it has ended. */
  stop(): Promise<EndedCommand>
  /** kill -9 */
  kill(): Promise<EndedCommand>
  /** Starts it again on the same folder and database, after stop or kill. Speakers are new: addresses have changed. */
  startAgain(environment?: Readonly<Record<string, string>>): Promise<StartedSystem>
  /** Ends it and removes everything that it left behind. */
  end(): Promise<void>
  [Symbol.asyncDispose](): Promise<void>
}

export const FREE_PORTS = { PORT: '0', INSTANCE_SANDBOX_PORT: '0', INSTANCE_PRODUCTION_PORT: '0' }
const STARTS_WITHIN_MS = 45_000

/** A folder whose `data` a PostgreSQL can use that runs as a user of its own: root's temporary folders are closed to it. */
export function newDataFolder(): { path: string; remove(): void } {
  const above = mkdtempSync(join(tmpdir(), 'deskbridge-story-'))
  chmodSync(above, 0o711)
  return { path: join(above, 'data'), remove: () => rmSync(above, { recursive: true, force: true }) }
}

export async function startSystem({ environment = {}, database }: StartOptions = {}): Promise<StartedSystem> {
  const folder = newDataFolder()
  const fresh = database === undefined ? await makeFreshDatabase() : undefined
  const url = fresh?.url ?? (database === 'own' ? undefined : database)
  const tidyUp = async () => {
    await fresh?.drop()
    folder.remove()
  }
  const settings = {
    ...FREE_PORTS,
    DESKBRIDGE_DEMO: 'yes',
    DESKBRIDGE_DATA: folder.path,
    ...(url ? { DATABASE_URL: url } : {}),
    ...environment,
  }
  try {
    return await start(settings, folder.path, url, tidyUp)
  } catch (error) {
    await tidyUp()
    throw error
  }
}

async function start(
  settings: Readonly<Record<string, string>>,
  dataFolder: string,
  databaseUrl: string | undefined,
  tidyUp: () => Promise<void>,
): Promise<StartedSystem> {
  const command = runCommand(['start'], settings)
  try {
    await command.untilPrinted('Deskbridge runs.', STARTS_WITHIN_MS)
  } catch (error) {
    await killed(command)
    throw error
  }
  const firstSteps = readFirstSteps(join(dataFolder, 'first-steps.json'))
  const backOffice = new BackOffice(databaseUrl)
  let next: StartedSystem | undefined
  const end = async () => {
    await backOffice.close()
    await killed(command)
    if (next) await next.end()
    else await tidyUp()
  }
  return {
    ...openSystem(firstSteps),
    dataFolder,
    processId: command.process.pid!,
    output: command.output,
    databaseUrl,
    backOffice,
    stop: () => {
      command.process.kill('SIGTERM')
      return command.ended
    },
    kill: () => killed(command),
    async startAgain(environment = {}) {
      next = await start({ ...settings, ...environment }, dataFolder, databaseUrl, tidyUp)
      return next
    },
    end,
    [Symbol.asyncDispose]: end,
  }
}

/**
 * Of several exchanges on one database the first has made the demo company's credentials, and the others say in which file. An exchange
 * without a demo company has nobody that we could be: its speakers have no credentials.
 */
function readFirstSteps(path: string): FirstSteps {
  const own = JSON.parse(readFileSync(path, 'utf8')) as Addresses
  return { ...(own.demoCredentialsIn && readFirstSteps(own.demoCredentialsIn.file)), ...own } as FirstSteps
}

function killed(command: Command): Promise<EndedCommand> {
  command.process.kill('SIGKILL')
  return command.ended
}
