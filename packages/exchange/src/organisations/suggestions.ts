import type { Desk } from '../connections/index.ts'
import type { Database } from '../platform/database.ts'
import { type Company, countPeopleAt, readAllCompanies } from './companies.ts'
import { saysWhose } from './domains.ts'
import { findHoldersOf, readDomains, readMappings, readUnmapped } from './organisations.store.ts'
import { type Suggestion, suggestFor } from './suggest.ts'

/** More companies than a service desk usually has; reading them takes 20 calls. */
const MOST_COMPANIES = 20_000
const MOST_DOMAINS = 3

export interface Suggestions {
  organisations: { name: string; suggestion: Suggestion<Company> }[]
  /** How many records were compared, and whether these are all that there are. */
  compared: number
  complete: boolean
}

/** For each organisation without a mapping in this environment: which record might stand for it, and why. */
export async function findSuggestions(
  database: Database,
  desk: Desk,
  { after, limit }: { after: string; limit: number },
  signal: AbortSignal,
): Promise<Suggestions> {
  const { environment } = desk
  const unmapped = await readUnmapped(database, environment, after, limit)
  if (!unmapped.length) return { organisations: [], compared: 0, complete: true }
  const ids = unmapped.map(one => one.partnerId)
  const [domains, mappings, { companies, complete }] = await Promise.all([
    readDomains(database, ids),
    readMappings(database, ids),
    readAllCompanies(desk, MOST_COMPANIES, signal),
  ])
  const taken = await findHoldersOf(
    database,
    environment,
    companies.map(one => one.sysId),
  )
  const takenIds = new Set(taken.map(one => one.sysId))
  const free = companies.filter(one => !takenIds.has(one.sysId))
  const unplaced = unmapped.map(({ partnerId, name }) => {
    const elsewhere = mappings.find(one => one.partnerId === partnerId)
    const own = domains.filter(one => one.partnerId === partnerId && saysWhose(one.domain)).slice(0, MOST_DOMAINS)
    return { name, domains: own.map(one => one.domain), ...(elsewhere ? { elsewhere } : {}) }
  })
  const asked = [...new Set(unplaced.flatMap(one => one.domains))]
  const people = new Map(await Promise.all(asked.map(async domain => [domain, await countPeopleAt(desk, domain, signal)] as const)))
  const suggestions = suggestFor(unplaced, free, people)
  return {
    organisations: unplaced.map(({ name }, at) => ({ name, suggestion: suggestions[at]! })),
    compared: free.length,
    complete,
  }
}
