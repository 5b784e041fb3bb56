import { type Proposal, type Reference, TERM_NAMES, TERMS, type TermName, type Terms } from '../agreements/index.ts'
import type { NamedRecord } from './resolve-references.ts'

/**
 * The terms of an agreement by name, as a file has them: what is shown can be proposed again, and changes nothing. An organisation that
 * nobody has confirmed is left out, so that the same file does not take away one that is confirmed later.
 * @param callerName the user name of the default caller; undefined where the service desk does not tell it
 */
export function shownTerms(terms: Terms, callerName: string | undefined): Proposal {
  const { organisation, defaultCaller } = terms
  const shown = TERM_NAMES.map((name): [TermName, unknown] => {
    const value = terms[TERMS[name].key]
    if (name === 'organisation')
      return [name, organisation && { name: organisation.name, sys_id: organisation.sysId, table: organisation.table }]
    if (name === 'default_caller') return [name, defaultCaller === null ? null : (callerName ?? defaultCaller)]
    return [name, TERMS[name].kind === 'records' ? (value as NamedRecord[]).map(namedIn(value as NamedRecord[])) : value]
  })
  return Object.fromEntries(shown.filter(([name, value]) => name !== 'organisation' || value !== null)) as Proposal
}

/** By name; by its sys_id too where another record of the list has the same name. */
const namedIn =
  (list: readonly NamedRecord[]) =>
  ({ name, sysId }: NamedRecord): Reference =>
    list.filter(other => other.name === name).length > 1 ? { name, sys_id: sysId } : name
