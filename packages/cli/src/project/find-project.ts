import { type Exchange, inPath } from '../operating/exchange.ts'
import { CannotStart } from '../process/cannot-start.ts'
import { didYouMean } from '../process/nearest.ts'
import { WrongUse } from '../process/wrong-use.ts'

/** A project as the exchange shows it. */
export interface Project {
  partner: string
  environment: string
  name: string
  client_id: string
  delivery: string
  made_at: string
  ended: boolean
  secrets: Secret[]
}

/** A client secret, by the beginning of its SHA-256. */
export interface Secret {
  fingerprint: string
  made_at: string
  ends_at: string | null
  revoked_at: string | null
  last_used_at: string | null
  state: 'good' | 'ended' | 'revoked'
}

/** The names of a project, and the flag that says which one where both environments have one. */
export const PROJECT_NAMES = ['PARTNER', 'PROJECT'] as const

/** The flag of every sub-command that names a project. */
export const ENVIRONMENT_FLAG = {
  environment: { choices: ['sandbox', 'production'], about: 'where the project is; needed where both environments have one of this name' },
} as const

/** The projects of the exchange, of a partner or of all. */
export async function askForProjects(
  exchange: Exchange,
  of: { partner?: string | undefined; environment?: string | undefined },
): Promise<Project[]> {
  const query = new URLSearchParams(Object.entries(of).filter((entry): entry is [string, string] => entry[1] !== undefined)).toString()
  const { result } = (await exchange.ask('GET', `/operator/projects${query ? `?${query}` : ''}`)) as { result: Project[] }
  return result
}

/**
 * The project of a partner that has this name and is not ended.
 * @throws CannotStart where there is none, with the nearest; WrongUse where there are two
 */
export async function askForProject(
  exchange: Exchange,
  { PARTNER: partner, PROJECT: name }: Readonly<Record<'PARTNER' | 'PROJECT', string>>,
  environment: string | undefined,
): Promise<Project> {
  const all = (await askForProjects(exchange, { partner, environment })).filter(({ ended }) => !ended)
  const [found, other] = all.filter(one => one.name === name)
  if (other) throw new WrongUse(`${partner} has a project "${name}" in both environments. Say which with --environment.`)
  const names = all.map(one => one.name)
  if (!found)
    throw new CannotStart(`${partner} has no project "${name}"${environment ? ` in ${environment}` : ''}.${didYouMean(name, names)}`)
  return found
}

/** The path of what is asked about a project. */
export const pathOf = ({ client_id }: Project, rest: string): string => `/operator/projects/${inPath(client_id)}/${rest}`
