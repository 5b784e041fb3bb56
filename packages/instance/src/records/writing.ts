import type { Caller } from '../caller/caller.ts'
import type { Table } from '../dictionary/dictionary.ts'
import { applyRules } from '../house-rules/rules.ts'
import type { Save } from '../house-rules/save.ts'
import type { Cells } from '../storage/database.ts'
import { newSysId } from '../sys-id.ts'
import type { AfterRule, Saved } from './after-rule.ts'
import { deleteRecord } from './delete.ts'
import type { Input } from './input.ts'
import { newSave, writeNew } from './insert.ts'
import type { Projection } from './projection.ts'
import { recordsIn } from './records-for-rules.ts'
import type { RecordSaving } from './saving.ts'
import { changingSave, readStored, type Stored, writeSave } from './update.ts'
import { runAgainAfterDeadlock, runInWork, type Work } from './work.ts'

/**
 * Every save of a record: the rules before it, the statement, what follows from it, and its announcement. Where nothing follows,
 * which is the common case, a save is one statement and needs no transaction around it.
 */

/** Whose save of which table. */
export interface Wanted {
  readonly table: Table
  readonly caller: Caller
  /** Of the row that is given back. */
  readonly projection: Projection
}

/** A record that was saved. */
export interface Written {
  readonly sysId: string
  /** The record by the projection, beginning with one cell that is not a field; undefined where rules may have changed it since. */
  readonly row: Cells | undefined
}

/** Makes a record, in the work that it is a part of or in one of its own. Throws a Refusal where a rule stops it. */
export async function insertRecord(
  saving: RecordSaving,
  wanted: Wanted & { input: Input; sysId?: string },
  work?: Work,
): Promise<Written & { sysId: string }> {
  const { table, caller, input, projection, sysId = newSysId() } = wanted
  if (!work && saving.rules.awaits(table.name, 'insert')) return runInWork(saving, own => insertRecord(saving, { ...wanted, sysId }, own))
  const save = newSave(table, caller, input)
  const following = await runBeforeRules(saving, { save, sysId, operation: 'insert' }, work)
  return runWhereNeeded(saving, following, work, async own => {
    const row = await writeNew(saving, own?.transaction ?? saving.database, { save, sysId, projection })
    return { sysId, row: await finishSave(saving, { save, sysId, operation: 'insert', following, row }, own) }
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
  saving: RecordSaving,
  wanted: Wanted & { sysId: string; byProcess?: boolean; read: (concrete: Table) => Input | Promise<Input> },
  work?: Work,
): Promise<(Written & { save: Save }) | undefined> {
  const { table, caller, sysId, projection } = wanted
  for (let turn = 0; turn < MOST_TURNS; turn += 1) {
    const stored = await readStored(saving, { table, sysId, lock: work !== undefined }, work?.transaction)
    if (!stored) return undefined
    if (!work && saving.rules.awaits(stored.table.name, 'update')) return runInWork(saving, own => updateRecord(saving, wanted, own))
    const save = changingSave(stored, caller, await wanted.read(stored.table), wanted.byProcess)
    const following = await runBeforeRules(saving, { save, sysId, operation: 'update' }, work)
    const written = await runWhereNeeded(saving, following, work, async own => {
      const updated = await writeSave(saving, own?.transaction ?? saving.database, { stored, save, projection })
      if (updated.kind !== 'saved') return updated.kind
      return { sysId, save, row: await finishSave(saving, { save, sysId, operation: 'update', following, row: updated.row }, own) }
    })
    if (written === 'unchanged') return { sysId, save, row: undefined }
    if (written !== 'overtaken') return written
  }
  throw new Error(`${table.name} ${sysId} is written by too many at once`)
}

/** Deletes a record. @returns whether there was such a record */
export async function removeRecord(saving: RecordSaving, stored: Stored, caller: Caller, work?: Work): Promise<boolean> {
  const { table, sysId } = stored
  if (!work && saving.rules.awaits(table.name, 'delete')) return runInWork(saving, own => removeRecord(saving, stored, caller, own))
  const save: Save = { table, caller, before: stored.values, after: { ...stored.values }, journals: {} }
  if (work) await saving.rules.runBefore({ save, sysId, operation: 'delete' }, recordsIn(saving, work, caller, SAVES))
  const following = saving.rules.following(save, 'delete')
  return runWhereNeeded(saving, following, work, async own => {
    const there = await deleteRecord(saving, own?.transaction ?? saving.database, stored, caller)
    if (there) await finishSave(saving, { save, sysId, operation: 'delete', following, row: undefined }, own)
    return there
  })
}

const SAVES = { insertRecord, updateRecord, removeRecord }

/** Runs the rules before a save is written; the answer is what will follow from it. */
async function runBeforeRules(saving: RecordSaving, planned: Saved, work: Work | undefined): Promise<readonly AfterRule[]> {
  const { save, operation } = planned
  if (work) await saving.rules.runBefore(planned, recordsIn(saving, work, save.caller, SAVES))
  applyRules(save, saving.dictionary, saving.standing)
  return saving.rules.following(save, operation)
}

/** Runs a save in the work that it is a part of; else in one of its own where something follows, and by itself where nothing does. */
function runWhereNeeded<T>(
  saving: RecordSaving,
  following: readonly AfterRule[],
  work: Work | undefined,
  run: (work: Work | undefined) => Promise<T>,
): Promise<T> {
  if (work) return run(work)
  return following.length ? runInWork(saving, run) : runAgainAfterDeadlock(() => run(undefined))
}

/** Announces a written save and runs what follows; the row is worthless when something did. */
async function finishSave(
  saving: RecordSaving,
  { following, row, ...saved }: Saved & { following: readonly AfterRule[]; row: Cells | undefined },
  work: Work | undefined,
): Promise<Cells | undefined> {
  const change = { table: saved.save.table.name, sysId: saved.sysId, operation: saved.operation }
  if (!work) {
    saving.announce([change])
    return row
  }
  work.changes.push(change)
  if (following.length === 0) return row
  const records = recordsIn(saving, work, saved.save.caller, SAVES)
  for (const rule of following) await rule.run(saved, records)
  return undefined
}
