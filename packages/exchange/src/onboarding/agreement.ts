import { type AgreementNow, type Proposal, putAgreement, readAgreement, type Terms } from '../agreements/index.ts'
import type { Desk, Desks } from '../connections/index.ts'
import { findHoldersOf, lockChanges, writeMappings } from '../organisations/index.ts'
import type { Database, Queries } from '../platform/database.ts'
import type { Environment } from '../platform/environment.ts'
import { ExchangeError } from '../platform/errors.ts'
import type { Tokens } from '../sign-in/index.ts'
import { type Difference, differencesOf } from './differences.ts'
import { findGroupHolder, type PartnerThere } from './onboarding.store.ts'
import { findPartnerThere } from './partners.ts'
import type { TermProblem } from './resolve-references.ts'
import { readUserName, resolveTerms } from './resolve-terms.ts'
import { shownTerms } from './shown-terms.ts'
import { abilityInWords } from './waits-for.ts'

/** The version of an agreement that is not there: who has seen that there is none, does not overwrite one. */
const NONE = 'none'

export interface AgreementParts {
  database: Database
  desks: Desks
  tokens: Tokens
}

/** An agreement as a person reads it. */
export interface ShownAgreement {
  partner: string
  environment: Environment
  /** `none`: there is none yet. */
  version: string
  changed_at: string | null
  agreement: Proposal | null
  /** What the partner can do there, or waits for. */
  says: string
}

/** The agreement of a partner in an environment. */
export async function showAgreement(
  { database, desks }: AgreementParts,
  name: string,
  environment: Environment,
  signal: AbortSignal,
): Promise<ShownAgreement> {
  const there = await findThere(database, name, environment)
  return shown(there, await readAgreement(database, there.partnerId, environment), desks[environment], signal)
}

/** A change of an agreement that somebody proposes. */
export interface Proposed {
  environment: Environment
  proposal: Proposal
  /** The version that the person has seen; undefined: whatever there is. */
  version: string | undefined
  /** Only look. */
  dryRun: boolean
  /** The person, or whose token it is. */
  person: string
}

/** What a proposal changes, or would. */
export interface Outcome extends ShownAgreement {
  saved: boolean
  differences: Difference[]
}

/**
 * Checks what is proposed against the service desk, says what it changes, and saves it: all of it, or nothing.
 * @throws ExchangeError invalid_agreement with all problems, changed_meanwhile, mapping_taken, not_found
 */
export async function proposeAgreement(parts: AgreementParts, name: string, proposed: Proposed, signal: AbortSignal): Promise<Outcome> {
  const { database, desks, tokens } = parts
  const { environment, dryRun, version } = proposed
  const desk = desks[environment]
  const there = await findThere(database, name, environment)
  const now = await readAgreement(database, there.partnerId, environment)
  const resolved = await resolveTerms(desk, now?.terms, proposed.proposal, signal)
  if ('problems' in resolved) throw invalid(there, resolved.problems)
  const { terms, callers } = resolved
  const differences = differencesOf(now?.terms, terms, callers)
  const isSaved = differences.length > 0 && !dryRun
  if (differences.length) assertSeen(there, now, version)
  await assertFree(database, there, { now: now?.terms, terms })
  if (isSaved) await save(tokens, there, now, terms, proposed.person)
  const after = isSaved ? await readAgreement(database, there.partnerId, environment) : now
  return {
    ...(await shown({ ...there, terms }, after, desk, signal)),
    agreement: shownTerms(terms, callers.get(terms.defaultCaller ?? '')),
    saved: isSaved,
    differences,
  }
}

async function findThere(database: Database, name: string, environment: Environment): Promise<PartnerThere> {
  return (await findPartnerThere(database, name)).find(row => row.environment === environment)!
}

async function save(tokens: Tokens, there: PartnerThere, seen: AgreementNow | undefined, terms: Terms, person: string): Promise<void> {
  const { partnerId, environment } = there
  await tokens.changeAccess(async queries => {
    await lockChanges(queries)
    const now = await readAgreement(queries, partnerId, environment)
    if (now?.version !== seen?.version) throw changedMeanwhile(there)
    // The organisation is set where all mappings are: with who confirmed it, and for one partner only.
    const organisation = now?.terms.organisation ?? null
    await putAgreement(queries, partnerId, environment, { ...terms, organisation })
    await assertFree(queries, there, { now: now?.terms, terms })
    if (terms.organisation?.sysId !== organisation?.sysId)
      await writeMappings(queries, [{ partnerId, environment, organisation: terms.organisation }], person)
  })
}

function assertSeen(there: PartnerThere, now: AgreementNow | undefined, version: string | undefined): void {
  if (version !== undefined && version !== (now?.version ?? NONE)) throw changedMeanwhile(there)
}

/** An organisation stands for one partner, and the tasks of a group are one provider's. What was agreed before is not looked at. */
async function assertFree(queries: Queries, there: PartnerThere, { now, terms }: { now: Terms | undefined; terms: Terms }): Promise<void> {
  const { name, environment } = there
  const { organisation } = terms
  if (organisation && organisation.sysId !== now?.organisation?.sysId) {
    const holder = (await findHoldersOf(queries, environment, [organisation.sysId])).find(one => one.name !== name)
    if (holder)
      throw new ExchangeError(
        'mapping_taken',
        `"${organisation.name}" (${organisation.sysId}) stands for "${holder.name}" already in ${environment}.`,
        { field: 'organisation' },
      )
  }
  const groups = groupsOf(terms).filter(sysId => !groupsOf(now).includes(sysId))
  const holder = groups.length ? await findGroupHolder(queries, there, groups) : undefined
  if (holder)
    throw new ExchangeError(
      'mapping_taken',
      `The tasks of the group "${holder.group}" are those of "${holder.name}" already in ${environment}.`,
      {
        field: 'solver_groups',
        hint: 'Choose another group, or take this one out of the other agreement first.',
      },
    )
}

const groupsOf = (terms: Terms | undefined): string[] =>
  terms?.roles.includes('provider') ? terms.solverGroups.map(({ sysId }) => sysId) : []

const changedMeanwhile = ({ name, environment }: PartnerThere) =>
  new ExchangeError('changed_meanwhile', `The agreement of "${name}" in ${environment} is not any more what you have seen.`)

function invalid({ name, environment }: PartnerThere, problems: readonly TermProblem[]): ExchangeError {
  const [first] = problems
  const more = problems.length > 1 ? `, and ${problems.length - 1} more` : ''
  return new ExchangeError(
    'invalid_agreement',
    `${first!.field}: ${first!.message}${more}. The agreement of "${name}" in ${environment} stays as it is.`,
    {
      field: first!.field,
      hint: first!.hint,
      extra: { problems },
    },
  )
}

async function shown(there: PartnerThere, now: AgreementNow | undefined, desk: Desk, signal: AbortSignal): Promise<ShownAgreement> {
  const { name, environment, suspendedAt } = there
  const caller = now?.terms.defaultCaller
  return {
    partner: name,
    environment,
    version: now?.version ?? NONE,
    changed_at: now?.changedAt.toISOString() ?? null,
    agreement: now ? shownTerms(now.terms, caller ? await readUserName(desk, caller, signal) : undefined) : null,
    says: abilityInWords(there, suspendedAt),
  }
}
