import { z } from 'zod'

/** One record with stored values. A field that the user may not read is absent. */
export type Row = Record<string, string>
/** One record with both: what is stored and what a person sees. */
export type ShownRow = Record<string, { value: string; display_value: string }>
export type DisplayValue = 'false' | 'true' | 'all'
/** The kind of record that a `displayValue` gives. */
export type RowOf<D extends DisplayValue> = D extends 'all' ? ShownRow : Row

export interface Rows<R = Row> {
  rows: R[]
  /** Records that match, including those that the user may not read; absent with `noCount`. */
  total?: number
}

const shown = z.object({ value: z.string(), display_value: z.string() })

export const anyRow = z
  .record(z.string(), z.union([z.string(), shown]))
  .describe(
    'Field values by name: strings, or with displayValue all a value and a display_value. Fields that the user may not read are absent.',
  )

export const anyRows = z.object({
  rows: z.array(anyRow),
  total: z.int().optional().describe('Records that match, including those that the user may not read.'),
})

export const deleted = z.object({ deleted: z.literal(true) })
