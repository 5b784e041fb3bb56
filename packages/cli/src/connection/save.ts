import {
  type ConnectionOptions,
  ENVIRONMENTS,
  type Examination,
  examine,
  type SavedConnections,
  type ShownConnection,
} from '@deskbridge/servicenow'
import { tellExamination } from '../doctor/examination.ts'
import { CannotStart } from '../process/cannot-start.ts'
import { readGivenCredentials } from './given-credentials.ts'

export interface SaveOptions {
  url?: string
  environment: string
  json: boolean
  /** `--no-check`: save without asking the instance anything. */
  check: boolean
  [credential: string]: string | boolean | undefined
}

export interface Saving {
  connection: ShownConnection
  examination?: Examination
}

/** Saves a connection, then has the doctor look at it: one that does not work yet is saved too, and says why it does not. */
export async function add(saved: SavedConnections, name: string, options: SaveOptions): Promise<Saving> {
  const { url, environment } = options
  const known = ENVIRONMENTS.find(one => one === environment)
  if (!url) throw new CannotStart('--url is missing: the address of the instance, such as dev12345.service-now.com.')
  if (!known) throw new CannotStart(`--environment is ${ENVIRONMENTS.join(' or ')}, not "${environment}".`)
  const connection = await saved.add({ name, url, environment: known, ...(await readGivenCredentials(options)) })
  if (!options.check) return { connection }
  const examination = await examineConnection(await saved.readOptions(name), options)
  return { connection: await saved.recordExamination(name, examination), examination }
}

/** Puts new credentials in use once the doctor has seen that they work. */
export async function rotate(saved: SavedConnections, name: string, options: SaveOptions): Promise<Saving> {
  await saved.show(name)
  const { way, values } = await readGivenCredentials(options)
  if (!options.check) return { connection: await saved.rotate(name, values, way) }
  const examination = await examineConnection(await saved.readOptionsWith(name, values, way), options)
  if (!examination.ok) {
    const problems = examination.checks
      .filter(({ needed, state }) => needed && state !== 'ok')
      .map(({ check, says }) => `${check}: ${says}`)
    throw new CannotStart(`The new credentials do not work, so "${name}" keeps those it has. ${problems.join('; ')}.`)
  }
  await saved.rotate(name, values, way)
  return { connection: await saved.recordExamination(name, examination), examination }
}

const examineConnection = (options: ConnectionOptions, { json }: SaveOptions) => (json ? examine(options) : tellExamination(options))
