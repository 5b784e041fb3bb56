import { plainText, SYS_IDS, sameValue } from './same-value.ts'

/** A field of a write that is not in the record as it was asked for. */
export interface NotTaken {
  /** As ServiceNow names it. In a batch, the place of its request stands before it: `0.description`. */
  field: string
  asked: string
  /** What the instance has instead; the empty string where it has nothing. */
  kept: string
}

/** What an answer of a write says beside the record. Both are absent where there is nothing to say. */
export interface WriteOutcome {
  notTaken?: NotTaken[] | undefined
  /** Fields of which nobody can say whether they were taken, because the user may not read them; or there is no such field. */
  notChecked?: string[] | undefined
}

/** Fields of a record by their names, with whatever values. */
export type Fields = Readonly<Record<string, unknown>>

interface Input {
  /** The values were sent with `sysparm_input_display_value`: they can only be told from nothing. */
  displayed?: boolean
}

/** Their entries are rows of their own: the record has no value for them (servicenow-core 8.1). */
const JOURNALS = ['comments', 'work_notes']

export const isJournal = (field: string) => JOURNALS.includes(field)

const SECRET = /(^|_)(pass|passwd|passcode|passphrase|pwd|pin|token|credentials?|(api|private)_?key)(_|\d|$)|password|secret/

/** Never compared, asked back or shown. */
const isSecret = (field: string) => SECRET.test(field)

/**
 * The fields that were asked for and that the record has otherwise: a right that is missing, a business rule or an unknown choice can undo a
 * value, and the answer is still that of a success (servicenow-core 2.1).
 *
 * A field that the row does not have is not told, nor one like a password, nor a journal, which has no value in a record. A name in the
 * place of a reference counts as taken where the instance made a sys_id of it.
 * @param row stored values, or value and display value
 * @example
 * notTaken({ impact: 1, description: 'x' }, { impact: '1', description: '' }) // → [{ field: 'description', asked: 'x', kept: '' }]
 */
export function notTaken(asked: Fields, row: Fields, { displayed = false }: Input = {}): NotTaken[] {
  return Object.entries(asked).flatMap(([field, wanted]) => {
    const kept = storedText(row[field])
    if (row[field] === undefined || !canBeCompared(field, wanted) || (isJournal(field) && kept === '')) return []
    const taken = sameValue(wanted, kept) || isResolved(wanted, kept) || (displayed && plainText(wanted) !== '' && kept !== '')
    return taken ? [] : [{ field, asked: plainText(wanted), kept }]
  })
}

/** What was left out was not asked for, and an object may be anything. */
export function canBeCompared(field: string, wanted: unknown): boolean {
  return wanted !== undefined && (wanted === null || typeof wanted !== 'object') && !isSecret(field)
}

const isResolved = (wanted: unknown, kept: string) => SYS_IDS.test(kept) && plainText(wanted) !== '' && !SYS_IDS.test(plainText(wanted))

/** The stored value of a field as a text, also where it stands beside its display value. */
export function storedText(value: unknown): string {
  return plainText(value instanceof Object && 'value' in value ? value.value : value)
}
