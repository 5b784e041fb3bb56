import {
  ORGANISATION_TABLES,
  type Organisation,
  type Proposal,
  type Reference,
  TERM_NAMES,
  TERMS,
  type Terms,
} from '../agreements/index.ts'
import type { Desk } from '../connections/index.ts'
import { readById } from './find-records.ts'
import { type NamedRecord, resolveReferences, type TermProblem } from './resolve-references.ts'

/** Terms whose records were found in the service desk. */
export interface Resolved {
  terms: Terms
  /** The user names of default callers, by sys_id. */
  callers: ReadonlyMap<string, string>
}

/** What a proposal makes of an agreement, or what keeps it from being one; the service desk is asked for each record that it names. */
export async function resolveTerms(
  desk: Desk,
  now: Terms | undefined,
  proposal: Proposal,
  signal: AbortSignal,
): Promise<Resolved | { problems: TermProblem[] }> {
  const problems: TermProblem[] = []
  const terms: Partial<Record<keyof Terms, unknown>> = {}
  const callers = await readCallers(desk, now, signal)
  const find = async (term: 'services' | 'solver_groups' | 'organisation' | 'default_caller', references: readonly Reference[]) => {
    const kept =
      term === 'default_caller'
        ? [...callers].map(([sysId, name]) => ({ sysId, name, table: 'sys_user' }))
        : [now?.[TERMS[term].key] ?? []].flat()
    const found = await resolveReferences(references, { desk, term, table: TERMS[term].table, now: kept as NamedRecord[], signal })
    problems.push(...found.flatMap(one => ('problem' in one ? [one.problem] : [])))
    return found.flatMap(one => ('record' in one ? [one.record] : []))
  }
  for (const name of TERM_NAMES) {
    const { key, fallback } = TERMS[name]
    const proposed = proposal[name]
    if (proposed === undefined) terms[key] = now ? now[key] : fallback
    else if (name === 'services' || name === 'solver_groups')
      terms[key] = once(await find(name, proposed as Reference[])).map(({ sysId, name }) => ({ sysId, name }))
    else if (proposed !== null && name === 'organisation') terms[key] = asOrganisation(await find(name, [proposed as Reference]))
    else if (proposed !== null && name === 'default_caller') {
      const [caller] = await find(name, [proposed as Reference])
      if (caller) callers.set(caller.sysId, caller.name)
      terms[key] = caller?.sysId ?? null
    } else terms[key] = Array.isArray(proposed) ? [...new Set(proposed)] : proposed
  }
  if (!(terms.roles as string[] | undefined)?.length) problems.push(withoutRole)
  return problems.length ? { problems } : { terms: terms as unknown as Terms, callers }
}

const withoutRole: TermProblem = {
  field: 'roles',
  given: null,
  message: 'it is not said whether the partner is a customer, a provider or both',
  hint: 'Say roles: [customer], [provider] or both.',
}

/** Each record once, under its first name. */
const once = (records: readonly NamedRecord[]) => records.filter((one, at) => records.findIndex(other => other.sysId === one.sysId) === at)

function asOrganisation([record]: readonly NamedRecord[]): Organisation | null {
  if (!record) return null
  const [company, account] = ORGANISATION_TABLES
  return { sysId: record.sysId, name: record.name, table: record.table === account ? account : company }
}

/** The user name of the default caller that is agreed now. */
async function readCallers(desk: Desk, now: Terms | undefined, signal: AbortSignal): Promise<Map<string, string>> {
  if (!now?.defaultCaller) return new Map()
  const users = await readById(desk, 'sys_user', [now.defaultCaller], signal)
  return new Map(users.map(({ sysId, name }) => [sysId, name]))
}
