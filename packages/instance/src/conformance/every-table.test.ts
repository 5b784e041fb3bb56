import { readdirSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect } from 'vitest'
import { Dictionary, type Table } from '../dictionary/dictionary.ts'
import { TABLES } from '../dictionary/tables.ts'
import { prepareColumns, walkInserts, walkQueries, walkRecord, walkWrites } from './every-table/column-walk.ts'
import { kindNameOf } from './every-table/kinds.ts'
import { walkRights, walkRightsToSome } from './every-table/rights-walk.ts'
import { makeRowsOfTheirOwn } from './every-table/rows-of-their-own.ts'
import { SETTLED } from './every-table/settled.ts'
import { Targets } from './every-table/targets.ts'
import { openRoom, type Room } from './practice-room.ts'
import { practiceOnly as test } from './which-instance.ts'

/** Every table of the dictionary, every column of it: written, read, listed and found as the golden file of its kind says. */

const dictionary = new Dictionary()

let room: Room
let targets: Targets

beforeAll(async () => {
  room = await openRoom()
  await makeRowsOfTheirOwn(room)
  targets = new Targets(room, dictionary)
})
afterAll(() => room?.close())

test('every kind of column has its golden file', () => {
  const kinds = new Set([...dictionary.tables.values()].flatMap(({ columns }) => [...columns.values()].map(kindNameOf)))
  const files = readdirSync(new URL('./every-table/kinds/', import.meta.url)).map(name => name.replace('.json', ''))
  expect(files.sort()).toEqual([...kinds].sort())
})

test('a column that a save settles is one, and its cases are there', () => {
  const cases = readdirSync(new URL('.', import.meta.url))
  for (const [table, columns] of Object.entries(SETTLED))
    for (const [column, { provenBy }] of Object.entries(columns)) {
      expect(dictionary.table(table)?.columns.get(column), `${table}.${column}`).toBeDefined()
      if (provenBy !== undefined) expect(cases, `${table}.${column}`).toContain(provenBy)
    }
})

describe.each(TABLES.filter(({ writers }) => writers !== 'nobody').map(({ name }) => dictionary.table(name)!))('$name', (table: Table) => {
  test('each column takes and shows what its kind does', async () => {
    const columns = await prepareColumns(table, targets, room.url)
    await walkWrites(room, table, columns)
    await walkInserts(room, table, columns)
  })

  test('each column is found by the operators of its kind', async () => {
    await walkQueries(room, table, await prepareColumns(table, targets, room.url))
  })
})

describe.each(TABLES)('$name', row => {
  const table = dictionary.table(row.name)!
  const aRecord = async () => (await targets.makeOnce(row.name)).sysId

  test('a record shows each column as its type does, and is found by it', async () => {
    await walkRecord(room, table, await aRecord())
  })

  test('is read and written by those whom its row names, and by nobody else', async () => {
    await walkRights(room, row, await aRecord())
  })
})

test.each(TABLES.filter(({ alsoFor, deskOnly }) => alsoFor ?? deskOnly))(
  '$name: some records are open to whom its row names besides',
  async row => {
    await walkRightsToSome(room, row)
  },
)
