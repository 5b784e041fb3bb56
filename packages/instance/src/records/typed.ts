import type { Caller } from '../caller/caller.ts'
import { DEFAULT_DATE_FORMAT } from '../caller/caller.ts'
import type { Cells } from '../storage/database.ts'
import { displayText } from './display.ts'
import type { Projection } from './projection.ts'
import { type Shape, shapeRow } from './shape.ts'

/** A row whose numbers and truths are no text. */
export type Typed = Record<string, Record<string, string | number | boolean>>

/** One row as the Change Management API shows it: pairs, whose values have the type of the field (contract servicenow-core.md 9.1). */
export function shapeTypedRow(projection: Projection, cells: Cells, caller: Caller, dictionary: Shape['dictionary']): Typed {
  const shape: Shape = { display: 'all', excludeLinks: true, caller, dictionary, tableUrl: '' }
  const pairs = shapeRow(projection, cells, shape) as Record<string, { display_value: string; value: string }>
  const result: Typed = {}
  for (const { key, column } of projection.fields) {
    const pair = pairs[key]!
    switch (column.type) {
      case 'integer':
      case 'decimal':
        result[key] = { ...pair, value: pair.value === '' ? '' : Number(pair.value) }
        break
      case 'boolean':
        result[key] = { ...pair, value: pair.value === 'true' }
        break
      case 'date_time':
      case 'date': {
        const plain = displayText(column, pair.value, { ...caller, dateFormat: DEFAULT_DATE_FORMAT }, dictionary)
        result[key] = { ...pair, display_value_internal: pair.value === '' ? '' : plain }
        break
      }
      default:
        result[key] = pair
    }
  }
  return result
}
