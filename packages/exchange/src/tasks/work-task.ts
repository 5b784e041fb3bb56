import type { Desk } from '../connections/index.ts'
import { fieldValue, harmless, type WorkAction } from '../mapping/index.ts'
import type { OwnedRecord } from '../ownership/index.ts'
import { type PatchParts, type PatchRow, patchRecord } from '../patches/index.ts'
import type { Done } from '../platform/answers.ts'
import { ExchangeError } from '../platform/errors.ts'
import type { Call } from '../platform/route.ts'
import type { Caller } from '../sign-in/index.ts'
import type { TaskPatch } from './task-input.ts'

const workAt = (desk: Desk): PatchRow<TaskPatch> => ({
  role: 'provider',
  onTasks: true,
  operation: 'work-task',
  requireContent,
  async changeOf(record, update) {
    const html = await desk.declaredHtml(record.kind.table, [update.close_notes])
    return {
      values: valuesOf(record, update, html),
      html,
      isOpposite: showsOtherwise(record, update),
      content: [update.comment, update.worknotes, update.close_notes],
    }
  },
})

/** PATCH /Task: a provider works on a task that is assigned to one of its groups now. */
export const workTask = (parts: PatchParts, desk: Desk, call: Call<Caller, unknown, TaskPatch>): Promise<Done> =>
  patchRecord(parts, desk, call, workAt(desk))

/** Whether the task is in another state than the action asks for. */
function showsOtherwise({ kind, values }: OwnedRecord, { action }: TaskPatch): boolean {
  return Object.entries(kind.work?.[action as WorkAction] ?? {}).some(([field, value]) => (values[field] ?? '') !== value)
}

/** An action that adds something must bring it; files alone are something. */
function requireContent({ action, comment, worknotes, attachments }: TaskPatch): void {
  if (attachments?.length) return
  const missing = (field: string) =>
    new ExchangeError('invalid_field', `The action ${action} needs ${field}${field === 'attachments' ? '' : ' or an attachment'}.`, {
      field,
    })
  if (action === 'Comment' && !comment) throw missing('comment')
  if (action === 'Worknote' && !worknotes) throw missing('worknotes')
  if (action === 'Attachment') throw missing('attachments')
}

function valuesOf(
  { kind, values: now }: OwnedRecord,
  { action, comment, worknotes, close_notes }: TaskPatch,
  html: ReadonlySet<string>,
): Record<string, string> {
  const work = kind.work?.[action as WorkAction] ?? {}
  const values: Record<string, string> = { ...work }
  // Work goes on after a hold that somebody put on by its own field.
  if (action === 'In Progress' && now.on_hold === 'true') values.on_hold = 'false'
  if (comment) values.comments = harmless(comment)
  if (worknotes) values.work_notes = harmless(worknotes)
  if (close_notes && action.startsWith('Closed')) values.close_notes = fieldValue(close_notes, html.has('close_notes'))
  return values
}
