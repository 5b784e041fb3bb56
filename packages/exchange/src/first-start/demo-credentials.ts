import { randomBytes } from 'node:crypto'
import { DEMO } from '@deskbridge/instance'
import { findPartner, findProject, makeProject } from '../partners/index.ts'
import type { Database, Queries } from '../platform/database.ts'
import type { Environment } from '../platform/environment.ts'
import { addPerson, addSecret, type Passwords, randomSecret, sha256 } from '../sign-in/index.ts'
import {
  activateProject,
  DEMO_PEOPLE,
  DEMO_PROJECT,
  type DemoMaker,
  findDemoMaker,
  isLiveSecret,
  readDemoRemains,
  recordDemoMaker,
  shutDemoDoors,
  waitForDemo,
} from './demo.store.ts'
import type { Addresses, DemoCredentials, FirstSteps } from './first-steps.ts'

type Organisation = { name: string; table: string; sysId: string }
type Login = DemoCredentials['portalUsers']['operator']

const { customers, provider } = DEMO
const [north, south] = customers

/**
 * The demo credentials, which are made once a database: new ones where it has none, or where our first-steps.json has those of another
 * database, dead ones, or none; those that it has; or, where a process with another data folder has made them, who that is. A version
 * that did not write that down is known by its file alone.
 */
export async function makeDemoCredentials(
  database: Database,
  passwords: Passwords,
  us: DemoMaker,
  known: Partial<FirstSteps>,
): Promise<DemoCredentials | Pick<Addresses, 'demoCredentialsIn'>> {
  return database.transaction(async queries => {
    await waitForDemo(queries)
    const maker = await findDemoMaker(queries)
    const { projects, people } = await readDemoRemains(queries)
    const isMade = maker !== undefined || projects.length > 0 || people.length > 0
    const live = await countLive(queries, known)
    const isOurs = maker ? maker.folderId === us.folderId : live > 0
    if (isMade && !isOurs) return maker ? { demoCredentialsIn: { host: maker.host, file: maker.file } } : {}
    const isKnown = isMade && isWhole(known) && live === clientsOf(known).length
    // Ours, and not in our file: nobody knows them any more.
    if (isMade && !isKnown) await shutDemoDoors(queries)
    await recordDemoMaker(queries, us)
    return isKnown ? pickCredentials(known as DemoCredentials) : makeAll(queries, passwords)
  })
}

const clientsOf = ({ customer, otherCustomer, provider, productionCustomer }: Partial<FirstSteps>) => [
  customer,
  otherCustomer,
  provider,
  productionCustomer,
]

const isWhole = (known: Partial<FirstSteps>) => [...clientsOf(known), known.portalUsers].every(part => part !== undefined)

/** How many of the clients in our file sign in to this database. */
async function countLive(queries: Queries, known: Partial<FirstSteps>): Promise<number> {
  let live = 0
  for (const client of clientsOf(known))
    if (client && (await isLiveSecret(queries, client.clientId, sha256(client.clientSecret)))) live += 1
  return live
}

const pickCredentials = ({ customer, otherCustomer, provider, productionCustomer, portalUsers }: DemoCredentials): DemoCredentials => ({
  customer,
  otherCustomer,
  provider,
  productionCustomer,
  portalUsers,
})

async function makeAll(queries: Queries, passwords: Passwords): Promise<DemoCredentials> {
  const { name, sysId } = provider.solverGroup
  const northId = (await findPartner(queries, north.name))!
  return {
    customer: await makeCredentials(queries, north, 'sandbox'),
    otherCustomer: await makeCredentials(queries, south, 'sandbox'),
    provider: { ...(await makeCredentials(queries, provider, 'sandbox')), solverGroup: { name, sys_id: sysId } },
    productionCustomer: await makeCredentials(queries, north, 'production'),
    portalUsers: {
      operator: await makePerson(queries, passwords, { email: DEMO_PEOPLE.operator, role: 'operator', partnerId: null }),
      partner: await makePerson(queries, passwords, { email: DEMO_PEOPLE.partner, role: 'partner', partnerId: northId }),
    },
  }
}

async function makeCredentials(queries: Queries, organisation: Organisation, environment: Environment): Promise<FirstSteps['customer']> {
  const { projectId, clientId } = await findOrMakeProject(queries, organisation, environment)
  const clientSecret = randomSecret()
  await addSecret(queries, sha256(clientSecret), projectId)
  const { name, table, sysId } = organisation
  return { clientId, clientSecret, environment, service: DEMO.services[0].name, organisation: { name, table, sys_id: sysId } }
}

/** A demo that was ended and is asked for again has its projects still. */
async function findOrMakeProject(queries: Queries, { name: partner }: Organisation, environment: Environment) {
  const partnerId = (await findPartner(queries, partner))!
  const existing = await findProject(queries, partnerId, environment, DEMO_PROJECT)
  if (existing) {
    await activateProject(queries, existing.projectId)
    return existing
  }
  const clientId = randomBytes(16).toString('hex')
  return { clientId, projectId: await makeProject(queries, { partnerId, environment, name: DEMO_PROJECT, clientId }) }
}

async function makePerson(
  queries: Queries,
  passwords: Passwords,
  person: { email: string; role: string; partnerId: string | null },
): Promise<Login> {
  const password = randomSecret()
  await addPerson(queries, { ...person, passwordHash: await passwords.hash(password) })
  return { email: person.email, password }
}
