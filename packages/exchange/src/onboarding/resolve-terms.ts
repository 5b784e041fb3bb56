import {
  ORGANISATION_TABLES,
  type Organisation,
  type Proposal,
  type Reference,
  TERM_NAMES,
  TERMS,
  type TermName,
  type Terms,
} from '../agreements/index.ts'
import type { Desk } from '../connections/index.ts'
import { ExchangeError } from '../platform/errors.ts'
import { readById } from './find-records.ts'
import { type NamedRecord, resolveReferences, type TermProblem } from './resolve-references.ts'

/** Terms whose records were found in the service desk. */
export interface Resolved {
  terms: Terms
  /** The user names of default callers, by sys_id. */
  callers: ReadonlyMap<string, string>
}

/** What is kept of the records that a term names. */
const KEPT = {
  organisation: asOrganisation,
  services: listOf,
  default_caller: ([user]: readonly NamedRecord[]) => user?.sysId ?? null,
  solver_groups: listOf,
} as const

/** A term that names records. */
type RecordTerm = keyof typeof KEPT
const namesRecords = (name: TermName): name is RecordTerm => Object.hasOwn(KEPT, name)

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
  const find = async (term: RecordTerm, references: readonly Reference[]) => {
    const found = await resolveReferences(references, { desk, term, table: TERMS[term].table, now: recordsOf(term, now, callers), signal })
    const records = found.flatMap(one => ('record' in one ? [one.record] : []))
    problems.push(...found.flatMap(one => ('problem' in one ? [one.problem] : [])), ...twiceNamed(term, records))
    return records
  }
  for (const name of TERM_NAMES) {
    const { key, fallback } = TERMS[name]
    const proposed = proposal[name]
    if (proposed === undefined) terms[key] = now ? now[key] : fallback
    else if (namesRecords(name)) {
      const records = await find(name, [(proposed as Reference | Reference[] | null) ?? []].flat())
      if (name === 'default_caller') for (const user of records) callers.set(user.sysId, user.name)
      terms[key] = KEPT[name](records)
    } else terms[key] = Array.isArray(proposed) ? [...new Set(proposed)] : proposed
  }
  if (!(terms.roles as string[] | undefined)?.length) problems.push(withoutRole)
  return problems.length ? { problems } : { terms: terms as unknown as Terms, callers }
}

/** The records that an agreement names in a term now. */
function recordsOf(term: RecordTerm, now: Terms | undefined, callers: ReadonlyMap<string, string>): NamedRecord[] {
  if (term === 'default_caller') return [...callers].map(([sysId, name]) => ({ sysId, name, table: TERMS[term].table }))
  return [now?.[TERMS[term].key] ?? []].flat().map(one => ({ table: TERMS[term].table, ...one }))
}

const withoutRole: TermProblem = {
  field: 'roles',
  given: null,
  message: 'it is not said whether the partner is a customer, a provider or both',
  hint: 'Say roles: [customer], [provider] or both.',
}

/** One record under two names: neither may be dropped without a word. */
const twiceNamed = (term: RecordTerm, records: readonly NamedRecord[]): TermProblem[] =>
  records.flatMap(({ sysId, name }, at) => {
    const first = records.findIndex(other => other.sysId === sysId)
    if (first === at || records[first]!.name === name) return []
    return [
      { field: term, given: name, message: `"${records[first]!.name}" and "${name}" are one record, ${sysId}`, hint: 'Name it once.' },
    ]
  })

/** Each record once. */
function listOf(records: readonly NamedRecord[]): { sysId: string; name: string }[] {
  const isFirst = (one: NamedRecord, at: number) => records.findIndex(other => other.sysId === one.sysId) === at
  return records.filter(isFirst).map(({ sysId, name }) => ({ sysId, name }))
}

function asOrganisation([record]: readonly NamedRecord[]): Organisation | null {
  if (!record) return null
  const [company, account] = ORGANISATION_TABLES
  return { sysId: record.sysId, name: record.name, table: record.table === account ? account : company }
}

/** The user name of a user; undefined where there is none, or where the service desk does not answer: then the sys_id is shown. */
export async function readUserName(desk: Desk, sysId: string, signal: AbortSignal): Promise<string | undefined> {
  try {
    return (await readById(desk, 'sys_user', [sysId], signal))[0]?.name
  } catch (failure) {
    if (failure instanceof ExchangeError) return undefined
    throw failure
  }
}

/** The user name of the default caller that is agreed now, by its sys_id. */
async function readCallers(desk: Desk, now: Terms | undefined, signal: AbortSignal): Promise<Map<string, string>> {
  const sysId = now?.defaultCaller
  const name = sysId && (await readUserName(desk, sysId, signal))
  return new Map(name ? [[sysId, name]] : [])
}
