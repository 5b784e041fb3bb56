/** One record with stored values. A field that the user may not read is absent. */
export type Row = Record<string, string>
/** One record with both: what is stored and what a person sees. */
export type ShownRow = Record<string, { value: string; display_value: string }>
/** What a value is given as: stored (`false`), as a person sees it (`true`), or both (`all`). */
export type DisplayValue = 'false' | 'true' | 'all'
/** The kind of record that a `displayValue` gives. */
export type RowOf<D extends DisplayValue> = D extends 'all' ? ShownRow : Row

/** A list of records. */
export interface RowList<R = Row> {
  rows: R[]
  /** Records that match, including those that the user may not read; absent with `noCount`. */
  total?: number
}
