import { requireRole } from '../agreements/index.ts'
import { attachmentFacts, attachSteps, responseFiles, spoolFolderOf } from '../attachments/index.ts'
import type { Desk } from '../connections/index.ts'
import { harmless, holds, partnersNames } from '../mapping/index.ts'
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
import type { TicketUpdate } from './ticket-input.ts'

export interface UpdateParts {
  database: Database
  writes: RecordedWrites
  queue: UpdateQueue
}

/** PATCH /Ticket: a comment or files for an open ticket, or the answer to an update. */
export async function updateTicket(parts: UpdateParts, desk: Desk, call: Call<Caller, unknown, TicketUpdate>): Promise<Done> {
  const { caller, signal } = call
  requireRole(caller.terms, 'customer')
  const record = await ownedRecord(parts.database, desk, caller, call.body.kpn_ticket_number, signal)
  if (record.kind.isTask)
    throw new ExchangeError('invalid_field', `${record.shownNumber} is a ${record.kind.word}, not a ticket.`, {
      field: 'kpn_ticket_number',
      hint: 'Use PATCH /Task.',
    })
  const update = { ...call.body, customer_reference_number: firstSent(record, call.body.customer_reference_number) }
  if (update.action === 'Response')
    await takeResponse(
      { ...parts, desk, caller, signal, idempotencyKey: idempotencyKey(call), files: responseFiles(call, record) },
      record,
      update,
    )
  else await comment(parts, call, record, update)
  return done('updated', record.kind.word, record.shownNumber, update.customer_reference_number)
}

async function comment(
  { database, writes }: UpdateParts,
  call: Call<Caller, unknown, TicketUpdate>,
  record: OwnedRecord,
  update: TicketUpdate,
): Promise<void> {
  const { caller } = call
  const { comment: text, attachments, customer_reference_number: reference } = update
  const { kind, sysId, number, values } = record
  if (!text && !attachments?.length)
    throw new ExchangeError('invalid_field', 'A Comment needs a comment or an attachment.', { field: 'comment' })
  requireSameReference(record, reference, 'reference_mismatch')
  const key = idempotencyKey(call)
  const answer = text && kind.answered && holds(kind.answered.when, values) ? kind.answered.set : {}
  const saved = { ...referenceValues(caller, record, reference), ...answer, ...(text ? { comments: harmless(text) } : {}) }
  const plan: Step[] = [
    ...(Object.keys(saved).length
      ? [{ kind: 'save' as const, table: kind.table, sysId, values: saved, after: Number(values.sys_mod_count) }]
      : []),
    ...attachSteps(call, kind.table, sysId),
  ]
  const write = writeRequest(
    caller,
    {
      operation: 'comment',
      table: kind.table,
      sysId,
      number,
      reference,
      plan,
      spoolFolder: spoolFolderOf(attachments),
      movedOn: Object.keys(answer).length ? Number(values.sys_mod_count) : undefined,
    },
    [update.action, reference, text, attachmentFacts(attachments)],
    key,
  )
  if (values.active === 'false' && !(await writes.isKnown(write))) throw closedRecord(record)
  await bindReference(database, caller, record, reference, 'reference_mismatch')
  const done = await writes.perform(write, { signal: call.signal, keepFiles: call.files.keep, onConflict: keyReused })
  warnOfDifferences(call, done, partnersNames(kind))
}
