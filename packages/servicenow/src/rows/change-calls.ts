import { z } from 'zod'
import type { InstanceCall } from '../connection/call.ts'
import type { Sender } from '../performing/sender.ts'
import type { ShownRow } from '../table-api/row.ts'
import * as input from './input.ts'
import { apiNeeds } from './needs.ts'
import { type WrittenRow, writeOutcome } from './output.ts'
import { rowFrom } from './reading.ts'

/** The Change Management API: its roles, its calls and how it writes records (servicenow-core 9). */

const BASE = '/api/sn_chg_rest/v1/change'
const PLUGINS = ['com.snc.change_management']
const api = (roles: readonly string[]) => apiNeeds('the Change Management API', BASE, { roles, plugins: PLUGINS })

export const MAY_READ = api(['itil', 'sn_change_read', 'change_manager', 'admin'])
export const MAY_WRITE = api(['itil', 'change_manager', 'admin'])
export const MAY_SCHEDULE = api(['sn_change_writer', 'itil', 'change_manager', 'admin'])
export const MAY_DELETE = api(['change_manager', 'admin'])

export const CHANGE = '1c87925347c12200e0ef563dbb9a7177'
export const SOURCE = 'Change Management API'

/** A call of the Change Management API. @param path behind `/change` */
export function changeCall(
  method: InstanceCall['method'],
  path: string,
  more: Pick<InstanceCall, 'json' | 'parameters'> = {},
): InstanceCall {
  return { method, path: BASE + path, ...more }
}

/** What a list of this API takes: it cannot be asked for some fields only, and it does not count. */
export const changeListing = {
  query: input.encodedQuery,
  limit: z.int().min(1).max(500).optional().describe('Rows at most, default 500.'),
  offset: z.int().min(0).optional().describe('Rows to skip.'),
}

/** The parameters of its lists. */
export function listParameters({
  query,
  limit,
  offset,
}: {
  query?: string | undefined
  limit?: number | undefined
  offset?: number | undefined
}) {
  return { sysparm_query: query, sysparm_limit: limit ?? 500, sysparm_offset: offset }
}

const both = z.object({ value: z.string(), display_value: z.string() })

/** Every field with what is stored and what a person sees; numbers and truths as texts, as everywhere else in the catalogue. */
export const record = z.record(z.string(), both).describe('Fields by name, each with value and display_value.')
/** A record after a write whose answer has nothing else. */
export const changed = z
  .object(writeOutcome)
  .catchall(both)
  .describe('Fields by name, each with value and display_value.') as unknown as z.ZodType<WrittenRow<ShownRow>>
export const records = z.object({ rows: z.array(record) })

/** A record after a write, and what of the request ServiceNow did not take. */
export const saved = z.object({
  ...writeOutcome,
  record,
  ignoredFields: z.array(z.string()).describe('Fields of the request that do not exist or may not be written; they were left out.'),
})

type Both = z.output<typeof record>

/** The samples of some endpoints show a list of one record, and a sys_id that is a text alone: both are understood (9.1). */
export function changeFrom(sender: Sender, given: unknown): Both {
  const { __meta: _, ...fields } = objectOf(sender, given)
  return rowFrom(sender, fields, 'all') as Both
}

/** A record after a write, with the fields that were not taken. @throws ServiceNowError kind `broken-answer` */
export function savedChangeFrom(sender: Sender, given: unknown): z.output<typeof saved> {
  const { __meta: meta } = objectOf(sender, given)
  const { ignoredFields } = (meta ?? {}) as { ignoredFields?: unknown }
  return { record: changeFrom(sender, given), ignoredFields: Array.isArray(ignoredFields) ? ignoredFields.map(String) : [] }
}

/** A list of its records. @throws ServiceNowError kind `broken-answer` */
export function changesFrom(sender: Sender, given: unknown): z.output<typeof records> {
  if (!Array.isArray(given)) throw sender.failure('broken-answer', 'the result is no list')
  return { rows: given.map(one => changeFrom(sender, one)) }
}

function objectOf(sender: Sender, given: unknown): Record<string, unknown> {
  const one: unknown = Array.isArray(given) && given.length === 1 ? given[0] : given
  if (one instanceof Object && !Array.isArray(one)) return one as Record<string, unknown>
  throw sender.failure('broken-answer', 'a record is no object')
}
