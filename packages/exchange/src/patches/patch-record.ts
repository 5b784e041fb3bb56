import { requireRole } from '../agreements/index.ts'
import { type AttachmentsInput, attachmentFacts, attachSteps, responseFiles, spoolFolderOf } from '../attachments/index.ts'
import type { Desk } from '../connections/index.ts'
import { partnersNames } from '../mapping/index.ts'
import {
  bindReference,
  closedRecord,
  findOwnedRecord,
  firstSent,
  type OwnedRecord,
  referenceValues,
  requireSameReference,
} from '../ownership/index.ts'
import { type Done, done } from '../platform/answers.ts'
import type { Database } from '../platform/database.ts'
import { ExchangeError } from '../platform/errors.ts'
import { idempotencyKey } from '../platform/request-key.ts'
import type { Call } from '../platform/route.ts'
import { keyReused, type NewWrite, type RecordedWrites, type SaveStep, warnOfDifferences, writeRequest } from '../recorded-writes/index.ts'
import { type GivenResponse, takeResponse } from '../responses/index.ts'
import type { Caller } from '../sign-in/index.ts'
import type { UpdateQueue } from '../update-queue/index.ts'

/** What every PATCH needs. */
export interface PatchParts {
  database: Database
  writes: RecordedWrites
  queue: UpdateQueue
}

/** What the bodies of PATCH /Ticket and PATCH /Task have in common. */
interface PatchInput extends GivenResponse {
  action: string
  kpn_ticket_number: string
  attachments?: AttachmentsInput | undefined
}

/** What one kind of PATCH does, besides what all of them do. */
export interface PatchRow<Update> {
  /** Whose operation it is. */
  role: 'customer' | 'provider'
  /** Whether it works on tasks; else on tickets. */
  onTasks: boolean
  /** Of the recorded write. */
  operation: string
  /** @throws ExchangeError invalid_field for an action without what it needs */
  requireContent(update: Update): void
  /** What the action changes on the record. */
  changeOf(record: OwnedRecord, update: Update): Promise<RecordChange>
}

interface RecordChange {
  /** The partner's reference comes with it by itself. */
  values: SaveStep['values']
  /** Those of the values that ServiceNow declares as HTML. */
  html?: ReadonlySet<string>
  /** Whether the record does not show what the action asks for: then an equal request of before is no retry. */
  isOpposite: boolean
  /** What two requests are compared by, besides action, reference and files. */
  content: readonly unknown[]
}

/**
 * A PATCH: the answer to an update, or a change of a record that is the caller's and open.
 * @throws ExchangeError not_in_agreement, not_found, invalid_field, reference_mismatch, record_closed, key_reused, or what the write ends with
 */
export async function patchRecord<Update extends PatchInput>(
  parts: PatchParts,
  desk: Desk,
  call: Call<Caller, unknown, Update>,
  row: PatchRow<Update>,
): Promise<Done> {
  const { caller, signal } = call
  requireRole(caller.terms, row.role)
  const record = await findOwnedRecord({ database: parts.database, desk, caller, signal }, call.body.kpn_ticket_number)
  requireKind(record, row.onTasks)
  const update = { ...call.body, customer_reference_number: firstSent(record, call.body.customer_reference_number) }
  if (update.action === 'Response')
    await takeResponse(
      { ...parts, desk, caller, signal, idempotencyKey: idempotencyKey(call), files: responseFiles(call, record) },
      record,
      update,
    )
  else await changeRecord(parts, call, record, { row, update })
  return done('updated', record.kind.word, record.shownNumber, update.customer_reference_number)
}

function requireKind({ kind, shownNumber }: OwnedRecord, onTasks: boolean): void {
  if (kind.isTask === onTasks) return
  throw new ExchangeError('invalid_field', `${shownNumber} is a ${kind.word}, not a ${onTasks ? 'task' : 'ticket'}.`, {
    field: 'kpn_ticket_number',
    hint: onTasks ? 'Use PATCH /Ticket.' : 'Use PATCH /Task.',
  })
}

async function changeRecord<Update extends PatchInput>(
  { database, writes }: PatchParts,
  call: Call<Caller, unknown, Update>,
  record: OwnedRecord,
  { row, update }: { row: PatchRow<Update>; update: Update },
): Promise<void> {
  const { caller } = call
  const { customer_reference_number: reference } = update
  row.requireContent(update)
  requireSameReference(record, reference, 'reference_mismatch')
  const write = writeOf(call, record, { row, update, change: await row.changeOf(record, update) })
  if (record.values.active === 'false' && !(await writes.isKnown(write))) throw closedRecord(record)
  await bindReference({ database, caller }, record, reference, 'reference_mismatch')
  const done = await writes.perform(write, { signal: call.signal, keepFiles: call.files.keep, onConflict: keyReused })
  warnOfDifferences(call, done, partnersNames(record.kind))
}

/** The change in one save, then its files one by one. */
function writeOf<Update extends PatchInput>(
  call: Call<Caller, unknown, Update>,
  { kind, sysId, number, values: now }: OwnedRecord,
  { row, update, change }: { row: PatchRow<Update>; update: Update; change: RecordChange },
): NewWrite {
  const { caller } = call
  const { attachments, customer_reference_number: reference } = update
  const modCount = Number(now.sys_mod_count)
  const values = { ...referenceValues(caller, { values: now }, reference), ...change.values }
  const html = change.html?.size ? { html: [...change.html] } : {}
  const saves: SaveStep[] = Object.keys(values).length ? [{ kind: 'save', table: kind.table, sysId, values, after: modCount, ...html }] : []
  return writeRequest(
    caller,
    {
      operation: row.operation,
      table: kind.table,
      sysId,
      number,
      reference,
      plan: [...saves, ...attachSteps(call, kind.table, sysId)],
      spoolFolder: spoolFolderOf(attachments),
      movedOn: change.isOpposite ? modCount : undefined,
    },
    [update.action, reference, ...change.content, attachmentFacts(attachments)],
    idempotencyKey(call),
  )
}
