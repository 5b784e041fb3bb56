import type { z } from 'zod'
import type { CallOptions } from '../connection/call.ts'
import type { Connection } from '../connection/connection.ts'
import { ServiceNowError } from '../error.ts'
import type { DisplayValue, RowList, RowOf } from '../table-api/row.ts'
import type { Action } from './action.ts'
import { BY_SYS_ID, type PageInput, readPagesByKey } from './paging.ts'
import { perform } from './perform.ts'

const DEFAULT_PAGE = 500

type Listed = RowList<RowOf<DisplayValue>>

/**
 * Performs a reading row of the catalogue to its end, page by page, as its `paging` says. `limit` of the input is the size of a page then.
 * An answer without `rows` is one page with one row. Every page has at least one row.
 * @throws ServiceNowError kind `invalid` for an input with an offset or an ordering of its own, and for a row that does not only read.
 * @example
 * const row = catalogue.find(({ name }) => name === 'user.list')
 * let users = 0
 * for await (const page of performAll(connection, row, { fields: ['user_name'], limit: 10 })) users += page.length
 * users > 10 // → true
 */
export async function* performAll<Input extends z.ZodType, Output extends z.ZodType>(
  connection: Connection,
  action: Action<string, Input, Output>,
  input: z.input<Input>,
  options: CallOptions = {},
): AsyncGenerator<unknown[]> {
  if (action.effect !== 'reads') throw invalid(action, 'only what reads can be performed to its end')
  const ask = (page: object) => perform(connection, action as Action, { ...(input as object), ...page }, options)
  switch (action.paging) {
    case 'none': {
      const answer = await ask({})
      const rows = rowsOf(answer) ?? [answer]
      if (rows.length) yield rows
      return
    }
    case 'key':
      yield* readByKey(action, input as Partial<PageInput> & { offset?: number; table?: string }, ask as (page: object) => Promise<Listed>)
      return
    case 'offset':
      yield* readByOffset(input as { limit?: number; offset?: number }, ask)
  }
}

async function* readByKey(
  action: Pick<Action, 'name'>,
  { query, limit, fields, offset, table }: Partial<PageInput> & { offset?: number; table?: string },
  ask: (page: object) => Promise<Listed>,
): AsyncGenerator<unknown[]> {
  if (offset) throw invalid(action, 'offset: leave it out, all rows are read by key')
  if (/(^|\^)(ORDERBY|GROUPBY)/.test(query ?? '')) throw invalid(action, 'query: leave ORDERBY out, all rows come in the order of sys_id')
  yield* readPagesByKey(ask, { filter: query, fields, pageSize: limit, action: action.name, of: table ?? action.name }, BY_SYS_ID)
}

async function* readByOffset(
  { limit = DEFAULT_PAGE, offset = 0 }: { limit?: number; offset?: number },
  ask: (page: object) => Promise<unknown>,
): AsyncGenerator<unknown[]> {
  for (let from = offset; ; from += limit) {
    const rows = rowsOf(await ask({ limit, offset: from })) ?? []
    if (rows.length === 0) return
    yield rows
  }
}

function rowsOf(answer: unknown): unknown[] | undefined {
  const { rows } = (answer ?? {}) as { rows?: unknown }
  return Array.isArray(rows) ? rows : undefined
}

function invalid({ name }: Pick<Action, 'name'>, detail: string): ServiceNowError {
  return new ServiceNowError({ kind: 'invalid', action: name, written: 'no', detail })
}
