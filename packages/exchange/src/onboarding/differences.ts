import { TERM_NAMES, TERMS, type TermName, type Terms } from '../agreements/index.ts'

/** What is different in one term: what comes and what goes, in words. */
export interface Difference {
  term: TermName
  comes: string[]
  goes: string[]
}

/** What is different between the agreement that there is (undefined: none) and one that is proposed, in the order of the terms. */
export function differencesOf(now: Terms | undefined, proposed: Terms, callers: ReadonlyMap<string, string>): Difference[] {
  return TERM_NAMES.flatMap(term => {
    const { key } = TERMS[term]
    const before = now ? partsOf(now[key], callers) : new Map<string, string>()
    const after = partsOf(proposed[key], callers)
    const goes = [...before].filter(([part]) => !after.has(part)).map(([, words]) => words)
    const comes = [...after].filter(([part]) => !before.has(part)).map(([, words]) => words)
    return comes.length || goes.length ? [{ term, comes, goes }] : []
  })
}

type Kept = { sysId: string; name: string; table?: string }

/** The parts of a term, each by what makes it itself, with the words for it. */
function partsOf(value: unknown, callers: ReadonlyMap<string, string>): Map<string, string> {
  if (value === null) return new Map()
  if (Array.isArray(value)) return new Map(value.flatMap(one => [...partsOf(one, callers)]))
  if (typeof value === 'object') {
    const { sysId, name, table } = value as Kept
    return new Map([[`${sysId} ${name}`, `${name} (${table ? `${table} ` : ''}${sysId})`]])
  }
  if (typeof value === 'boolean') return new Map([[String(value), value ? 'yes' : 'no']])
  const text = String(value)
  return new Map([[text, callers.has(text) ? `${callers.get(text)} (${text})` : text]])
}
