import { z } from 'zod'
import type { Row, ShownRow } from '../table-api/row.ts'
import type { WriteOutcome } from '../taken/not-taken.ts'

/** A record after a write of it. */
export type WrittenRow<R = Row> = R & WriteOutcome

const shown = z.object({ value: z.string(), display_value: z.string() })

export const anyRow = z
  .record(z.string(), z.union([z.string(), shown]))
  .describe(
    'Field values by name: strings, or with displayValue all a value and a display_value. Fields that the user may not read are absent.',
  )

/** For every row that writes fields of records; `perform` fills them in. */
export const writeOutcome = {
  notTaken: z
    .array(
      z.object({
        field: z.string().describe('As ServiceNow names it; in a batch after the place of its request: 0.description.'),
        asked: z.string(),
        kept: z.string().describe('What the record has instead; empty where it has nothing.'),
      }),
    )
    .optional()
    .describe(
      'Only where a field is not in the record as it was asked for: a right, a business rule or an unknown choice undid it. The rest was written.',
    ),
  notChecked: z
    .array(z.string())
    .optional()
    .describe('Only where a field cannot be read back, so that nobody knows whether it was taken; or there is no such field.'),
}

export const writtenRow = z
  .object(writeOutcome)
  .catchall(z.union([z.string(), shown]))
  .describe(
    'The record after the write. Field values by name: strings, or with displayValue all a value and a display_value. Fields that the user may not read are absent.',
  ) as unknown as z.ZodType<WrittenRow<Row | ShownRow>>

export const anyRows = z.object({
  rows: z.array(anyRow),
  total: z.int().optional().describe('Records that match, including those that the user may not read.'),
})

export const deleted = z.object({ deleted: z.literal(true) })
