import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { NOTHING } from './definition.ts'
import { TABLES } from './tables.ts'

/** Every row of the dictionary tells of itself. What it tells is proven by conformance/every-table.test.ts. */

const files = readdirSync(new URL('.', import.meta.url))
  .filter(name => name.endsWith('.ts') && !name.endsWith('.test.ts'))
  .map(name => ({ name, text: readFileSync(new URL(name, import.meta.url), 'utf8') }))

/** `incident (dictionary/incident.ts)` */
const placeOf = (table: string) =>
  `${table} (dictionary/${files.find(({ text }) => text.includes(`name: '${table}', label`) || text.includes(`  name: '${table}',\n`))?.name})`

type Row = (typeof TABLES)[number]

const broken = (problem: string, is: (row: Row) => boolean) => TABLES.filter(is).map(({ name }) => `${placeOf(name)}: ${problem}`)

/** A public page in words and the sections of the contract; or `ours`, and why. */
const SOURCE = /^(?:[A-Z].+ \(servicenow-(?:core|platform|catalog|csm-order) [\dA][\d., A;a-z-]*\)|ours[:,] .+)$/

test('every table names its source, and what of the real table is left out', () => {
  const wrong = [
    ...broken('`source` is a public page in words and a section of the contract, or "ours, …"', ({ source }) => !SOURCE.test(source)),
    ...broken('`leftOut` says what is not here, or NOTHING', ({ leftOut }) => leftOut.trim() === ''),
    ...broken(
      'ServiceNow has no such table, so nothing of it is left out',
      row => row.source.startsWith('ours') && row.leftOut !== NOTHING,
    ),
  ]
  expect(wrong).toEqual([])
})

test('every table says whose it is; only one that extends another has its rights', () => {
  const orphan = ({ parent, readers, writers }: Row) => parent === undefined && [readers, writers].includes('as its parent')
  const unknown = ({ deskOnly = [], columns }: Row) => deskOnly.some(field => !columns.some(({ name }) => name === field))
  const wrong = [
    ...broken('rights of a parent are for a table that has one', orphan),
    ...broken('`deskOnly` names a field that the table does not declare', unknown),
  ]
  expect(wrong).toEqual([])
})
