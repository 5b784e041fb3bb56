import type { Caller } from '../caller/caller.ts'
import type { Table } from '../dictionary/dictionary.ts'
import { applyRules } from '../house-rules/rules.ts'
import { serverValue } from '../query-language/server-values.ts'
import { readInput } from '../records/input.ts'
import { newSave, writeNew } from '../records/insert.ts'
import { Refusal } from '../refusals/refusal.ts'
import { hashPassword } from '../sign-in/password.ts'
import type { Transaction } from '../storage/database.ts'
import { fixedSysId } from '../sys-id.ts'
import { type Filling, systemCaller } from './fill-schema.ts'
import { type OwnTables, type ReadSeed, SeedProblem } from './seed.ts'
import { readSetup, writeSetup } from './setup.ts'

/** Loads a seed into a schema that is there, and remembers it. */
export async function loadSeed(filling: Filling, own: OwnTables, records: ReadSeed['records']): Promise<void> {
  const { database } = filling
  await database.transaction(async transaction => {
    await transaction.run('select pg_advisory_xact_lock(hashtextextended($1, 0))', [`deskbridge seed ${database.schemaName}`])
    const before = (await readSetup(database, transaction)) ?? { demo: true, own, records: [] }
    const known = before.records.some(some => JSON.stringify(some) === JSON.stringify(records))
    if (!known) await loadRecords(filling, transaction, systemCaller(), records)
    const kept = known || Object.keys(records).length === 0 ? before.records : [...before.records, records]
    await writeSetup(database, transaction, { ...before, own, records: kept })
  })
}

/** Makes the records of a seed that are not there yet. What is there stays as somebody left it. */
export async function loadRecords(filling: Filling, transaction: Transaction, caller: Caller, records: ReadSeed['records']): Promise<void> {
  const seen = new Map<string, number>()
  for (const [name, list] of Object.entries(records)) {
    const table = filling.dictionary.table(name)
    if (!table) throw new SeedProblem(`The seed has records of ${name}, which is no table`)
    for (const fields of list) {
      const sysId = sysIdOf(name, fields, seen)
      const [there] = await transaction.run(`select from ${filling.database.name(table.root)} where sys_id = $1`, [sysId])
      if (!there) await loadRecord(filling, transaction, { table, sysId, fields, caller })
    }
  }
}

/** A record without a sys_id gets one from its content, so that loading the same file again makes nothing twice. */
function sysIdOf(table: string, fields: Readonly<Record<string, unknown>>, seen: Map<string, number>): string {
  const { sys_id: given } = fields
  if (given !== undefined) {
    if (typeof given === 'string' && /^[0-9a-f]{32}$/.test(given)) return given
    throw new SeedProblem(`The seed has a record of ${table} with the sys_id ${JSON.stringify(given)}: it has to be 32 hexadecimal digits`)
  }
  const content = `seed ${table} ${JSON.stringify(fields)}`
  const times = seen.get(content) ?? 0
  seen.set(content, times + 1)
  return fixedSysId(times === 0 ? content : `${content} ${times}`)
}

interface Loading {
  readonly table: Table
  readonly sysId: string
  readonly fields: Readonly<Record<string, unknown>>
  readonly caller: Caller
}

/** Fields that only the instance writes, and a seed may give. */
const GIVEN = ['sys_created_on', 'sys_created_by', 'sys_updated_on', 'sys_updated_by', 'sys_mod_count'] as const

async function loadRecord(filling: Filling, transaction: Transaction, { table, sysId, fields, caller }: Loading): Promise<void> {
  const unknown = Object.keys(fields).filter(name => !table.columns.has(name))
  if (unknown.length > 0)
    throw new SeedProblem(`The seed has a record of ${table.name} with ${unknown.join(', ')}, which it has no column for`)
  const { user_password: password, ...rest } = Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [
      name,
      typeof value === 'string' ? (serverValue(value, caller, filling.database.clock.now()) ?? value) : value,
    ]),
  )
  const input = await readInput(filling, { table, body: rest, caller: { ...caller, zone: 'UTC' }, displayed: true }, transaction)
  const lost = Object.keys(rest).find(name => {
    const { readOnly, type } = table.columns.get(name)!
    return !readOnly && type !== 'journal' && input.values[name] === undefined
  })
  if (lost !== undefined)
    throw new SeedProblem(`The seed has a record of ${table.name} with ${lost} ${JSON.stringify(rest[lost])}, which is not understood`)
  const save = newSave(table, caller, input)
  try {
    applyRules(save, filling.dictionary, filling.standing)
  } catch (error) {
    // A seed may begin anywhere, also in a state that nobody could save.
    if (!(error instanceof Refusal)) throw error
  }
  Object.assign(save.after, input.values)
  if (typeof password === 'string') save.after.user_password = await hashPassword(password)
  const given = Object.fromEntries(GIVEN.flatMap(name => (typeof rest[name] === 'string' ? [[name, rest[name] as string]] : [])))
  await writeNew(filling, transaction, { save, sysId, projection: filling.projections.of(table, 'sys_id', 'false'), given })
}
