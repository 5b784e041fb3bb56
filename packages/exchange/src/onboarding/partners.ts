import { normalName, sameName, spellings } from '../mapping/index.ts'
import { makePartner, suspendPartner } from '../partners/index.ts'
import type { Database } from '../platform/database.ts'
import { ExchangeError } from '../platform/errors.ts'
import { nearest } from '../platform/nearest.ts'
import type { Tokens } from '../sign-in/index.ts'
import { type PartnerThere, readPartnerNames, readPartnersNamed, readPartnersThere } from './onboarding.store.ts'
import { abilityInWords, waitsFor } from './waits-for.ts'

/** A partner, and what it can do in each environment. */
export interface PartnerNow {
  name: string
  made_at: string
  suspended_at: string | null
  environments: {
    environment: string
    /** What it can do there, or waits for, in a sentence. */
    says: string
    waits_for: string[]
    organisation: string | null
    agreement_changed_at: string | null
    projects: number
    secrets: number
    unread_updates: number
  }[]
}

/** Partners by name, from after `after` on. */
export const listPartners = async (database: Database, { after, limit }: { after: string; limit: number }): Promise<PartnerNow[]> =>
  asPartners(await readPartnersThere(database, after, limit))

/** One partner. @throws ExchangeError not_found, with the nearest names */
export const showPartner = async (database: Database, name: string): Promise<PartnerNow> =>
  asPartners(await findPartnerThere(database, name))[0]!

/** A partner by its name, in whatever bytes: a row for each environment. @throws ExchangeError not_found, with the nearest names */
export async function findPartnerThere(database: Database, name: string): Promise<PartnerThere[]> {
  const rows = await readPartnersNamed(database, [name, ...spellings(name)])
  const stored = rows.find(row => row.name === name)?.name ?? rows.find(row => sameName(row.name, name))?.name
  if (stored !== undefined) return rows.filter(row => row.name === stored)
  const near = nearest(name, await readPartnerNames(database))
  throw new ExchangeError('not_found', `There is no partner "${name}".`, {
    hint: near.length ? `The nearest names are: ${near.join(', ')}.` : 'There is none yet; POST /operator/partners makes one.',
    extra: { closest: near },
  })
}

/** Makes a partner; it waits for an agreement, a project and a secret. @throws ExchangeError name_taken */
export async function addPartner(database: Database, name: string): Promise<PartnerNow> {
  await database.transaction(async queries => {
    if (await makePartner(queries, normalName(name), spellings(name))) return
    throw new ExchangeError('name_taken', `There is a partner "${normalName(name)}" already.`, {
      field: 'name',
      hint: 'Choose another name, or go on with the partner that has it.',
    })
  })
  return showPartner(database, normalName(name))
}

/**
 * Suspends a partner, or lets it in again. From then on its tokens and secrets open nothing, in every exchange process; its updates are
 * kept, and what it was promised before is finished.
 */
export async function setSuspended(database: Database, tokens: Tokens, name: string, suspended: boolean): Promise<PartnerNow> {
  const [partner] = await findPartnerThere(database, name)
  await tokens.changeAccess(queries => suspendPartner(queries, partner!.partnerId, suspended))
  return showPartner(database, name)
}

function asPartners(rows: readonly PartnerThere[]): PartnerNow[] {
  const partners = new Map<string, PartnerNow>()
  for (const row of rows) {
    const { partnerId, name, madeAt, suspendedAt, terms, projects, secrets } = row
    const partner = partners.get(partnerId) ?? {
      name,
      made_at: madeAt.toISOString(),
      suspended_at: suspendedAt?.toISOString() ?? null,
      environments: [],
    }
    partners.set(partnerId, partner)
    partner.environments.push({
      environment: row.environment,
      says: abilityInWords(row, suspendedAt),
      waits_for: waitsFor(row),
      organisation: terms?.organisation?.name ?? null,
      agreement_changed_at: row.changedAt?.toISOString() ?? null,
      projects,
      secrets,
      unread_updates: row.unread,
    })
  }
  return [...partners.values()]
}
