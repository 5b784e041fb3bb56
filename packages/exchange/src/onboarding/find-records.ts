import { query, UnsafeQueryValue } from '@deskbridge/servicenow'
import { NAMED_TABLES, type NamedTable } from '../agreements/index.ts'
import { type Desk, inPartnersWords } from '../connections/index.ts'
import { normalName, spellings } from '../mapping/index.ts'

/** A record of the service desk that an agreement can name. */
export interface DeskRecord {
  sysId: string
  name: string
  /** Its table, where several share one: a service offering among services. */
  table: string
  active: boolean
  /** All of its fields that name it, in letters to compare. */
  calledBy: string[]
  /** What tells it from others of its name. */
  tells: string
}

/** So many conditions, of so many bytes together, fit into an address. */
const AT_ONCE = 40
const BYTES_AT_ONCE = 3_000
const MOST_NEAR = 200
/** More of one name than anybody would look through. */
const MOST_ALIKE = 1_000

/** Two names that people would take for one: composed letters, no blanks at the ends, in any letter case. */
export const plainName = (name: string): string => normalName(name).toLowerCase()

/** Those of these records that are there and may be read. */
export async function readById(desk: Desk, table: NamedTable, sysIds: readonly string[], signal: AbortSignal): Promise<DeskRecord[]> {
  const found: DeskRecord[] = []
  for (const part of parts(sysIds)) found.push(...(await read(desk, table, query().in('sys_id', part).text(), AT_ONCE, signal)))
  return found
}

/** The records that are called one of these names. What the instance gives besides is left out: it may not know a condition. */
export async function findByName(desk: Desk, table: NamedTable, names: readonly string[], signal: AbortSignal): Promise<DeskRecord[]> {
  const { by } = NAMED_TABLES[table]
  const asked = names.flatMap(name => by.flatMap(field => spellings(name).map(spelling => [field, '=', spelling] as const)))
  const wanted = new Set(names.map(plainName))
  const found = new Map<string, DeskRecord>()
  for (const part of parts(asked))
    for (const one of await readAny(desk, table, part, MOST_ALIKE, signal))
      if (one.calledBy.some(called => wanted.has(called))) found.set(one.sysId, one)
  return [...found.values()]
}

/** Names of records that begin as this one does, or have one of its words: from which the nearest can be picked. */
export async function findNamesLike(desk: Desk, table: NamedTable, name: string, signal: AbortSignal): Promise<string[]> {
  const [field] = NAMED_TABLES[table].by
  const parts = normalName(name).split(/[^\p{L}\p{N}]+/u)
  const likely = parts.filter(word => word.length > 2).map(word => [field, 'LIKE', word] as const)
  const starts = parts.filter(word => word.length > 3).map(word => [field, 'LIKE', word.slice(0, 3)] as const)
  const found = await readAny(desk, table, [...likely, ...starts], MOST_NEAR, signal)
  return found.filter(({ active }) => active).map(one => one.name)
}

type Condition = readonly [field: string, operator: '=' | 'LIKE', value: string]

/** The records for which one of these conditions holds; a text that no condition can carry is no record's name. */
async function readAny(desk: Desk, table: NamedTable, conditions: readonly Condition[], most: number, signal: AbortSignal) {
  const askable = conditions.filter(([field, operator, value]) => isAskable(field, operator, value))
  if (!askable.length) return []
  const asked = askable.reduce(
    (built, [field, operator, value], place) => (place ? built.or(field, operator, value) : built.where(field, operator, value)),
    query(),
  )
  return read(desk, table, asked.text(), most, signal)
}

function isAskable(...[field, operator, value]: Condition): boolean {
  try {
    query().where(field, operator, value)
    return true
  } catch (error) {
    if (error instanceof UnsafeQueryValue) return false
    throw error
  }
}

async function read(desk: Desk, table: NamedTable, asked: string, limit: number, signal: AbortSignal): Promise<DeskRecord[]> {
  const { by, tells } = NAMED_TABLES[table]
  const fields = [...new Set(['sys_id', 'sys_class_name', 'active', ...by, ...tells])]
  const { rows } = await inPartnersWords(desk.serviceNow.table.list({ table, query: asked, fields, limit, noCount: true }, { signal }))
  return (rows as Record<string, string>[]).map(row => ({
    sysId: row.sys_id ?? '',
    name: by.map(field => row[field]).find(Boolean) || (row.sys_id ?? ''),
    table: row.sys_class_name || table,
    active: row.active !== 'false',
    calledBy: by.map(field => plainName(row[field] ?? '')),
    tells: [...new Set(tells.map(field => row[field]).filter(Boolean))].join(', '),
  }))
}

/** A list in parts that are asked for at once. */
function* parts<T>(list: readonly T[]): Generator<readonly T[]> {
  let part: T[] = []
  let bytes = 0
  for (const one of list) {
    const size = encodeURIComponent(String(one)).length
    if (part.length === AT_ONCE || (part.length && bytes + size > BYTES_AT_ONCE)) {
      yield part
      part = []
      bytes = 0
    }
    part.push(one)
    bytes += size
  }
  if (part.length) yield part
}
