import { journalsIn, type RecordedWrite, type SaveStep, sameText } from '../recorded-writes/index.ts'
import type { Save } from './saves.ts'

/** Which recorded write made each save, where one did. A write's every effect is given to one save only. */
export function authorsOf(
  saves: readonly Save[],
  writes: readonly RecordedWrite[],
  writer: string,
  taken: ReadonlyMap<string, string | null>,
): Map<Save, RecordedWrite> {
  const authors = new Map<Save, RecordedWrite>()
  const used = new Set<string>([...taken.values()].filter(id => id !== null))
  for (const save of saves) {
    if (save.by !== writer) continue
    const write = writes.find(candidate => made(candidate, save, used))
    if (!write) continue
    authors.set(save, write)
    if (!save.file) used.add(write.writeId)
  }
  return authors
}

function made(write: RecordedWrite, save: Save, used: ReadonlySet<string>): boolean {
  return write.plan.some((step, place) => {
    const progress = write.progress[place]
    if (!progress?.begun && !progress?.done) return false
    if (step.kind === 'attach') return save.file !== undefined && attached(save, progress.sysId, step)
    if (step.kind === 'create') return save.creation && progress.sysId === save.recordSysId
    if (save.file || step.sysId !== save.recordSysId) return false
    if (progress.checkpoint !== undefined && save.checkpoint !== undefined) return progress.checkpoint === save.checkpoint
    return !used.has(write.writeId) && saved(step, save)
  })
}

function attached(save: Save, sysId: string | undefined, step: { name: string; size: number; sha256: string }): boolean {
  const { file } = save
  if (!file) return false
  return sysId
    ? sysId === file.sys_id
    : file.file_name === step.name && Number(file.size_bytes) === step.size && (!file.hash || file.hash === step.sha256)
}

/** Without a known checkpoint (the answer was lost): the same journal text, or, without a text, the same field values. */
function saved({ values }: SaveStep, save: Save): boolean {
  const texts = journalsIn(values)
  if (texts.length)
    return texts.some(({ element, text }) => save.journals.some(entry => entry.element === element && sameText(entry.text, text)))
  const touched = Object.entries(values).filter(([field]) => save.changes.has(field))
  return touched.length > 0 && touched.every(([field, value]) => save.changes.get(field)?.to === value)
}
