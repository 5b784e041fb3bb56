import { NAMED_TABLES, type NamedTable, type Reference, type TermName } from '../agreements/index.ts'
import type { Desk } from '../connections/index.ts'
import { nearest } from '../platform/nearest.ts'
import { type DeskRecord, findByName, findNamesLike, plainName, readById } from './find-records.ts'

/** A record that an agreement names: what is kept of it. */
export interface NamedRecord {
  sysId: string
  name: string
  table: string
}

/** A term that cannot be saved, and what to do. */
export interface TermProblem {
  /** The term. */
  field: TermName
  /** What was given; null: the term is missing. */
  given: string | null
  message: string
  hint: string
  /** Names of records that are nearest to an unknown one. */
  closest?: string[]
  /** The records that an ambiguous name may mean. */
  candidates?: { name: string; sys_id: string; tells: string }[]
}

interface Asked {
  desk: Desk
  term: TermName
  table: NamedTable
  /** The records that the agreement has now: their names go on meaning them. */
  now: readonly NamedRecord[]
  signal: AbortSignal
}

/** Each costs a search of the service desk. */
const MOST_SUGGESTIONS = 20

type Found = { record: NamedRecord } | { problem: TermProblem }

/** The records that these references name, in their order, or why one names none. */
export async function resolveReferences(references: readonly Reference[], asked: Asked): Promise<Found[]> {
  const { desk, table, now, signal } = asked
  const wanted = references.map(reference => asWanted(reference, now))
  const ids = wanted.flatMap(({ sysId }) => sysId ?? [])
  const names = wanted.flatMap(({ name, sysId, isKept }) => (name !== undefined && (sysId === undefined || isKept) ? [name] : []))
  const [byId, byName] = await Promise.all([readById(desk, table, ids, signal), findByName(desk, table, names, signal)])
  const found: Found[] = []
  for (const one of wanted) {
    const unknowns = found.filter(other => 'problem' in other).length
    found.push(await resolve(one, { byId, byName }, { ...asked, suggests: unknowns < MOST_SUGGESTIONS }))
  }
  return found
}

/** `suggests`: the nearest names of an unknown one are looked for. */
type Suggesting = Asked & { suggests: boolean }

interface Wanted {
  given: string
  name: string | undefined
  sysId: string | undefined
  table: string | undefined
  /** The sys_id is what the agreement has under this name; once its record is gone the name may mean another one. */
  isKept: boolean
}

const SYS_ID = /^[0-9a-f]{32}$/

function asWanted(reference: Reference, now: readonly NamedRecord[]): Wanted {
  if (typeof reference !== 'string') {
    const { name, sys_id: sysId, table } = reference
    return { given: name ?? sysId, name, sysId, table, isKept: false }
  }
  if (SYS_ID.test(reference)) return { given: reference, name: undefined, sysId: reference, table: undefined, isKept: false }
  const kept = now.filter(one => plainName(one.name) === plainName(reference))
  const sysId = kept.length === 1 ? kept[0]!.sysId : undefined
  return { given: reference, name: reference, sysId, table: undefined, isKept: sysId !== undefined }
}

async function resolve(wanted: Wanted, found: { byId: DeskRecord[]; byName: DeskRecord[] }, asked: Suggesting): Promise<Found> {
  const { given, name, sysId, table, isKept } = wanted
  const fits = (one: DeskRecord) => one.active && (table === undefined || table === one.table || table === asked.table)
  const own = sysId === undefined ? undefined : found.byId.find(one => one.sysId === sysId && fits(one))
  const kept = isKept ? asked.now.find(one => one.sysId === sysId)?.name : name
  if (own) return { record: { sysId: own.sysId, name: kept ?? own.name, table: own.table } }
  const called = found.byName.filter(one => name !== undefined && one.calledBy.includes(plainName(name)))
  const alike = sysId !== undefined && !isKept ? [] : called.filter(fits)
  if (alike.length === 1) return { record: { sysId: alike[0]!.sysId, name: alike[0]!.name, table: alike[0]!.table } }
  if (alike.length) return { problem: ambiguous(asked, given, alike) }
  return { problem: await unknown(asked, given, called.length > 0) }
}

function ambiguous({ term, table }: Asked, given: string, alike: readonly DeskRecord[]): TermProblem {
  return {
    field: term,
    given,
    message: `${alike.length} ${plural(NAMED_TABLES[table].is)} of the service desk are called "${given}"`,
    hint: `Name the one that is meant by its sys_id: ${alike.map(one => `${one.sysId}${one.tells ? ` (${one.tells})` : ''}`).join(', ')}.`,
    candidates: alike.map(({ name, sysId, tells }) => ({ name, sys_id: sysId, tells })),
  }
}

async function unknown({ desk, term, table, signal, suggests }: Suggesting, given: string, isInactive: boolean): Promise<TermProblem> {
  const { is } = NAMED_TABLES[table]
  const closest = !suggests || SYS_ID.test(given) ? [] : nearest(given, await findNamesLike(desk, table, given, signal))
  return {
    field: term,
    given,
    message: isInactive ? `the ${is} "${given}" is not active` : `the service desk has no ${is} "${given}" that the exchange may read`,
    hint: closest.length ? `The nearest are: ${closest.join(', ')}.` : `Look for it in ${table} of the service desk.`,
    closest,
  }
}

const plural = (word: string) => (word.startsWith('company') ? 'companies or accounts' : `${word}s`)
