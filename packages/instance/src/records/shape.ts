import type { Caller } from '../caller/caller.ts'
import type { Dictionary } from '../dictionary/dictionary.ts'
import type { Cells } from '../storage/database.ts'
import { displayJournal, displayText, rawText } from './display.ts'
import { type DisplayValue, type Field, type Projection, unpackedCells } from './projection.ts'

/** How a row is shown, and to whom. */
export interface Shape {
  readonly display: DisplayValue
  readonly excludeLinks: boolean
  readonly caller: Caller
  readonly dictionary: Dictionary
  /** `https://host/api/now/table/`, with the version segment of the request. */
  readonly tableUrl: string
}

/** A row as JSON shows it: text, or an object of texts for what has a link or two forms. */
export type Shaped = Record<string, string | Record<string, string>>

/** One row, after its first cell, as the Table API shows it; the shapes are those of contract servicenow-core.md 3.3. */
export function shapeRow(projection: Projection, cells: Cells, shape: Shape): Shaped {
  const row = projection.packed ? unpackedCells(cells[1]) : cells.slice(1)
  const className = projection.classAt === undefined ? undefined : row[projection.classAt]
  const result: Shaped = {}
  for (const field of projection.fields) {
    const raw = field.column.type === 'journal' ? '' : rawText(field.column, row[field.at] ?? null)
    result[field.key] =
      field.column.type === 'reference'
        ? reference(field, raw, shownOf(field, row), shape)
        : scalar(field, { raw, shown: shownOf(field, row), className: className ?? undefined }, shape)
  }
  return result
}

function shownOf(field: Field, row: Cells): string | null {
  return field.shownAt === undefined ? null : (row[field.shownAt] ?? null)
}

interface ReadCell {
  readonly raw: string
  /** What the row says that is shown instead. */
  readonly shown: string | null
  /** The record's own class, whose labels apply. */
  readonly className: string | undefined
}

function scalar(field: Field, cell: ReadCell, shape: Shape): string | Record<string, string> {
  const { raw } = cell
  if (shape.display === 'false') return raw
  const display = displayed(field, cell, shape)
  return shape.display === 'true' ? display : { display_value: display, value: raw }
}

function displayed(field: Field, { raw, shown, className }: ReadCell, shape: Shape): string {
  if (field.column.type === 'journal') return displayJournal(shown, shape.caller)
  if (field.column.type === 'list') return shown ?? raw
  const owner = field.walked || className === undefined ? undefined : shape.dictionary.table(className)
  const column = owner?.columns.get(field.column.name) ?? field.column
  return displayText(column, raw, shape.caller, shape.dictionary)
}

function reference(field: Field, raw: string, shown: string | null, shape: Shape): string | Record<string, string> {
  if (raw === '') return shape.display === 'all' ? { display_value: '', value: '' } : ''
  // The domain is a reference by type whose value is the word itself (contract servicenow-core.md 3.3).
  const display = shown ?? (raw === 'global' ? 'global' : '')
  const { reference: table = '', key } = field.column
  const link = `${shape.tableUrl}${table}${key === undefined ? '/' : `?${key}=`}${raw}`
  if (shape.display === 'false') return shape.excludeLinks ? raw : { link, value: raw }
  if (shape.display === 'true') return shape.excludeLinks ? display : { display_value: display, link }
  return shape.excludeLinks ? { display_value: display, value: raw } : { display_value: display, link, value: raw }
}
