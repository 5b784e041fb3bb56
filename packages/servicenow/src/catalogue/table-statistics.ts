import { z } from 'zod'
import type { Call } from '../connection/call.ts'
import { action } from '../performing/action.ts'
import type { Asking } from '../performing/asking.ts'
import * as input from '../rows/input.ts'
import { tableNeeds } from '../rows/needs.ts'

/** Counts and figures of any table, by the Aggregate API. Rows that the user may not read are counted too (servicenow-core 5). */

const NEEDS = tableNeeds('sys_user', { roles: ['itil'] })
const FUNCTIONS = ['avg', 'min', 'max', 'sum'] as const
const names = z
  .array(z.string().regex(/^[a-z0-9_]+(\.[a-z0-9_]+)*$/))
  .min(1)
  .max(50)
  .optional()

const aggregateInput = z.strictObject({
  table: input.table,
  query: input.encodedQuery,
  groupBy: names.describe('Fields whose values make the groups; all records are one group when left out.'),
  count: z.boolean().optional().describe('Whether to count the records, which is the default.'),
  avg: names.describe('Fields of which the average is wanted.'),
  min: names.describe('Fields of which the least is wanted.'),
  max: names.describe('Fields of which the most is wanted.'),
  sum: names.describe('Fields of which the sum is wanted.'),
  having: z
    .string()
    .max(1000)
    .optional()
    .describe('Which groups: function^field^operator^value, such as count^state^>^1; several with commas.'),
  orderBy: z.string().max(200).optional().describe('A field, COUNT, or FUNCTION^field; ^DESC behind it turns it round.'),
})

const figures = z.record(z.string(), z.string())
const shown = z.object({ value: z.string(), display_value: z.string() })
const groupRow = z.object({
  group: z.record(z.string(), shown).describe('The values that its records share; empty without groupBy.'),
  count: z.string().optional(),
  avg: figures.optional(),
  min: figures.optional(),
  max: figures.optional(),
  sum: figures.optional(),
})

export const tableStatisticsActions = [
  action({
    name: 'table.count',
    title: 'Count records',
    whenToUse: 'To know how many records of a table match, without reading them. Those that the user may not read are counted too.',
    effect: 'reads',
    shape: 'own',
    needs: NEEDS,
    paging: 'none',
    input: z.strictObject({ table: input.table, query: input.encodedQuery }),
    output: z.object({ count: z.int() }),
    request: ({ table, query }) => statisticsCall(table, { sysparm_query: query, sysparm_count: true }),
    perform: async (ask, call) => {
      const { count } = statsOf(ask, (await ask.send(call)).result)
      if (typeof count !== 'string' || !/^\d+$/.test(count)) throw ask.failure('broken-answer', 'the count is no number')
      return { count: Number(count) }
    },
    example: { input: { table: 'incident', query: 'active=true^priority=1' }, output: { count: 3 } },
    source: 'Aggregate API, GET /now/stats/{tableName} (servicenow-core 5)',
    repeat: 'safe',
  }),
  action({
    name: 'table.aggregate',
    title: 'Compute figures of records',
    whenToUse: 'To have counts, averages, sums, least and most of records, in groups such as by state or by assignment group.',
    effect: 'reads',
    shape: 'own',
    needs: NEEDS,
    paging: 'none',
    input: aggregateInput,
    output: z.object({ rows: z.array(groupRow) }),
    request: ({ table, query, groupBy, count, having, orderBy, ...asked }) =>
      statisticsCall(table, {
        sysparm_query: query,
        sysparm_count: count ?? true,
        sysparm_group_by: groupBy?.join(','),
        ...Object.fromEntries(FUNCTIONS.map(name => [`sysparm_${name}_fields`, asked[name]?.join(',')])),
        sysparm_having: having,
        sysparm_order_by: orderBy,
        sysparm_display_value: 'all',
      }),
    perform: async (ask, call) => {
      const { result } = await ask.send(call)
      return { rows: (Array.isArray(result) ? result : [result]).map(one => readGroup(ask, one)) }
    },
    example: {
      input: { table: 'incident', query: 'active=true', groupBy: ['state'], avg: ['reassignment_count'] },
      output: {
        rows: [{ group: { state: { value: '2', display_value: 'In Progress' } }, count: '12', avg: { reassignment_count: '1.5000' } }],
      },
    },
    source: 'Aggregate API, GET /now/stats/{tableName} (servicenow-core 5)',
    repeat: 'safe',
  }),
] as const

function statisticsCall(table: string, parameters: NonNullable<Call['parameters']>): Call {
  return { method: 'GET', path: `/api/now/stats/${table}`, parameters }
}

function statsOf(ask: Asking, given: unknown): Record<string, unknown> {
  const { stats } = (given ?? {}) as { stats?: unknown }
  if (stats instanceof Object) return stats as Record<string, unknown>
  throw ask.failure('broken-answer', 'the answer has no figures')
}

function readGroup(ask: Asking, given: unknown): z.output<typeof groupRow> {
  const stats = statsOf(ask, given)
  const row: z.output<typeof groupRow> = { group: {} }
  if (stats.count !== undefined) row.count = String(stats.count)
  for (const name of FUNCTIONS)
    if (stats[name] instanceof Object)
      row[name] = Object.fromEntries(Object.entries(stats[name]).map(([field, figure]) => [field, String(figure ?? '')]))
  const { groupby_fields: fields } = given as { groupby_fields?: { field: string; value?: unknown; display_value?: unknown }[] }
  for (const { field, value, display_value } of fields ?? [])
    row.group[field] = { value: String(value ?? ''), display_value: String(display_value ?? value ?? '') }
  return row
}
