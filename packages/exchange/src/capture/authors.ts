import { journalsIn, type RecordedWrite, type SaveStep, sameText } from '../recorded-writes/index.ts'
import type { Save } from './saves.ts'

interface Authorship {
  /** Of the record. */
  writes: readonly RecordedWrite[]
  /** The exchange's own users. */
  writers: ReadonlySet<string>
  /** The rows that were captured already, with the write that each came from. */
  captured: ReadonlyMap<string, string | null>
  /** Those of the rows that are files. */
  files: ReadonlySet<string>
}

/** Which recorded write made each save, where one did. A write's every effect is given to one save only. */
export function authorsOf(saves: readonly Save[], { writes, writers, captured, files }: Authorship): Map<Save, RecordedWrite> {
  const authors = new Map<Save, RecordedWrite>()
  // A write whose file was captured has not thereby its text captured.
  const used = new Set([...captured].flatMap(([sourceId, writeId]) => (writeId === null || files.has(sourceId) ? [] : [writeId])))
  // Those whose own number is known first, so that an equal text of another write does not take their save.
  for (const isIts of [made, mayHaveMade])
    for (const save of saves) {
      if (!writers.has(save.by) || authors.has(save)) continue
      const write = writes.find(candidate => isIts(candidate, save, used))
      if (!write) continue
      authors.set(save, write)
      if (!save.file) used.add(write.writeId)
    }
  return authors
}

function made(write: RecordedWrite, save: Save): boolean {
  return write.plan.some((step, place) => {
    const progress = write.progress[place]
    if (!progress?.begun && !progress?.done) return false
    if (step.kind === 'attach') return save.file !== undefined && attached(save, progress.sysId, step)
    if (step.kind === 'create') return save.creation && progress.sysId === save.recordSysId
    if (save.file || step.sysId !== save.recordSysId) return false
    return progress.checkpoint !== undefined && progress.checkpoint === save.checkpoint
  })
}

/**
 * By what was saved: where the answer was lost, and where the number in it is that of a later save, which somebody else made before the
 * instance wrote its answer.
 */
function mayHaveMade(write: RecordedWrite, save: Save, used: ReadonlySet<string>): boolean {
  if (save.file || used.has(write.writeId)) return false
  return write.plan.some((step, place) => {
    const progress = write.progress[place]
    if (step.kind !== 'save' || step.sysId !== save.recordSysId || (!progress?.begun && !progress?.done)) return false
    const isLater = save.checkpoint !== undefined && save.checkpoint > (progress.checkpoint ?? Number.POSITIVE_INFINITY)
    return !isLater && saved(step, save)
  })
}

function attached(save: Save, sysId: string | undefined, step: { name: string; size: number; sha256: string }): boolean {
  const { file } = save
  if (!file) return false
  return sysId
    ? sysId === file.sys_id
    : file.file_name === step.name && Number(file.size_bytes) === step.size && (!file.hash || file.hash === step.sha256)
}

/** The same journal text, or, without a text, the same field values. */
function saved({ values }: SaveStep, save: Save): boolean {
  const texts = journalsIn(values)
  if (texts.length)
    return texts.some(({ element, text }) => save.journals.some(entry => entry.element === element && sameText(entry.text, text)))
  const touched = Object.entries(values).filter(([field]) => save.changes.has(field))
  return touched.length > 0 && touched.every(([field, value]) => save.changes.get(field)?.to === value)
}
