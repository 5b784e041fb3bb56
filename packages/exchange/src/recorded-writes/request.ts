import { createHash, randomUUID } from 'node:crypto'
import { normalName } from '../mapping/index.ts'
import { ExchangeError } from '../platform/errors.ts'
import type { Caller } from '../sign-in/index.ts'
import type { NewWrite, RecordedWrite } from './recorded-write.ts'

type Given = Omit<NewWrite, 'writeId' | 'environment' | 'partnerId' | 'filing' | 'requestKey' | 'idempotencyKey' | 'contentSha256'>

/** A hash of what a request asks for, after it was checked: two requests with the same one are the same. */
export const contentHash = (content: unknown): string => createHash('sha256').update(JSON.stringify(content)).digest('hex')

/**
 * A write that a partner asks for. A filing is known by its reference; another request by its Idempotency-Key if it has one,
 * else by its content on that record for 10 minutes.
 * @param content a filing's names its reference: it is a function of that
 */
export function writeRequest(
  caller: Caller,
  given: Given,
  content: readonly unknown[] | ((reference: string) => readonly unknown[]),
  idempotencyKey: string | null,
): NewWrite {
  const hashWith = (reference: string) => contentHash(typeof content === 'function' ? content(reference) : content)
  const contentSha256 = hashWith(given.reference ?? '')
  const { environment, partnerId } = caller
  const filing = given.bond && { referenceKey: normalName(given.reference!), hashWith }
  const requestKey = filing
    ? `reference:${filing.referenceKey}`
    : idempotencyKey
      ? `key:${idempotencyKey}`
      : `content:${given.sysId}:${contentSha256}`
  return { ...given, ...(filing && { filing }), writeId: randomUUID(), environment, partnerId, requestKey, idempotencyKey, contentSha256 }
}

/** Tells the partner what the service desk set otherwise than asked for; `names` are its own words for some fields. */
export function warnOfDifferences(
  call: { warn(text: string): void },
  { progress }: RecordedWrite,
  names: Readonly<Record<string, string>>,
): void {
  const fields = new Set(progress.flatMap(({ differs = [] }) => differs).map(field => names[field] ?? field))
  for (const field of fields) call.warn(`${field} was set otherwise by the service desk`)
}

/** The refusal for an Idempotency-Key that comes again with another request. */
export const keyReused = () =>
  new ExchangeError('key_reused', 'This Idempotency-Key was used for another request.', { field: 'Idempotency-Key' })

/** The refusal for a record that was deleted in ServiceNow. `number`: as the partner writes it. */
export const recordDeleted = (number: string, cause?: unknown) =>
  new ExchangeError('record_deleted', `${number} was deleted in the service desk.`, {
    field: 'kpn_ticket_number',
    extra: { kpn_ticket_number: number },
    cause,
  })
