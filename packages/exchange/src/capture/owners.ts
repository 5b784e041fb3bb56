import { type Agreement, includesWord, namesOrganisation } from '../agreements/index.ts'
import type { Kind } from '../mapping/index.ts'
import { type Bond, filerOf } from '../ownership/index.ts'
import type { Environment } from '../platform/environment.ts'

/** Who is told of a record with these values; `filed` when the ticket is its own. */
export interface Owner {
  partnerId: string
  filed: boolean
  terms: Agreement['terms']
}

/** What decides whose records are: agreements, what partners have filed, and the exchange's own users. */
export interface Owning {
  environment: Environment
  agreements: readonly Agreement[]
  bonds: readonly Bond[]
  writers: ReadonlySet<string>
}

/**
 * Whose record it is, by what the record says: a ticket belongs to the partner that filed it, else to the one whose company it
 * names; a task to the provider whose solver group it is assigned to.
 */
export function ownerOf(
  { environment, agreements, bonds, writers }: Owning,
  kind: Kind,
  values: Record<string, string>,
): Owner | undefined {
  const find = (test: (agreement: Agreement) => boolean, filed: boolean): Owner | undefined => {
    const agreement = agreements.find(test)
    return agreement && { partnerId: agreement.partnerId, terms: agreement.terms, filed }
  }
  if (kind.isTask)
    return find(
      ({ terms }) =>
        terms.roles.includes('provider') &&
        includesWord(terms, kind.word) &&
        terms.solverGroups.some(group => group.sysId === values.assignment_group),
      false,
    )
  const filer = filerOf({ environment, writers, partnerIds: agreements.map(({ partnerId }) => partnerId) }, values, bonds)
  if (filer) {
    const word = bonds.find(bond => bond.partnerId === filer && bond.correlationId === values.correlation_id)?.word ?? kind.word
    return find(({ partnerId, terms }) => partnerId === filer && terms.roles.includes('customer') && includesWord(terms, word), true)
  }
  return find(
    ({ terms }) =>
      terms.roles.includes('customer') &&
      terms.operatorTicketsShared &&
      includesWord(terms, kind.word) &&
      namesOrganisation(terms, values.company),
    false,
  )
}
