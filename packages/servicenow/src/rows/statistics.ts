import { z } from 'zod'
import type { InstanceCall } from '../connection/call.ts'
import type { Sender } from '../performing/sender.ts'

/** How the Aggregate API is called, and how it writes figures (servicenow-core 5). */

export const AGGREGATES = ['avg', 'min', 'max', 'sum'] as const

const figures = z.record(z.string(), z.string())
const shown = z.object({ value: z.string(), display_value: z.string() })
export const groupRow = z.object({
  group: z.record(z.string(), shown).describe('The values that its records share; empty without groupBy.'),
  count: z.string().optional(),
  avg: figures.optional(),
  min: figures.optional(),
  max: figures.optional(),
  sum: figures.optional(),
})

/** A call of the Aggregate API. */
export function statisticsCall(table: string, parameters: NonNullable<InstanceCall['parameters']>): InstanceCall {
  return { method: 'GET', path: `/api/now/stats/${table}`, parameters }
}

/** The figures of one group. @throws ServiceNowError kind `broken-answer` */
export function statsOf(sender: Sender, given: unknown): Record<string, unknown> {
  const { stats } = (given ?? {}) as { stats?: unknown }
  if (stats instanceof Object) return stats as Record<string, unknown>
  throw sender.failure('broken-answer', 'the answer has no figures')
}

/** A group with its figures, and with the values that its records share. */
export function groupFrom(sender: Sender, given: unknown): z.output<typeof groupRow> {
  const stats = statsOf(sender, given)
  const row: z.output<typeof groupRow> = { group: {} }
  if (stats.count !== undefined) row.count = String(stats.count)
  for (const name of AGGREGATES)
    if (stats[name] instanceof Object)
      row[name] = Object.fromEntries(Object.entries(stats[name]).map(([field, figure]) => [field, String(figure ?? '')]))
  const { groupby_fields: fields } = given as { groupby_fields?: { field: string; value?: unknown; display_value?: unknown }[] }
  for (const { field, value, display_value } of fields ?? [])
    row.group[field] = { value: String(value ?? ''), display_value: String(display_value ?? value ?? '') }
  return row
}
