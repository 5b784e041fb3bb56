import type { ShippedTable } from '../../packages/instance/src/dictionary/definition.ts'
import { TABLES } from '../../packages/instance/src/dictionary/tables.ts'
import { code, fillBetween, table } from './markdown.ts'

/** A text with the tables of the practice instance between its markers; undefined where it has none. */
export const withTables = (text: string) => fillBetween(text, ['<!-- tables -->', '<!-- /tables -->'], tables())

const tables = () =>
  table(
    ['table', 'what of ServiceNow’s is not here, or differs', 'read by', 'written by', 'known from'],
    TABLES.map(row => [code(row.name), row.leftOut, readBy(row), writtenBy(row), row.source]),
  )

const whose = ({ parent }: ShippedTable, who: string) => (who === 'as its parent' ? `as ${code(parent ?? '')}` : who)

const others = ({ alsoFor = [] }: ShippedTable, operation: 'read' | 'write') =>
  alsoFor.filter(({ operations }) => operations.includes(operation)).map(({ who }) => who)

function readBy(row: ShippedTable): string {
  const readers = [whose(row, row.readers), ...others(row, 'read')].join('; ')
  return row.deskOnly ? `${readers}; ${row.deskOnly.map(code).join(', ')} by the desk alone` : readers
}

const writtenBy = (row: ShippedTable) => [whose(row, row.writers), ...others(row, 'write').map(who => `${who} (changes)`)].join('; ')
