import { sameName } from '../mapping/index.ts'
import type { Database } from '../platform/database.ts'
import { ExchangeError } from '../platform/errors.ts'
import type { Caller } from '../sign-in/index.ts'
import { isFiledUnder, setReference } from './bonds.store.ts'
import { correlationId } from './correlation.ts'
import type { OwnedRecord } from './owned-record.ts'

/** The partner's reference as it was first sent, where this is the same one in another form. */
export function firstSent({ reference, bond }: OwnedRecord, given: string): string {
  return reference !== undefined && !bond?.keepsItsForm && sameName(reference, given) ? reference : given
}

/**
 * Refuses a request whose customer_reference_number is not the one that the record has from this partner.
 * @throws ExchangeError reference_mismatch, or other_reference for a Response
 */
export function requireSameReference(record: OwnedRecord, reference: string, code: 'reference_mismatch' | 'other_reference'): void {
  if (record.reference === undefined || record.reference === reference) return
  throw new ExchangeError(code, `customer_reference_number "${reference}" does not belong to ${record.shownNumber}.`, {
    field: 'customer_reference_number',
  })
}

/** The fields that carry a partner's reference on the record; none where the record already carries somebody's or is closed. */
export function referenceValues(caller: Caller, record: Pick<OwnedRecord, 'values'>, reference: string): Record<string, string> {
  const taken = record.values.correlation_id || record.values.correlation_display || record.values.active === 'false'
  return taken
    ? {}
    : { correlation_id: correlationId(caller.environment, caller.partnerId, reference, 'bound'), correlation_display: reference }
}

/** Binds the partner's reference to a record that has none from it yet. */
export async function bindReference(
  { database, caller }: { database: Database; caller: Caller },
  record: OwnedRecord,
  reference: string,
  code: 'reference_mismatch' | 'other_reference',
): Promise<void> {
  if (record.bond?.reference === reference) return
  const { environment, partnerId } = caller
  const { kind, sysId, number } = record
  const bonded = { environment, partnerId, word: kind.word, isTask: kind.isTask, table: kind.table, sysId, number }
  const other = (message: string) => new ExchangeError(code, message, { field: 'customer_reference_number' })
  const filedAs = !record.bond && record.filed ? record.values.correlation_id : undefined
  try {
    if (await setReference(database, bonded, reference, filedAs)) return
  } catch (error) {
    const taken = (error as { code?: string }).code === '23505'
    // Its own filing is on its way again, and will bind it.
    if (taken && filedAs && (await isFiledUnder(database, bonded, reference, filedAs))) return
    if (taken) throw other(`customer_reference_number "${reference}" already belongs to another record.`)
    throw error
  }
  throw other(`${record.shownNumber} already has another customer_reference_number from you.`)
}
