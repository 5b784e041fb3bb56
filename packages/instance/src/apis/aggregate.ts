import { type ApiCall, isTrue } from '../call/call.ts'
import { Parameters } from '../query-language/parameters.ts'
import { type AggregateAnswer, FUNCTIONS, readAggregate } from '../records/aggregate.ts'
import { type Shape, shapeRow } from '../records/shape.ts'
import { mayNotAggregate } from '../refusals/aggregate.ts'
import { visible } from '../rights/visible.ts'
import type { Cells } from '../storage/database.ts'
import { json } from '../wire/answer.ts'
import { pairsOf, tableOf } from './table.ts'

/** The Aggregate API (contract servicenow-core.md 5): GET /stats/{table}. */
export async function readStatistics(call: ApiCall): Promise<Response> {
  const table = tableOf(call)
  const { practice, caller, url } = call
  if (visible(practice.database, table, caller, new Parameters()) === 'false') throw mayNotAggregate(table.name)
  const listed = (name: string) =>
    [...new Set((url.searchParams.get(name) ?? '').split(',').map(one => one.trim()))].filter(one => one !== '')
  const groupBy = listed('sysparm_group_by')
  const answer = await readAggregate(practice.database, practice.dictionary, {
    table,
    caller,
    query: url.searchParams.get('sysparm_query') ?? '',
    pairs: pairsOf(call),
    counted: isTrue(call, 'sysparm_count'),
    fields: {
      avg: listed('sysparm_avg_fields'),
      sum: listed('sysparm_sum_fields'),
      min: listed('sysparm_min_fields'),
      max: listed('sysparm_max_fields'),
    },
    groupBy,
    having: url.searchParams.get('sysparm_having') ?? '',
    orderBy: url.searchParams.get('sysparm_order_by') ?? '',
  })
  if (groupBy.length > 0)
    return json(200, { result: answer.rows.map(row => ({ stats: statistics(answer, row), groupby_fields: groupsOf(call, answer, row) })) })
  const [row] = answer.rows
  return json(200, { result: { stats: row ? statistics(answer, row) : {} } })
}

/** Every figure is a string (contract servicenow-core.md 5, Numbers). */
function statistics({ figures }: AggregateAnswer, row: Cells): Record<string, unknown> {
  const stats: Record<string, unknown> = {}
  for (const { at } of figures.filter(({ name }) => name === 'count')) stats.count = row[at + 1] ?? '0'
  for (const name of FUNCTIONS) {
    const own = figures.filter(figure => figure.name === name)
    if (own.length > 0) stats[name] = Object.fromEntries(own.map(({ field, at }) => [field, row[at + 1] ?? '']))
  }
  return stats
}

function groupsOf(call: ApiCall, { groups }: AggregateAnswer, row: Cells): unknown[] {
  const shape: Shape = { display: 'all', excludeLinks: true, caller: call.caller, dictionary: call.practice.dictionary, tableUrl: '' }
  const displayed = ['true', 'all'].includes(call.url.searchParams.get('sysparm_display_value')?.toLowerCase() ?? '')
  return Object.entries(shapeRow(groups, row, shape)).map(([field, shown]) => {
    const { value, display_value } = shown as { value: string; display_value: string }
    return displayed ? { display_value, field, value } : { field, value }
  })
}
