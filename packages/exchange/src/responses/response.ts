import type { Desk } from '../connections/index.ts'
import { harmless } from '../mapping/index.ts'
import { bindReference, type OwnedRecord, referenceValues, requireSameReference } from '../ownership/index.ts'
import type { Database } from '../platform/database.ts'
import { ExchangeError } from '../platform/errors.ts'
import { type AttachStep, keyReused, type RecordedWrites, type SaveStep, type Step, writeRequest } from '../recorded-writes/index.ts'
import type { Caller } from '../sign-in/index.ts'
import type { UpdateQueue } from '../update-queue/index.ts'
import { saveResponse } from './responses.store.ts'

/** What a Response carries (contract connect-api 1.2 and 2). */
export interface GivenResponse {
  status?: 'Success' | 'Failure' | undefined
  transaction_id?: string | undefined
  error_details?: string | undefined
  customer_reference_number: string
  comment?: string | undefined
  worknotes?: string | undefined
}

export interface ResponseParts {
  database: Database
  desk: Desk
  writes: RecordedWrites
  queue: UpdateQueue
  caller: Caller
  signal: AbortSignal
  idempotencyKey: string | null
  /** What came with it besides: files are taken with any message (first seed, 2.2.1). */
  files: ResponseFiles
}

export interface ResponseFiles {
  steps: AttachStep[]
  spoolFolder: string | null
  /** What they are compared by. */
  facts: unknown
  keep: () => void
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/**
 * Takes a partner's answer to an update: with Success its reference goes onto the record, without overwriting one that is there;
 * with Failure the reason becomes a work note. Answering the same update again the same way changes nothing.
 */
export async function takeResponse(parts: ResponseParts, record: OwnedRecord, given: GivenResponse): Promise<void> {
  const { database, caller, queue } = parts
  const missing = (field: string) => new ExchangeError('invalid_field', `${field} is missing: a Response needs it.`, { field })
  if (given.status === undefined) throw missing('status')
  if (given.transaction_id === undefined) throw missing('transaction_id')
  const transactionId = given.transaction_id.toLowerCase()
  if (!UUID.test(transactionId) || !(await queue.isAbout(caller, transactionId, record.sysId)))
    throw new ExchangeError('invalid_field', `transaction_id is not that of an update of ${record.shownNumber}.`, {
      field: 'transaction_id',
    })
  const { bond } = record
  // Only the New is waiting for an answer; a Response to another update is taken as what it says and no more.
  const isNew = bond?.newTransactionId === transactionId
  const answered = isNew && bond.responseTransactionId === transactionId ? bond.responseStatus : null
  const { status, customer_reference_number: reference } = given
  if (status === 'Success') requireSameReference(record, reference, 'other_reference')
  if (answered === 'Success' && status === 'Failure')
    throw new ExchangeError('other_response', `This update of ${record.shownNumber} was already answered with Success.`, {
      field: 'status',
    })
  if (status === 'Success') await bindReference({ database, caller }, record, reference, 'other_reference')
  await save(parts, record, valuesOf(parts, record, transactionId, given), given)
  if (isNew && answered !== 'Success')
    await saveResponse(database, caller, record.sysId, {
      transactionId,
      status,
      error: given.error_details ?? null,
    })
  await queue.acknowledge(caller, transactionId)
}

/** A success leaves the reference on the record, a failure its reason as a work note; a comment that came with it is one. */
function valuesOf({ caller }: ResponseParts, record: OwnedRecord, transactionId: string, given: GivenResponse): SaveStep['values'] {
  const { status, comment, worknotes, error_details, customer_reference_number: reference } = given
  const reason = `${caller.partnerName} could not process update ${transactionId}: ${error_details ?? 'no details given'}`
  const notes = [...(status === 'Failure' ? [reason] : []), ...(worknotes && record.kind.isTask ? [worknotes] : [])].join('\n')
  return {
    ...(status === 'Success' ? referenceValues(caller, record, reference) : {}),
    ...(comment ? { comments: harmless(comment) } : {}),
    ...(notes ? { work_notes: harmless(notes) } : {}),
  }
}

async function save(parts: ResponseParts, record: OwnedRecord, values: SaveStep['values'], given: GivenResponse): Promise<void> {
  const { writes, caller, signal, idempotencyKey, files } = parts
  const { kind, sysId, number } = record
  const plan: Step[] = [
    ...(Object.keys(values).length ? [{ kind: 'save' as const, table: kind.table, sysId, values }] : []),
    ...files.steps,
  ]
  if (!plan.length) return
  const { status, transaction_id, error_details, comment, worknotes, customer_reference_number: reference } = given
  await writes.perform(
    writeRequest(
      caller,
      { operation: 'response', table: kind.table, sysId, number, reference, plan, spoolFolder: files.spoolFolder },
      ['response', status, transaction_id, reference, error_details, comment, worknotes, files.facts],
      idempotencyKey,
    ),
    { signal, keepFiles: files.keep, onConflict: keyReused },
  )
}
