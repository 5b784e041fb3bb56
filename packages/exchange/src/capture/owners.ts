import { type Agreement, includesWord, namesOrganisation } from '../agreements/index.ts'
import { type Bond, filedBy } from '../bonds/index.ts'
import type { Kind } from '../mapping/index.ts'
import type { Environment } from '../platform/environment.ts'

/** Who is told of a record with these values; `filed` when the ticket is its own. */
export interface Owner {
  partnerId: string
  filed: boolean
  terms: Agreement['terms']
}

/** Other software uses the field too; only what looks like ours is worth computing. */
const looksFiled = ({ correlation_id = '', correlation_display = '' }: Record<string, string>) =>
  correlation_display !== '' && /^[0-9a-f]{40}$/.test(correlation_id)

/**
 * Whose record it is, by what the record says: a ticket belongs to the partner that filed it, else to the one whose company it
 * names; a task to the provider whose solver group it is assigned to.
 */
export function ownerOf(
  environment: Environment,
  kind: Kind,
  values: Record<string, string>,
  agreements: readonly Agreement[],
  bonds: readonly Bond[],
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
  const filing = values.correlation_id ? bonds.find(bond => bond.correlationId === values.correlation_id) : undefined
  // A database that has gone back does not know the filing; the record still says whose it is.
  const filer =
    filing?.partnerId ?? (looksFiled(values) && agreements.find(({ partnerId }) => filedBy({ environment, partnerId }, values))?.partnerId)
  if (filer)
    return find(
      ({ partnerId, terms }) => partnerId === filer && terms.roles.includes('customer') && includesWord(terms, filing?.word ?? kind.word),
      true,
    )
  return find(
    ({ terms }) =>
      terms.roles.includes('customer') &&
      terms.operatorTicketsShared &&
      includesWord(terms, kind.word) &&
      namesOrganisation(terms, values.company),
    false,
  )
}
