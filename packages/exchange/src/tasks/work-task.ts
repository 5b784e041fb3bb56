import { requireRole } from '../agreements/index.ts'
import { attachmentFacts, attachSteps, responseFiles, spoolFolderOf } from '../attachments/index.ts'
import type { Desk } from '../connections/index.ts'
import { fieldValue, harmless, partnersNames, type WorkAction } from '../mapping/index.ts'
import {
  bindReference,
  closedRecord,
  firstSent,
  type OwnedRecord,
  ownedRecord,
  referenceValues,
  requireSameReference,
} from '../ownership/index.ts'
import { type Done, done } from '../platform/answers.ts'
import type { Database } from '../platform/database.ts'
import { ExchangeError } from '../platform/errors.ts'
import { idempotencyKey } from '../platform/request-key.ts'
import type { Call } from '../platform/route.ts'
import { keyReused, type RecordedWrites, type Step, warnOfDifferences, writeRequest } from '../recorded-writes/index.ts'
import { takeResponse } from '../responses/index.ts'
import type { Caller } from '../sign-in/index.ts'
import type { UpdateQueue } from '../update-queue/index.ts'
import type { TaskUpdate } from './task-input.ts'

export interface WorkParts {
  database: Database
  writes: RecordedWrites
  queue: UpdateQueue
}

/** PATCH /Task: a provider works on a task that is assigned to one of its groups now. */
export async function workTask(parts: WorkParts, desk: Desk, call: Call<Caller, unknown, TaskUpdate>): Promise<Done> {
  const { caller, signal } = call
  requireRole(caller.terms, 'provider')
  const record = await ownedRecord(parts.database, desk, caller, call.body.kpn_ticket_number, signal)
  if (!record.kind.isTask)
    throw new ExchangeError('invalid_field', `${record.shownNumber} is a ${record.kind.word}, not a task.`, {
      field: 'kpn_ticket_number',
      hint: 'Use PATCH /Ticket.',
    })
  const update = { ...call.body, customer_reference_number: firstSent(record, call.body.customer_reference_number) }
  if (update.action === 'Response')
    await takeResponse(
      { ...parts, desk, caller, signal, idempotencyKey: idempotencyKey(call), files: responseFiles(call, record) },
      record,
      update,
    )
  else await act(parts, desk, call, record, update)
  return done('updated', record.kind.word, record.shownNumber, update.customer_reference_number)
}

async function act(
  { database, writes }: WorkParts,
  desk: Desk,
  call: Call<Caller, unknown, TaskUpdate>,
  record: OwnedRecord,
  update: TaskUpdate,
): Promise<void> {
  const { caller } = call
  const { attachments, customer_reference_number: reference } = update
  const { kind, sysId, number } = record
  requireContent(update)
  requireSameReference(record, reference, 'reference_mismatch')
  const html = await desk.declaredHtml(kind.table, [update.close_notes])
  const values = { ...referenceValues(caller, record, reference), ...valuesOf(record, update, html) }
  const save: Step[] = Object.keys(values).length
    ? [
        {
          kind: 'save',
          table: kind.table,
          sysId,
          values,
          after: Number(record.values.sys_mod_count),
          ...(html.size ? { html: [...html] } : {}),
        },
      ]
    : []
  const write = writeRequest(
    caller,
    {
      operation: 'work-task',
      table: kind.table,
      sysId,
      number,
      reference,
      plan: [...save, ...attachSteps(call, kind.table, sysId)],
      spoolFolder: spoolFolderOf(attachments),
      movedOn: showsOtherwise(record, update) ? Number(record.values.sys_mod_count) : undefined,
    },
    [update.action, reference, update.comment, update.worknotes, update.close_notes, attachmentFacts(attachments)],
    idempotencyKey(call),
  )
  if (record.values.active === 'false' && !(await writes.isKnown(write))) throw closedRecord(record)
  await bindReference(database, caller, record, reference, 'reference_mismatch')
  const done = await writes.perform(write, { signal: call.signal, keepFiles: call.files.keep, onConflict: keyReused })
  warnOfDifferences(call, done, partnersNames(kind))
}

/** Whether the task is in another state than the action asks for. */
function showsOtherwise({ kind, values }: OwnedRecord, { action }: TaskUpdate): boolean {
  return Object.entries(kind.work?.[action as WorkAction] ?? {}).some(([field, value]) => (values[field] ?? '') !== value)
}

/** An action that adds something must bring it; files alone are something. */
function requireContent({ action, comment, worknotes, attachments }: TaskUpdate): void {
  if (attachments?.length) return
  const missing = (field: string) =>
    new ExchangeError('invalid_field', `The action ${action} needs ${field}${field === 'attachments' ? '' : ' or an attachment'}.`, {
      field,
    })
  if (action === 'Comment' && !comment) throw missing('comment')
  if (action === 'Worknote' && !worknotes) throw missing('worknotes')
  if (action === 'Attachment') throw missing('attachments')
}

function valuesOf(
  { kind, values: now }: OwnedRecord,
  { action, comment, worknotes, close_notes }: TaskUpdate,
  html: ReadonlySet<string>,
): Record<string, string> {
  const work = kind.work?.[action as WorkAction] ?? {}
  const values: Record<string, string> = { ...work }
  // Work goes on after a hold that somebody put on by its own field.
  if (action === 'In Progress' && now.on_hold === 'true') values.on_hold = 'false'
  if (comment) values.comments = harmless(comment)
  if (worknotes) values.work_notes = harmless(worknotes)
  if (close_notes && action.startsWith('Closed')) values.close_notes = fieldValue(close_notes, html.has('close_notes'))
  return values
}
