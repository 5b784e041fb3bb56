import { z } from 'zod'
import { action } from '../performing/action.ts'
import * as input from '../rows/input.ts'
import { tableNeeds } from '../rows/needs.ts'
import { AGGREGATES, groupFrom, groupRow, statisticsCall, statsOf } from '../rows/statistics.ts'

/** Counts and figures of any table, by the Aggregate API. Rows that the user may not read are counted too (servicenow-core 5). */

const NEEDS = tableNeeds('sys_user', { roles: ['itil'] })
const names = z
  .array(z.string().regex(/^[a-z0-9_]+(\.[a-z0-9_]+)*$/))
  .min(1)
  .max(50)
  .optional()

const aggregateInput = z.strictObject({
  table: input.tableName,
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

export const tableStatisticsActions = [
  action({
    name: 'table.count',
    title: 'Count records',
    whenToUse: 'To know how many records of a table match, without reading them. Those that the user may not read are counted too.',
    effect: 'reads',
    shape: 'own',
    needs: NEEDS,
    paging: 'none',
    input: z.strictObject({ table: input.tableName, query: input.encodedQuery }),
    output: z.object({ count: z.int() }),
    request: ({ table, query }) => statisticsCall(table, { sysparm_query: query, sysparm_count: true }),
    perform: async (sender, call) => {
      const { count } = statsOf(sender, (await sender.send(call)).result)
      if (typeof count !== 'string' || !/^\d+$/.test(count)) throw sender.failure('broken-answer', 'the count is no number')
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
        ...Object.fromEntries(AGGREGATES.map(name => [`sysparm_${name}_fields`, asked[name]?.join(',')])),
        sysparm_having: having,
        sysparm_order_by: orderBy,
        sysparm_display_value: 'all',
      }),
    perform: async (sender, call) => {
      const { result } = await sender.send(call)
      return { rows: (Array.isArray(result) ? result : [result]).map(one => groupFrom(sender, one)) }
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
