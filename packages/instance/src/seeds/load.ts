import type { Caller } from '../caller/caller.ts'
import { nearestNames } from '../nearest-names.ts'
import type { Transaction } from '../storage/database.ts'
import { fixedSysId } from '../sys-id.ts'
import { type Filling, systemCaller } from './fill-schema.ts'
import { findSame } from './known-once.ts'
import { compareWithRecord, makeRecord } from './load-record.ts'
import { refusalText, type SeedDifference, type SeedRow, sentencesOf } from './refused-seed.ts'
import { readSaid } from './said.ts'
import { type OwnTables, type ReadSeed, SeedProblem } from './seed.ts'
import { readSetup, writeSetup } from './setup.ts'

/**
 * Loads a seed into a schema that is there, and remembers it.
 * @throws SeedProblem that names every value which a record would not have as the seed says it; the transaction is to be rolled back
 */
export async function loadSeed(filling: Filling, transaction: Transaction, own: OwnTables, records: ReadSeed['records']): Promise<void> {
  const { database } = filling
  await transaction.run('select pg_advisory_xact_lock(hashtextextended($1, 0))', [`deskbridge seed ${database.schemaName}`])
  const before = (await readSetup(database, transaction)) ?? { demo: true, own, records: [] }
  const known = before.records.some(some => JSON.stringify(some) === JSON.stringify(records))
  if (!known) await loadRecords(filling, transaction, records, rowsSaidBefore(before.records))
  const kept = known || Object.keys(records).length === 0 ? before.records : [...before.records, records]
  await writeSetup(database, transaction, { ...before, own, records: kept })
}

const textOf = (table: string, fields: SeedRow['fields']) => `${table} ${JSON.stringify(fields)}`

function rowsSaidBefore(seeds: readonly ReadSeed['records'][]): ReadonlySet<string> {
  return new Set(seeds.flatMap(Object.entries).flatMap(([table, list]) => list.map((fields: SeedRow['fields']) => textOf(table, fields))))
}

/**
 * Makes the records of a seed that are not there yet. A record that is there has to be as the seed says it, unless an earlier seed said
 * the same of it: then it stays as somebody left it.
 * @param before the records of earlier seeds; `all` where all of these were taken once, and are made again
 * @throws SeedProblem
 */
export async function loadRecords(
  filling: Filling,
  transaction: Transaction,
  records: ReadSeed['records'],
  before: ReadonlySet<string> | 'all',
): Promise<void> {
  const seen = new Map<string, number>()
  const sentences: string[] = []
  for (const [table, list] of Object.entries(records)) {
    if (!filling.dictionary.table(table))
      throw new SeedProblem(`The seed has records of ${table}, which is no table${nearestNames(table, filling.dictionary.tables.keys())}`)
    for (const [at, fields] of list.entries()) {
      const row = { table, place: at + 1, fields }
      const isTaken = before === 'all' || before.has(textOf(table, fields))
      const problems = await loadRow(filling, transaction, row, { sysId: sysIdOf(row, seen), isTaken, caller: systemCaller() })
      sentences.push(...sentencesOf(row, problems))
    }
  }
  if (sentences.length > 0) throw new SeedProblem(refusalText(sentences))
}

interface LoadingRow {
  readonly sysId: string
  /** It was taken before, and is not compared again. */
  readonly isTaken: boolean
  readonly caller: Caller
}

async function loadRow(
  filling: Filling,
  transaction: Transaction,
  row: SeedRow,
  { sysId, isTaken, caller }: LoadingRow,
): Promise<SeedDifference[]> {
  const table = filling.dictionary.table(row.table)!
  const said = await readSaid(filling, transaction, { table, fields: row.fields, caller })
  const [own] = await transaction.run(`select from ${filling.database.name(table.root)} where sys_id = $1`, [sysId])
  const there = own ? sysId : await findSame(filling, transaction, table, said)
  if (there !== undefined && isTaken) return []
  if (there === undefined) await makeRecord(filling, transaction, { table, sysId, said, caller })
  if (isTaken) return [...said.problems]
  const different = await compareWithRecord(filling, transaction, { table, sysId: there ?? sysId, said })
  const why = 'the record is there already, and a seed changes none'
  return [...said.problems, ...(there === undefined ? different : different.map(one => ({ ...one, why })))]
}

/** A record without a sys_id gets one from its content, so that loading the same file again makes nothing twice. */
function sysIdOf({ table, fields }: SeedRow, seen: Map<string, number>): string {
  const { sys_id: given } = fields
  if (given !== undefined) {
    if (typeof given === 'string' && /^[0-9a-f]{32}$/.test(given)) return given
    throw new SeedProblem(`The seed has a record of ${table} with the sys_id ${JSON.stringify(given)}: it has to be 32 hexadecimal digits`)
  }
  const content = `seed ${textOf(table, fields)}`
  const times = seen.get(content) ?? 0
  seen.set(content, times + 1)
  return fixedSysId(times === 0 ? content : `${content} ${times}`)
}
