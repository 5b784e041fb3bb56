import { DEMO } from '@deskbridge/instance'
import { type Organisation as MappedOrganisation, putAgreement, type Terms } from '../agreements/index.ts'
import { TASK_WORDS, TICKET_WORDS, WATCHED_FIELDS } from '../mapping/index.ts'
import { findPartner, makePartner } from '../partners/index.ts'
import type { Database } from '../platform/database.ts'
import { ENVIRONMENTS } from '../platform/environment.ts'
import { waitForDemo } from './demo.store.ts'

const CALLS_PER_MINUTE = 6_000

type Organisation = { name: string; table: string; sysId: string }

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

/** Makes two customers and a provider with agreements in both environments, unless they are there already. */
export async function makeDemoCompany(database: Database): Promise<void> {
  await database.transaction(async queries => {
    await waitForDemo(queries)
    for (const { organisation, terms: agreed } of PARTNERS) {
      if (await findPartner(queries, organisation.name)) continue
      const partnerId = (await makePartner(queries, organisation.name))!
      for (const environment of ENVIRONMENTS) await putAgreement(queries, partnerId, environment, agreed)
    }
  })
}
