import type { Caller } from '../caller/caller.ts'
import type { Table } from '../dictionary/dictionary.ts'
import { applyRules } from '../house-rules/rules.ts'
import type { Operation, Save } from '../house-rules/save.ts'
import type { Practice } from '../practice.ts'
import type { Cells } from '../storage/database.ts'
import { newSysId } from '../sys-id.ts'
import type { AfterRule, Saved } from './after-rule.ts'
import { deleteRecord } from './delete.ts'
import type { Input } from './input.ts'
import { newSave, writeNew } from './insert.ts'
import type { Projection } from './projection.ts'
import { recordsIn } from './records-for-rules.ts'
import { changingSave, readStored, type Stored, writeSave } from './update.ts'
import { inWork, type Work } from './work.ts'

/**
 * Every save of a record: the rules before it, the statement, what follows from it, and who is told. Where nothing follows,
 * which is the common case, a save is one statement and needs no transaction around it.
 */

export interface Wanted {
  readonly table: Table
  readonly caller: Caller
  /** Of the row that is given back. */
  readonly projection: Projection
}

export interface Written {
  readonly sysId: string
  /** The record by the projection, beginning with one cell that is not a field; undefined where rules may have changed it since. */
  readonly row: Cells | undefined
}

export async function insertRecord(
  practice: Practice,
  wanted: Wanted & { input: Input; sysId?: string },
  work?: Work,
): Promise<Written & { sysId: string }> {
  const { table, caller, input, projection, sysId = newSysId() } = wanted
  if (!work && practice.rules.awaits(table.name, 'insert'))
    return inWork(practice, own => insertRecord(practice, { ...wanted, sysId }, own))
  const save = newSave(table, caller, input)
  const following = await planned(practice, save, sysId, 'insert', work)
  return carriedOut(practice, following.length > 0, work, async own => {
    const row = await writeNew(practice, own?.transaction ?? practice.database, save, sysId, projection)
    return { sysId, row: await followed(practice, { save, sysId, operation: 'insert' }, following, own, row) }
  })
}

/** Two writers of one record take turns; each turn one of them succeeds, so this many turns are never reached by people. */
const MOST_TURNS = 200

/**
 * Changes a record.
 * @param read what is to change, for the record's concrete class
 * @returns undefined where there is no such record; without a row where nothing changed
 */
export async function updateRecord(
  practice: Practice,
  wanted: Wanted & { sysId: string; byProcess?: boolean; read: (concrete: Table) => Input | Promise<Input> },
  work?: Work,
): Promise<(Written & { save: Save }) | undefined> {
  const { table, caller, sysId, projection } = wanted
  for (let turn = 0; turn < MOST_TURNS; turn += 1) {
    const stored = await readStored(practice, work?.transaction ?? practice.database, table, sysId, work !== undefined)
    if (!stored) return undefined
    if (!work && practice.rules.awaits(stored.table.name, 'update')) return inWork(practice, own => updateRecord(practice, wanted, own))
    const save = changingSave(stored, caller, await wanted.read(stored.table), wanted.byProcess)
    const following = await planned(practice, save, sysId, 'update', work)
    const written = await carriedOut(practice, following.length > 0, work, async own => {
      const updated = await writeSave(practice, own?.transaction ?? practice.database, stored, save, projection)
      if (updated.kind !== 'saved') return updated.kind
      return { sysId, save, row: await followed(practice, { save, sysId, operation: 'update' }, following, own, updated.row) }
    })
    if (written === 'unchanged') return { sysId, save, row: undefined }
    if (written !== 'overtaken') return written
  }
  throw new Error(`${table.name} ${sysId} is written by too many at once`)
}

/** @returns whether there was such a record */
export async function removeRecord(practice: Practice, stored: Stored, caller: Caller, work?: Work): Promise<boolean> {
  const { table, sysId } = stored
  if (!work && practice.rules.awaits(table.name, 'delete')) return inWork(practice, own => removeRecord(practice, stored, caller, own))
  const save: Save = { table, caller, before: stored.values, after: { ...stored.values }, journals: {} }
  if (work) await practice.rules.before(save, sysId, 'delete', recordsIn(practice, work, caller))
  const following = practice.rules.following(save, 'delete')
  return carriedOut(practice, following.length > 0, work, async own => {
    const there = await deleteRecord(practice, own?.transaction ?? practice.database, stored, caller)
    if (there) await followed(practice, { save, sysId, operation: 'delete' }, following, own, undefined)
    return there
  })
}

/** Lets the rules look at a save before it is written; the answer is what will follow from it. */
async function planned(practice: Practice, save: Save, sysId: string, operation: Operation, work: Work | undefined) {
  if (work) await practice.rules.before(save, sysId, operation, recordsIn(practice, work, save.caller))
  applyRules(save, practice.dictionary, practice.standing)
  return practice.rules.following(save, operation)
}

function carriedOut<T>(
  practice: Practice,
  transaction: boolean,
  work: Work | undefined,
  run: (work: Work | undefined) => Promise<T>,
): Promise<T> {
  return work || !transaction ? run(work) : inWork(practice, run)
}

/** Notes a written save and carries out what follows; the row is worthless when something did. */
async function followed(
  practice: Practice,
  saved: Saved,
  following: readonly AfterRule[],
  work: Work | undefined,
  row: Cells | undefined,
): Promise<Cells | undefined> {
  const change = { table: saved.save.table.name, sysId: saved.sysId, operation: saved.operation }
  if (!work) {
    practice.changed([change])
    return row
  }
  work.changes.push(change)
  if (following.length === 0) return row
  const records = recordsIn(practice, work, saved.save.caller)
  for (const rule of following) await rule.run(saved, records)
  return undefined
}
