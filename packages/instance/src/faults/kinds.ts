/** Everything that can be made to go wrong, with one sentence about it. */
export const FAULTS = {
  latency: 'The answer comes late, by `delayMs` (1,000).',
  'timeout-before-write': 'Nothing is done, and no answer ever comes.',
  'timeout-after-write': 'Everything is done, and no answer ever comes.',
  'reset-before-write': 'Nothing is done, and the connection breaks.',
  'reset-after-write': 'Everything is done, and the connection breaks before the answer.',
  'too-many-requests': '429; with `retryAfter` it says when to come back, without it it has no header at all.',
  'server-error': 'Nothing is done, and the answer is 500.',
  'server-error-after-write': 'Everything is done, and the answer is 500.',
  asleep: '200 with an HTML page: a developer instance that hibernates.',
  'error-in-200': '200 with half of the rows and an error in the same body: a transaction over its quota.',
  'session-expired': '401 for credentials that are good; a token has really ended, so the same one is refused from then on.',
  'late-write': 'The write is done `delayMs` (1,000) later, also when its caller has gone by then; who waits so long is answered.',
  'undone-write': 'A business rule undoes the write: the answer is the one of success, and the record is as it was.',
  'unwritable-field':
    'The caller may not write the fields in `fields` (without it: any field); they are silently dropped, the rest is saved.',
  'hidden-journal': 'Journal rows are hidden from their reader; the count still tells of them.',
  'empty-journal': 'There seem to be no journal rows at all.',
  'lagging-attachments': 'Files are in no list until `delayMs` (5,000) after they were added; the count does not tell of them either.',
  'hidden-row': 'A right hides the record `sysId` from its reader; the count still tells of it.',
  'wrong-clock': 'What the write saves carries a time that is wrong by `seconds` (negative: earlier than it is).',
} as const

/** The name of a fault, as `POST /practice/faults` takes it. */
export type FaultKind = keyof typeof FAULTS

/** All names, in the order of the menu. */
export const FAULT_KINDS = Object.keys(FAULTS) as [FaultKind, ...FaultKind[]]

/** What a kind can be told besides; without it there is nothing to tell. Whom it strikes is told of every kind alike. */
export const FAULT_OPTIONS: Partial<
  Record<FaultKind, { readonly option: 'delayMs' | 'retryAfter' | 'fields' | 'sysId' | 'seconds'; readonly needed?: true }>
> = {
  latency: { option: 'delayMs' },
  'late-write': { option: 'delayMs' },
  'lagging-attachments': { option: 'delayMs' },
  'too-many-requests': { option: 'retryAfter' },
  'unwritable-field': { option: 'fields' },
  'hidden-row': { option: 'sysId', needed: true },
  'wrong-clock': { option: 'seconds', needed: true },
}
