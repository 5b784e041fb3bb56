import type { Desk, Desks } from '../connections/index.ts'
import type { Database, Queries } from '../platform/database.ts'
import type { Environment } from '../platform/environment.ts'
import { ExchangeError } from '../platform/errors.ts'
import type { Tokens } from '../sign-in/index.ts'
import { type Company, readCompaniesById } from './companies.ts'
import {
  forgetVariable,
  lockChanges,
  type PartnerRow,
  readNamed,
  readPartners,
  readVariables,
  saveVariable,
  storedName,
  writeMappings,
} from './organisations.store.ts'

export interface OrganisationParts {
  database: Database
  desks: Desks
  tokens: Tokens
}

/** The variable that a mapping gives its organisation. */
const MAPPED_VARIABLE = 'servicenow_company_sys_id'

export interface OrganisationNow {
  name: string
  environments: {
    environment: Environment
    mapping: {
      table: string
      sys_id: string
      name: string
      /** Whether the record is still there; `unknown` while the service desk does not answer. */
      state: 'there' | 'gone' | 'unknown'
      confirmed_by: string | null
      confirmed_at: string | null
    } | null
    variables: Record<string, string>
  }[]
}

/** Our organisations, what stands for each in each environment, and whether it still does. */
export async function readOrganisations(
  { database, desks }: OrganisationParts,
  { after, limit }: { after: string; limit: number },
  signal: AbortSignal,
): Promise<OrganisationNow[]> {
  const rows = await readPartners(database, after, limit)
  const variables = await readVariables(database, [...new Set(rows.map(row => row.partnerId))])
  const records = await readRecordsOf(rows, desks, signal)
  const organisations = new Map<string, OrganisationNow>()
  for (const row of rows) {
    const organisation = organisations.get(row.partnerId) ?? { name: row.name, environments: [] }
    organisations.set(row.partnerId, organisation)
    const { environment } = row
    if (!environment) continue
    const own = variables.filter(one => one.partnerId === row.partnerId && one.environment === environment)
    organisation.environments.push({
      environment,
      mapping: mappingNow(row, records.get(environment)),
      variables: {
        ...(row.organisation ? { [MAPPED_VARIABLE]: row.organisation.sysId } : {}),
        ...Object.fromEntries(own.map(({ name, value }) => [name, value])),
      },
    })
  }
  return [...organisations.values()]
}

/** The mapped records as they are now, by environment; none for one whose service desk does not answer. */
async function readRecordsOf(rows: readonly PartnerRow[], desks: Desks, signal: AbortSignal): Promise<Map<string, Map<string, Company>>> {
  const found = new Map<string, Map<string, Company>>()
  const ask = async (desk: Desk) => {
    const mapped = rows.flatMap(row => (row.environment === desk.environment && row.organisation ? [row.organisation.sysId] : []))
    try {
      found.set(desk.environment, await readCompaniesById(desk, mapped, signal))
    } catch (failure) {
      if (!(failure instanceof ExchangeError)) throw failure
    }
  }
  await Promise.all(Object.values(desks).map(ask))
  return found
}

function mappingNow({ organisation, confirmedBy, confirmedAt }: PartnerRow, records: Map<string, Company> | undefined) {
  if (!organisation) return null
  const record = records?.get(organisation.sysId)
  return {
    table: organisation.table,
    sys_id: organisation.sysId,
    name: record?.name || organisation.name,
    state: record ? ('there' as const) : records ? ('gone' as const) : ('unknown' as const),
    confirmed_by: confirmedBy,
    confirmed_at: confirmedAt?.toISOString() ?? null,
  }
}

async function findAgreement(queries: Queries, name: string, environment: Environment) {
  const rows = await readNamed(queries, [name])
  return rows.find(row => row.name === storedName(rows, name) && row.environment === environment)
}

/** Takes a mapping away. From then on the organisation can file nothing in this environment. */
export async function removeMapping(tokens: Tokens, name: string, environment: Environment, person: string): Promise<void> {
  await tokens.changeAccess(async queries => {
    await lockChanges(queries)
    const row = await findAgreement(queries, name, environment)
    if (!row?.organisation)
      throw new ExchangeError('not_found', `"${name}" has no mapping in ${environment}.`, {
        hint: 'GET /operator/organisations lists what is mapped.',
      })
    await writeMappings(queries, [{ partnerId: row.partnerId, environment, organisation: null }], person)
  })
}

/** Sets a variable of an organisation, or removes it (without a value). */
export async function changeVariable(
  database: Database,
  { organisation, environment, name, value }: { organisation: string; environment: Environment; name: string; value?: string },
): Promise<void> {
  if (name === MAPPED_VARIABLE)
    throw new ExchangeError('invalid_field', `${MAPPED_VARIABLE} is what the organisation is mapped to.`, {
      field: 'variable',
      hint: 'Change the mapping instead: PUT /operator/organisations/{name}/mapping.',
    })
  if (!/^[a-z][a-z0-9_]{0,79}$/.test(name))
    throw new ExchangeError('invalid_field', 'The name of a variable has small letters, digits and "_", at most 80, a letter first.', {
      field: 'variable',
    })
  const row = await findAgreement(database, organisation, environment)
  if (!row) throw new ExchangeError('not_found', `There is no organisation "${organisation}" with an agreement in ${environment}.`)
  const variable = { partnerId: row.partnerId, environment, name }
  const changed = value === undefined ? await forgetVariable(database, variable) : await saveVariable(database, { ...variable, value })
  if (!changed) throw new ExchangeError('not_found', `"${organisation}" has no variable ${name} in ${environment}.`)
}
