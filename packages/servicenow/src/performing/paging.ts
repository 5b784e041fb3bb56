import { inEveryPart } from '../encoded-query/every-part.ts'
import { query } from '../encoded-query/query.ts'
import { type FailureKind, ServiceNowError } from '../error.ts'
import type { DisplayValue, RowList, RowOf } from '../table-api/row.ts'

/** Page after page by key: offsets shift while records change, and rights leave gaps in pages (servicenow-core 3.5, 12.1). */

const DEFAULT_PAGE = 1000
const LARGEST_PAGE = 10_000

/** What a page is asked for with; a row with `paging: 'key'` takes it as part of its input. */
export interface PageInput {
  query: string
  limit: number
  noCount: boolean
  fields?: string[]
}

export interface KeyListing {
  /** Encoded query without an ordering. */
  filter?: string | undefined
  fields?: readonly string[] | undefined
  /** Rows per call, default 1000. */
  pageSize?: number | undefined
  /** For errors: the row's name, and what it lists. */
  action: string
  of: string
}

/** By which fields it goes, where it begins, and the conditions for everything after a key. */
export interface Path {
  keys: readonly string[]
  start?: string[]
  keyOf(row: RowOf<DisplayValue>): string[]
  after(key: string[]): string[]
}

export const BY_SYS_ID: Path = {
  keys: ['sys_id'],
  keyOf: row => [storedValue(row, 'sys_id')],
  after: ([sysId = '']) => [query().where('sys_id', '>', sysId).text()],
}

/** @throws Error when the filter has an ordering of its own, ServiceNowError as `ask` does, or when it cannot go on. */
export async function* readPagesByKey<R extends RowOf<DisplayValue>>(
  ask: (page: PageInput) => Promise<RowList<R>>,
  { filter = '', fields, pageSize = DEFAULT_PAGE, action, of }: KeyListing,
  { keys, start, keyOf, after }: Path,
): AsyncGenerator<R[]> {
  const wanted = fields && [...new Set([...fields, ...keys])]
  const stuck = (kind: FailureKind, detail: string) => new ServiceNowError({ kind, action, written: 'no', detail })
  let reached = start
  let limit = pageSize
  // Only a short page leaves open whether there is more, so only then the instance has to count.
  let counting = true
  for (;;) {
    const asked = inEveryPart(filter, reached ? after(reached) : [], keys)
    const { rows, total } = await ask({ query: asked, limit, noCount: !counting, ...(wanted && { fields: wanted }) })
    const last = rows.at(-1)
    if (last) {
      const now = keyOf(last)
      if (String(now) === String(reached))
        throw stuck('broken-answer', `${of}: the instance gave the same page again; does the user read ${keys.join(' and ')}?`)
      reached = now
      yield rows
    }
    // An empty page may be hidden as a whole: only with its count it is the end.
    if (!last && !counting) {
      counting = true
      continue
    }
    // Rows are cut to the limit before hidden ones are taken out (3.5): only the count tells whether the cut reached the end.
    if (counting && total !== undefined && total <= limit) return
    if (!last && total === undefined) return
    if (!last && limit === LARGEST_PAGE) throw stuck('unreadable', `${of}: more than ${limit} rows in a row are hidden from the user`)
    limit = last ? pageSize : Math.min(limit * 2, LARGEST_PAGE)
    counting = rows.length < limit
  }
}

/** The stored value of a field, whichever `displayValue` was asked for; empty where there is none. */
export function storedValue(row: RowOf<DisplayValue>, field: string): string {
  const value = row[field]
  return typeof value === 'string' ? value : (value?.value ?? '')
}
