import { randomBytes } from 'node:crypto'
import { DEMO } from '@deskbridge/instance'
import { type Organisation as MappedOrganisation, putAgreement, type Terms } from '../agreements/index.ts'
import { TASK_WORDS, TICKET_WORDS, WATCHED_FIELDS } from '../mapping/index.ts'
import { findPartner, findProject, makePartner, makeProject } from '../partners/index.ts'
import type { Database, Queries } from '../platform/database.ts'
import { ENVIRONMENTS, type Environment } from '../platform/environment.ts'
import { sql } from '../platform/sql.ts'
import { addPerson, addSecret, findPerson, type Passwords, randomSecret, sha256 } from '../sign-in/index.ts'
import type { FirstSteps } from './first-steps.ts'

const CALLS_PER_MINUTE = 6_000
const PROJECT_NAME = 'Demo project'
const OPERATOR_EMAIL = 'operator@deskbridge.example'
const PARTNER_EMAIL = 'partner@north.example'

type Organisation = { name: string; table: string; sysId: string }

/** The credentials that first-steps.json tells of. */
export type DemoCredentials = Pick<FirstSteps, 'customer' | 'otherCustomer' | 'provider' | 'productionCustomer' | 'portalUsers'>

const terms = (organisation: Organisation, rest: Partial<Terms>): Terms => ({
  roles: ['customer'],
  organisation: { ...organisation, table: organisation.table as MappedOrganisation['table'] },
  ticketTypes: [...TICKET_WORDS],
  taskTypes: [...TASK_WORDS],
  operatorTicketsShared: true,
  services: DEMO.services.map(({ sysId, name }) => ({ sysId, name })),
  defaultCaller: null,
  unmatched: 'default',
  solverGroups: [],
  watched: [...WATCHED_FIELDS],
  callsPerMinute: CALLS_PER_MINUTE,
  ...rest,
})

const { customers, provider } = DEMO
const [north, south] = customers

const PARTNERS = [
  { organisation: north, terms: terms(north, { defaultCaller: north.defaultCaller.sysId }) },
  { organisation: south, terms: terms(south, { defaultCaller: south.defaultCaller.sysId }) },
  {
    organisation: provider,
    terms: terms(provider, { roles: ['provider'], solverGroups: [{ sysId: provider.solverGroup.sysId, name: provider.solverGroup.name }] }),
  },
]

/** One process at a time makes demo data; several may start on one database together. */
const alone = sql`select pg_advisory_xact_lock(5063924117)`

/** Makes two customers and a provider with agreements in both environments, unless they are there already. */
export async function makeDemoCompany(database: Database): Promise<void> {
  await database.transaction(async queries => {
    await queries.rows(alone)
    for (const { organisation, terms: agreed } of PARTNERS) {
      if (await findPartner(queries, organisation.name)) continue
      const partnerId = (await makePartner(queries, organisation.name))!
      for (const environment of ENVIRONMENTS) await putAgreement(queries, partnerId, environment, agreed)
    }
  })
}

/** The demo credentials: those of an earlier start, or new ones beside them where nobody remembers the old. */
export async function makeDemoCredentials(database: Database, passwords: Passwords, known: Partial<FirstSteps>): Promise<DemoCredentials> {
  const project = (organisation: Organisation, environment: Environment, known: FirstSteps['customer'] | undefined) =>
    makeCredentials(database, organisation, environment, known)
  return {
    customer: await project(north, 'sandbox', known.customer),
    otherCustomer: await project(south, 'sandbox', known.otherCustomer),
    provider: {
      ...(await project(provider, 'sandbox', known.provider)),
      solverGroup: { name: provider.solverGroup.name, sys_id: provider.solverGroup.sysId },
    },
    productionCustomer: await project(north, 'production', known.productionCustomer),
    portalUsers: {
      operator: await makePerson(
        database,
        passwords,
        { email: OPERATOR_EMAIL, role: 'operator', partnerId: null },
        known.portalUsers?.operator,
      ),
      partner: await makePerson(
        database,
        passwords,
        { email: PARTNER_EMAIL, role: 'partner', partnerId: (await findPartner(database, north.name)) ?? null },
        known.portalUsers?.partner,
      ),
    },
  }
}

async function makeCredentials(
  database: Database,
  organisation: Organisation,
  environment: Environment,
  known: FirstSteps['customer'] | undefined,
): Promise<FirstSteps['customer']> {
  return database.transaction(async queries => {
    await queries.rows(alone)
    const partnerId = (await findPartner(queries, organisation.name))!
    const { projectId, clientId } = await findOrMakeProject(queries, partnerId, environment)
    const remembered = known?.clientId === clientId ? known.clientSecret : undefined
    const clientSecret = remembered ?? randomSecret()
    if (!remembered) await addSecret(queries, sha256(clientSecret), projectId)
    return {
      clientId,
      clientSecret,
      environment,
      service: DEMO.services[0].name,
      organisation: { name: organisation.name, table: organisation.table, sys_id: organisation.sysId },
    }
  })
}

async function findOrMakeProject(
  queries: Queries,
  partnerId: string,
  environment: Environment,
): Promise<{ projectId: string; clientId: string }> {
  const existing = await findProject(queries, partnerId, environment, PROJECT_NAME)
  if (existing) return existing
  const clientId = randomBytes(16).toString('hex')
  return { clientId, projectId: await makeProject(queries, { partnerId, environment, name: PROJECT_NAME, clientId }) }
}

type Login = { email: string; password: string }

async function makePerson(
  database: Database,
  passwords: Passwords,
  { email, role, partnerId }: { email: string; role: string; partnerId: string | null },
  known: Login | undefined,
): Promise<Login> {
  if (known) {
    // Another database than last time does not know the person yet.
    if (!(await findPerson(database, known.email)))
      await addPerson(database, { email: known.email, passwordHash: await passwords.hash(known.password), role, partnerId })
    return known
  }
  const password = randomSecret()
  const passwordHash = await passwords.hash(password)
  // The address may be taken by a process with another data folder, which alone knows its password.
  for (const address of [email, email.replace('@', `.${randomBytes(3).toString('hex')}@`)])
    if (await addPerson(database, { email: address, passwordHash, role, partnerId })) return { email: address, password }
  throw new Error(`No demo person could be made for ${email}`)
}
