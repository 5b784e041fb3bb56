import type { Desk } from '../connections/index.ts'
import { harmless } from '../mapping/index.ts'
import type { Database } from '../platform/database.ts'
import { ExchangeError } from '../platform/errors.ts'
import { keyReused, type RecordedWrites, type SaveStep, writeRequest } from '../recorded-writes/index.ts'
import type { Caller } from '../sign-in/index.ts'
import type { UpdateQueue } from '../update-queue/index.ts'
import { saveResponse } from './bonds.store.ts'
import type { OwnedRecord } from './owned-record.ts'
import { bindReference, referenceValues, requireSameReference } from './reference.ts'

/** What a Response carries (contract connect-api 1.2 and 2). */
export interface GivenResponse {
  status?: 'Success' | 'Failure' | undefined
  transaction_id?: string | undefined
  error_details?: string | undefined
  customer_reference_number: string
}

export interface ResponseParts {
  database: Database
  desk: Desk
  writes: RecordedWrites
  queue: UpdateQueue
  caller: Caller
  signal: AbortSignal
  idempotencyKey: string | null
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
  const answered = record.bond?.responseTransactionId === transactionId ? record.bond.responseStatus : null
  const { status } = given
  if (status === 'Success') requireSameReference(record, given.customer_reference_number, 'other_reference')
  if (answered === 'Success' && status === 'Failure')
    throw new ExchangeError('other_response', `This update of ${record.shownNumber} was already answered with Success.`, {
      field: 'status',
    })
  if (status === 'Success') await succeed(parts, record, given.customer_reference_number)
  else if (answered === null) await fail(parts, record, transactionId, given)
  if (answered !== status)
    await saveResponse(database, caller.environment, caller.partnerId, record.sysId, {
      transactionId,
      status,
      error: given.error_details ?? null,
    })
  await queue.acknowledgedBy(caller, transactionId)
}

async function succeed(parts: ResponseParts, record: OwnedRecord, reference: string): Promise<void> {
  await bindReference(parts.database, parts.caller, record, reference)
  const values = referenceValues(parts.caller, record, reference)
  if (Object.keys(values).length) await save(parts, record, values, reference)
}

function fail(parts: ResponseParts, record: OwnedRecord, transactionId: string, given: GivenResponse): Promise<void> {
  const reason = given.error_details ?? 'no details given'
  const note = `${parts.caller.partnerName} could not process update ${transactionId}: ${reason}`
  return save(parts, record, { work_notes: harmless(note) }, given.customer_reference_number)
}

async function save(
  { writes, caller, signal, idempotencyKey }: ResponseParts,
  record: OwnedRecord,
  values: SaveStep['values'],
  reference: string,
): Promise<void> {
  const { kind, sysId, number } = record
  await writes.perform(
    writeRequest(
      caller,
      {
        operation: 'response',
        table: kind.table,
        sysId,
        number,
        reference,
        plan: [{ kind: 'save', table: kind.table, sysId, values, after: Number(record.values.sys_mod_count) }],
        spoolFolder: null,
      },
      ['response', values],
      idempotencyKey,
    ),
    { signal, keepFiles: () => {}, onConflict: keyReused },
  )
}
