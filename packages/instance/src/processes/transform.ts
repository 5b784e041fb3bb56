import type { Caller } from '../caller/caller.ts'
import { ALL_RIGHTS } from '../caller/rights.ts'
import type { Table } from '../dictionary/dictionary.ts'
import { readInput } from '../records/input.ts'
import type { RecordSaving } from '../records/saving.ts'
import { readStored } from '../records/update.ts'
import { insertRecord, updateRecord } from '../records/writing.ts'
import { Refusal } from '../refusals/refusal.ts'
import { notUnique } from '../refusals/table.ts'
import { quote } from '../storage/database.ts'

/** What became of one row of a staging table by one of its maps. */
export interface Transformed {
  readonly map: { readonly sysId: string; readonly name: string } | undefined
  readonly target: Table | undefined
  readonly status: 'inserted' | 'updated' | 'ignored' | 'error'
  readonly sysId: string
  readonly message: string
}

interface FieldMap {
  readonly source: string
  readonly target: string
  readonly coalesce: boolean
}

/** Carries a staged row over by every active map of its table, in their order. Coalesce fields find the record to update. */
export async function transform(
  saving: RecordSaving,
  caller: Caller,
  staging: string,
  row: Readonly<Record<string, string>>,
): Promise<Transformed[]> {
  const { database } = saving
  const maps = await database.run(
    `select sys_id, name, target_table from ${database.name('sys_transform_map')} where source_table = $1 and active order by "order", sys_id`,
    [staging],
  )
  if (maps.length === 0)
    return [{ map: undefined, target: undefined, status: 'ignored', sysId: '', message: 'No transform map for this table' }]
  const results: Transformed[] = []
  for (const [sysId, name, targetName] of maps) {
    const map = { sysId: sysId!, name: name ?? '' }
    const target = saving.dictionary.table(targetName ?? '')
    try {
      if (!target) throw new Refusal(400, `Invalid table ${targetName}`)
      const carry = () => carryOver(saving, { caller: { ...caller, rights: ALL_RIGHTS }, mapId: map.sysId, target, row })
      // Another row may have made the record since it was looked for; then it is found now.
      const done = await carry().catch(error => (notUnique(error) ? carry() : Promise.reject(error)))
      results.push({ map, target, message: '', ...done })
    } catch (error) {
      const refusal = notUnique(error) ?? error
      if (!(refusal instanceof Refusal)) throw error
      results.push({ map, target, status: 'error', sysId: '', message: refusal.detail ?? refusal.message })
    }
  }
  return results
}

interface Carrying {
  readonly caller: Caller
  readonly mapId: string
  readonly target: Table
  readonly row: Readonly<Record<string, string>>
}

/** Makes or changes the record that a row stands for. */
async function carryOver(saving: RecordSaving, { caller, mapId, target, row }: Carrying): Promise<Pick<Transformed, 'status' | 'sysId'>> {
  const { database } = saving
  const entries = await database.run(
    `select source_field, target_field, coalesce("coalesce", false) from ${database.name('sys_transform_entry')} where map = $1 order by sys_created_on, sys_id`,
    [mapId],
  )
  const fields = entries.map(([source, to, coalesce]): FieldMap => ({ source: source ?? '', target: to ?? '', coalesce: coalesce === 't' }))
  const body = Object.fromEntries(
    fields.filter(({ source }) => row[source] !== undefined).map(({ source, target: to }) => [to, row[source]]),
  )
  const input = await readInput(saving, { table: target, body, caller, displayed: true })
  const projection = saving.projections.of(target, 'sys_id', 'false')
  const known = await findMatch(
    saving,
    target,
    fields.filter(({ coalesce }) => coalesce),
    input.values,
  )
  if (known === undefined)
    return { status: 'inserted', sysId: (await insertRecord(saving, { table: target, caller, input, projection })).sysId }
  const stored = await readStored(saving, { table: target, sysId: known })
  const same =
    Object.keys(input.journals).length === 0 && Object.entries(input.values).every(([name, value]) => stored?.values[name] === value)
  if (same) return { status: 'ignored', sysId: known }
  await updateRecord(saving, { table: target, caller, sysId: known, projection, read: () => input })
  return { status: 'updated', sysId: known }
}

/** The record whose coalesce fields are those of the row. Without such fields every row is a new record. */
async function findMatch({ database }: RecordSaving, target: Table, fields: readonly FieldMap[], values: Readonly<Record<string, string>>) {
  const keys = fields.filter(({ target: name }) => target.columns.has(name))
  if (keys.length === 0) return undefined
  const wanted = keys.map(({ target: name }) => values[name] ?? '')
  if (wanted.some(value => value === '')) return undefined
  const where = keys.map(({ target: name }, at) => `lower(${quote(name)}::text) = lower($${at + 1}::text)`)
  const rows = await database.run(
    `select sys_id from ${database.name(target.root)} where ${where.join(' and ')} order by sys_created_on, sys_id limit 1`,
    wanted,
  )
  return rows[0]?.[0] ?? undefined
}
