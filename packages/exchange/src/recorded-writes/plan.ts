import { createHash } from 'node:crypto'

/** One thing that ServiceNow is asked to do. A write is a short list of them, done in order. */
export type Step = CreateStep | SaveStep | AttachStep

/** Makes a record. The correlation id is how it is found again when its creation was not confirmed. */
export interface CreateStep {
  kind: 'create'
  table: string
  values: Record<string, string>
  correlationId: string
  /** The field that is to hold the sys_id of the first step's record. */
  belongsTo?: string
}

/** Changes a record in one save; at most one of its values is a journal entry that must not come twice. */
export interface SaveStep {
  kind: 'save'
  table: string
  sysId: string
  values: Record<string, string>
  /** sys_mod_count of the record when this was asked for: what the audit says of later saves may be this one. */
  after?: number
  /**
   * For a step of the exchange itself: whose record it was when this was accepted; null is nobody's. Who asked for any other step is
   * the write's own partner.
   */
  ownedBy?: string | null
}

/** Adds a file to a record; to the first step's record when it has no sys_id of its own. */
export interface AttachStep {
  kind: 'attach'
  table: string
  sysId?: string
  name: string
  contentType: string
  size: number
  sha256: string
  folder: string
  /** Within the spool folder. */
  file: string
}

/** How far a step is. Begun and not done: its outcome is to be found out before it is done again. */
export interface StepProgress {
  begun?: true
  done?: true
  sysId?: string
  number?: string
  /** sys_mod_count after the save: the record_checkpoint of its sys_audit rows. */
  checkpoint?: number
}

export const JOURNALS = ['comments', 'work_notes'] as const
export type Journal = (typeof JOURNALS)[number]

/** The journal entries among a step's values. */
export function journalsIn(values: Record<string, string>): { element: Journal; text: string }[] {
  return JOURNALS.flatMap(element => (values[element] ? [{ element, text: values[element] }] : []))
}

/**
 * What a step adds to its record that may be there more than once: its entries in the journal, whatever they say, because one save may
 * carry two of them; or a file, by name and size (hashed: a name may be long). Null for what can be told apart by itself: a record by its
 * correlation id, other values by being there.
 */
export function addedBy(step: Step | undefined): string | null {
  if (!step || step.kind === 'create') return null
  if (step.kind === 'save') return journalsIn(step.values).length ? 'journal' : null
  return createHash('sha256').update(`${step.size} ${step.name}`).digest('hex')
}

/** Journal texts are compared without what ServiceNow may change about white space. */
export const sameText = (a: string, b: string): boolean => normal(a) === normal(b)
const normal = (text: string) => text.replaceAll('\r\n', '\n').trim()
