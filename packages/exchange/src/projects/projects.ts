import { randomBytes } from 'node:crypto'
import { findPartnerThere } from '../onboarding/index.ts'
import type { Database, Queries } from '../platform/database.ts'
import type { Environment } from '../platform/environment.ts'
import { ExchangeError } from '../platform/errors.ts'
import { addSecret, randomSecret, sha256, type Tokens } from '../sign-in/index.ts'
import {
  countGoodSecrets,
  endOtherSecrets,
  holdProjectOf,
  insertProject,
  type ProjectToMake,
  readProject,
  readProjects,
  revokeSecret,
  type ShownProject,
  setEnded,
} from './projects.store.ts'

/** A sign-in is held against each of them. */
const MOST_SECRETS = 10

/** What changes the projects of partners. */
export interface ProjectParts {
  database: Database
  tokens: Tokens
}

/** A secret that was just made: its only appearance. */
export interface NewSecret {
  secret: string
  fingerprint: string
  project: ShownProject
}

/** Makes a project of a partner, without a secret. @throws ExchangeError not_found, name_taken */
export async function makeProjectOf(
  database: Database,
  partner: string,
  project: Omit<ProjectToMake, 'partnerId' | 'clientId'>,
): Promise<ShownProject> {
  const [found] = await findPartnerThere(database, partner)
  const clientId = randomBytes(16).toString('hex')
  return database.transaction(async queries => {
    if (await insertProject(queries, { ...project, partnerId: found!.partnerId, clientId })) return (await readProject(queries, clientId))!
    throw new ExchangeError('name_taken', `${found!.name} has a project "${project.name}" in ${project.environment} already.`, {
      field: 'name',
    })
  })
}

/** The projects of one partner or of all, in one environment or in both. @throws ExchangeError not_found for a partner that is none */
export async function listProjects(
  database: Database,
  { partner, environment }: { partner?: string | undefined; environment?: Environment | undefined },
): Promise<ShownProject[]> {
  const name = partner === undefined ? null : (await findPartnerThere(database, partner))[0]!.name
  return readProjects(database, name, environment ?? null)
}

/** Ends a project: its secrets and tokens open nothing from now on, in every process. @throws ExchangeError not_found */
export const endProject = ({ tokens }: ProjectParts, clientId: string): Promise<ShownProject> =>
  tokens.changeAccess(async queries => {
    if (!(await setEnded(queries, clientId))) throw noSuchProject(clientId)
    return (await readProject(queries, clientId))!
  })

/**
 * Adds a secret beside those that are there, and says it: nobody will know it later. `othersEndIn`: after so many seconds all others end.
 * @throws ExchangeError not_found, project_ended, too_many_secrets
 */
export function addSecretTo(
  { tokens }: ProjectParts,
  clientId: string,
  { madeBy, othersEndIn }: { madeBy: string; othersEndIn?: number },
): Promise<NewSecret> {
  const secret = randomSecret()
  const fingerprint = sha256(secret).toString('hex').slice(0, 12)
  return tokens.changeAccess(async queries => {
    const { projectId } = await holdActive(queries, clientId)
    if ((await countGoodSecrets(queries, projectId)) >= MOST_SECRETS)
      throw new ExchangeError('too_many_secrets', `The project has ${MOST_SECRETS} secrets already.`)
    await addSecret(queries, sha256(secret), projectId, madeBy)
    if (othersEndIn !== undefined) await endOtherSecrets(queries, projectId, sha256(secret), othersEndIn)
    return { secret, fingerprint, project: (await readProject(queries, clientId))! }
  })
}

/**
 * Revokes a secret: it and the tokens that were got with it open nothing from now on, in every process.
 * @throws ExchangeError not_found
 */
export const revokeSecretOf = ({ tokens }: ProjectParts, clientId: string, fingerprint: string): Promise<ShownProject> =>
  tokens.changeAccess(async queries => {
    const project = await holdProjectOf(queries, clientId)
    if (!project) throw noSuchProject(clientId)
    if (!(await revokeSecret(queries, project.projectId, fingerprint)))
      throw new ExchangeError('not_found', `The project "${project.name}" has no secret with the fingerprint ${fingerprint}.`)
    return (await readProject(queries, clientId))!
  })

async function holdActive(queries: Queries, clientId: string) {
  const project = await holdProjectOf(queries, clientId)
  if (!project) throw noSuchProject(clientId)
  if (!project.active) throw new ExchangeError('project_ended', `The project "${project.name}" has ended.`)
  return project
}

const noSuchProject = (clientId: string) => new ExchangeError('not_found', `There is no project with the client id ${clientId}.`)
