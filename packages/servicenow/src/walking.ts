import type { DisplayValue, RowOf, Rows } from './catalogue/output.ts'
import type { CallOptions } from './connection/call.ts'
import { inEveryPart } from './encoded-query/every-part.ts'
import { query } from './encoded-query/query.ts'
import { type FailureKind, ServiceNowError } from './error.ts'
import type { ServiceNow } from './sdk.ts'

/**
 * Walks through large results by key. Offsets shift while records change, and rights leave gaps in pages (servicenow-core 3.5, 12.1).
 * All throw ServiceNowError; an Error when `query` has an ordering of its own, and UnsafeQueryValue when `since` is no time.
 */

const DEFAULT_PAGE = 1000
const LARGEST_PAGE = 10_000

export interface Walk<D extends DisplayValue = 'false'> extends CallOptions {
  table: string
  /** Encoded query without an ordering; it may have ^NQ parts. */
  query?: string
  /** Fields to return; the keys (sys_id, sys_updated_on) are added. All when left out. */
  fields?: readonly string[]
  displayValue?: D
  /** Rows per call, 1 to 10,000, default 1000. */
  pageSize?: number
}

/** Where a walk by time stands: the last row seen. An empty `sysId` means: everything from `updatedOn` on, that second included. */
export interface Since {
  /** UTC, YYYY-MM-DD HH:MM:SS, as the instance wrote it; never a clock of ours. */
  updatedOn: string
  sysId: string
}

/** Every record of a table that matches and that the user may read, in the order of sys_id. */
export async function* listAll<D extends DisplayValue = 'false'>(serviceNow: ServiceNow, walk: Walk<D>): AsyncGenerator<RowOf<D>> {
  const path: Path<D> = {
    keys: ['sys_id'],
    keyOf: row => [stored(row, 'sys_id')],
    after: ([sysId = '']) => [query().where('sys_id', '>', sysId).text()],
  }
  for await (const page of pages(serviceNow, walk, path)) yield* page
}

/**
 * Every record changed after a point, in the order of (sys_updated_on, sys_id), page by page; the last row's two keys are the next `since`.
 * What it cannot see: deletions, and what 12.2 lists. Rows become visible at their commit, after their time stamp: overlap, and drop
 * what was seen.
 */
export async function* changedPages<D extends 'false' | 'all' = 'false'>(
  serviceNow: ServiceNow,
  { since, ...walk }: Walk<D> & { since: Since },
): AsyncGenerator<RowOf<D>[]> {
  const path: Path<D> = {
    keys: ['sys_updated_on', 'sys_id'],
    start: [since.updatedOn, since.sysId],
    keyOf: row => [stored(row, 'sys_updated_on'), stored(row, 'sys_id')],
    after: ([updatedOn = '', sysId = '']) =>
      sysId === ''
        ? [query().where('sys_updated_on', '>=', updatedOn).text()]
        : [
            query().where('sys_updated_on', '>', updatedOn).text(),
            // A second part: "later, or at the same time with a larger id" cannot be said with ^OR, which binds tighter than ^.
            query().where('sys_updated_on', '=', updatedOn).where('sys_id', '>', sysId).text(),
          ],
  }
  yield* pages(serviceNow, walk, path)
}

/** As changedPages, row by row. */
export async function* changedSince<D extends 'false' | 'all' = 'false'>(
  serviceNow: ServiceNow,
  walk: Walk<D> & { since: Since },
): AsyncGenerator<RowOf<D>> {
  for await (const page of changedPages(serviceNow, walk)) yield* page
}

/** By which fields a walk goes, where it begins, and the conditions for everything after a key. */
interface Path<D extends DisplayValue> {
  keys: readonly string[]
  start?: string[]
  keyOf(row: RowOf<D>): string[]
  after(key: string[]): string[]
}

async function* pages<D extends DisplayValue>(
  serviceNow: ServiceNow,
  { table, query: filter = '', fields, displayValue, pageSize = DEFAULT_PAGE, ...options }: Walk<D>,
  { keys, start, keyOf, after }: Path<D>,
): AsyncGenerator<RowOf<D>[]> {
  const wanted = fields && [...new Set([...fields, ...keys])]
  let reached = start
  let limit = pageSize
  // Only a short page leaves open whether there is more, so only then the instance has to count.
  let counting = true
  for (;;) {
    const asked = inEveryPart(filter, reached ? after(reached) : [], keys)
    const input = {
      table,
      query: asked,
      limit,
      noCount: !counting,
      ...(wanted && { fields: wanted }),
      ...(displayValue && { displayValue }),
    }
    const { rows, total } = (await serviceNow.table.list(input, options)) as Rows<RowOf<D>>
    const last = rows.at(-1)
    if (last) {
      const now = keyOf(last)
      if (String(now) === String(reached))
        throw stuck('broken-answer', `${table}: the instance gave the same page again; does the user read ${keys.join(' and ')}?`)
      reached = now
      yield rows
    }
    // Rows are cut to the limit before hidden ones are taken out (3.5): only the count tells whether the cut reached the end.
    if (counting && total !== undefined && total <= limit) return
    if (!last && total === undefined) return
    if (!last && limit === LARGEST_PAGE) throw stuck('unreadable', `${table}: more than ${limit} rows in a row are hidden from the user`)
    limit = last ? pageSize : Math.min(limit * 2, LARGEST_PAGE)
    counting = rows.length < limit
  }
}

function stuck(kind: FailureKind, detail: string): ServiceNowError {
  return new ServiceNowError({ kind, action: 'table.list', written: 'no', detail })
}

function stored(row: RowOf<DisplayValue>, field: string): string {
  const value = row[field]
  return typeof value === 'string' ? value : (value?.value ?? '')
}
