import { createHash } from 'node:crypto'
import { normalName } from '../mapping/index.ts'

/** One thing that ServiceNow is asked to do. A write is a short list of them, done in order. */
export type Step = CreateStep | SaveStep | AttachStep

/** Makes a record. The correlation id is how it is found again when its creation was not confirmed. */
export interface CreateStep {
  kind: 'create'
  table: string
  values: Record<string, string>
  correlationId: string
  html?: readonly string[]
  /** The field that is to hold the sys_id of the first step's record. */
  belongsTo?: string
}

/** Changes a record in one save; at most one of its values is a journal entry that must not come twice. */
export interface SaveStep {
  kind: 'save'
  table: string
  sysId: string
  values: Record<string, string>
  /** The fields that ServiceNow declares as HTML: it may write them in another way than they are sent. */
  html?: readonly string[]
  /** sys_mod_count of the record when this was asked for: what the audit says of later saves may be this one. */
  after?: number
  /**
   * For a step of the exchange itself: whose record it was when this was accepted; null is nobody's. Who asked for any other step is
   * the write's own partner.
   */
  ownedBy?: string | null
  /** It adds what was left out when its record was made. */
  completes?: true
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
  /** Fields that the instance left out although it said yes, and without which the step is not done. */
  lacks?: string[]
  /** Fields that it set otherwise than asked for. */
  differs?: string[]
}

/** Without these a record is nobody's: nobody is told of it, and a retry would not find it. */
export const NEEDED_FIELDS: readonly string[] = ['correlation_id', 'company']
/** What the partner said, in its own words: it may not get lost. */
const WORDS: readonly string[] = ['short_description', 'description', 'comments', 'work_notes', 'close_notes']

/** What is still to be done of a step whose record is there without some of its fields. */
export function remainder(step: Step, { lacks = [], sysId }: StepProgress): Step {
  if (!lacks.length || step.kind === 'attach') return step
  const values = Object.fromEntries(Object.entries(step.values).filter(([field]) => lacks.includes(field)))
  const record = { table: step.table, sysId: sysId ?? (step as SaveStep).sysId, values, ...(step.html ? { html: step.html } : {}) }
  return step.kind === 'create' || step.completes ? { kind: 'save', ...record, completes: true } : { kind: 'save', ...record }
}

/** Sorts what an instance did not take of a step: what it is not done without, and what only differs. */
export function judged(step: Step, fields: readonly string[]): Pick<StepProgress, 'lacks' | 'differs'> {
  const makes = step.kind === 'create' || (step.kind === 'save' && step.completes === true)
  const lacks = fields.filter(field => (makes && NEEDED_FIELDS.includes(field)) || WORDS.includes(field))
  const differs = fields.filter(field => !lacks.includes(field))
  return { ...(lacks.length ? { lacks } : {}), ...(differs.length ? { differs } : {}) }
}

export const JOURNALS = ['comments', 'work_notes'] as const
/** A journal of a record: comments are read by the end user, work notes by the desk. */
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
  return createHash('sha256')
    .update(`${step.size} ${normalName(step.name)}`)
    .digest('hex')
}

/** Journal texts are compared without what ServiceNow may change about white space. */
export const sameText = (a: string, b: string): boolean => normal(a) === normal(b)
const normal = (text: string) => text.replaceAll('\r\n', '\n').trim()
