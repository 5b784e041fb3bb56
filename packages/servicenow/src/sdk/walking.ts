import type { CallOptions } from '../connection/call.ts'
import { query } from '../encoded-query/query.ts'
import { BY_SYS_ID, type Path, readPagesByKey, storedValue } from '../performing/paging.ts'
import type { DisplayValue, RowList, RowOf } from '../table-api/row.ts'
import type { ServiceNow } from './sdk.ts'

/**
 * Walks through large results by key. Offsets shift while records change, and rights leave gaps in pages (servicenow-core 3.5, 12.1).
 * All throw ServiceNowError; an Error when `query` has an ordering of its own, and UnsafeQueryValue when `since` is no time.
 */

export interface TableWalk<D extends DisplayValue = 'false'> extends CallOptions {
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

/**
 * Every record of a table that matches and that the user may read, in the order of sys_id.
 * @example
 * const names = []
 * for await (const row of listAll(sdk, { table: 'sys_user', query: 'user_nameSTARTSWITHadmin', fields: ['user_name'] })) names.push(row.user_name)
 * names // → ['admin']
 */
export async function* listAll<D extends DisplayValue = 'false'>(serviceNow: ServiceNow, walk: TableWalk<D>): AsyncGenerator<RowOf<D>> {
  for await (const page of readPages(serviceNow, walk, BY_SYS_ID)) yield* page
}

/**
 * Every record changed after a point, in the order of (sys_updated_on, sys_id), page by page; the last row's two keys are the next `since`.
 * What it cannot see: deletions, and what 12.2 lists. Rows become visible at their commit, after their time stamp: overlap, and drop
 * what was seen.
 * @example
 * const { sys_id, sys_updated_on } = await sdk.incident.create({ values: { short_description: 'Wi-Fi drops' } })
 * let since = { updatedOn: sys_updated_on, sysId: '' }
 * const seen = []
 * for await (const page of listChangedPages(sdk, { table: 'incident', since, fields: ['sys_id', 'sys_updated_on'] })) {
 *   seen.push(...page.map(row => row.sys_id))
 *   since = { updatedOn: page.at(-1).sys_updated_on, sysId: page.at(-1).sys_id }
 * }
 * seen.includes(sys_id) // → true
 */
export async function* listChangedPages<D extends 'false' | 'all' = 'false'>(
  serviceNow: ServiceNow,
  { since, ...walk }: TableWalk<D> & { since: Since },
): AsyncGenerator<RowOf<D>[]> {
  const path: Path = {
    keys: ['sys_updated_on', 'sys_id'],
    start: [since.updatedOn, since.sysId],
    keyOf: row => [storedValue(row, 'sys_updated_on'), storedValue(row, 'sys_id')],
    after: ([updatedOn = '', sysId = '']) =>
      sysId === ''
        ? [query().where('sys_updated_on', '>=', updatedOn).text()]
        : [
            query().where('sys_updated_on', '>', updatedOn).text(),
            // A second part: "later, or at the same time with a larger id" cannot be said with ^OR, which binds tighter than ^.
            query().where('sys_updated_on', '=', updatedOn).where('sys_id', '>', sysId).text(),
          ],
  }
  yield* readPages(serviceNow, walk, path)
}

/**
 * As listChangedPages, row by row.
 * @example
 * const { sys_id, sys_updated_on } = await sdk.incident.create({ values: { short_description: 'Wi-Fi drops' } })
 * const seen = []
 * for await (const row of listChangedSince(sdk, { table: 'incident', since: { updatedOn: sys_updated_on, sysId: '' }, fields: ['sys_id'] })) seen.push(row.sys_id)
 * seen.includes(sys_id) // → true
 */
export async function* listChangedSince<D extends 'false' | 'all' = 'false'>(
  serviceNow: ServiceNow,
  walk: TableWalk<D> & { since: Since },
): AsyncGenerator<RowOf<D>> {
  for await (const page of listChangedPages(serviceNow, walk)) yield* page
}

async function* readPages<D extends DisplayValue>(serviceNow: ServiceNow, walk: TableWalk<D>, path: Path): AsyncGenerator<RowOf<D>[]> {
  const { table, query: filter, fields, displayValue, pageSize, ...options } = walk
  const asked = { filter, fields, pageSize, action: 'table.list', of: table }
  yield* readPagesByKey<RowOf<D>>(
    page => serviceNow.table.list({ table, ...page, ...(displayValue && { displayValue }) }, options) as Promise<RowList<RowOf<D>>>,
    asked,
    path,
  )
}
