import { ServiceNowError, type WriteOutcome } from '@deskbridge/servicenow'
import type { Desk } from '../connections/index.ts'
import { saysTheSame } from '../mapping/index.ts'
import type { OpenSpool } from '../spool/index.ts'
import { JOURNALS, type Journal, judged, type Step, type StepProgress } from './plan.ts'
import type { RecordedWrite } from './recorded-write.ts'

/** The spool no longer has the file of a step: only a request that brings it again can go on. */
export class FileGone extends Error {}

interface Doing {
  desk: Desk
  write: RecordedWrite
  spool: OpenSpool
  /** Asked before each piece of a file. */
  isHeld: () => boolean
}

/** Does one step and says what came of it. */
export async function doStep({ desk, write, spool, isHeld }: Doing, step: Step): Promise<StepProgress> {
  switch (step.kind) {
    case 'create': {
      const values = step.belongsTo ? { ...step.values, [step.belongsTo]: write.progress[0]!.sysId! } : step.values
      const row = (await desk.serviceNow.table.create({ table: step.table, values, fields: ['sys_id', 'number'] })) as Answer
      return { begun: true, ...taken(step, row), sysId: row.sys_id!, number: row.number ?? '' }
    }
    case 'save': {
      const row = (await desk.serviceNow.table.update({
        table: step.table,
        sysId: step.sysId,
        values: step.values,
        // No journals: for them an instance reads the record again, and then tells the number of somebody else's later save.
        fields: ['sys_id', 'sys_mod_count', ...Object.keys(step.values).filter(field => !JOURNALS.includes(field as Journal))],
      })) as Answer
      assertTaken(step.values, row)
      return { begun: true, ...taken(step, row), checkpoint: Number(row.sys_mod_count) }
    }
    case 'attach': {
      const file = spool.recall({ folder: step.folder, name: step.file, size: step.size, sha256: step.sha256 })
      if (!(await spool.verify(file))) throw new FileGone(`The spool no longer has "${step.name}"`)
      const made = await desk.serviceNow.attachment.upload({
        table: step.table,
        sysId: step.sysId ?? write.sysId!,
        name: step.name,
        contentType: step.contentType,
        body: spool.stream(file, isHeld),
        size: step.size,
      })
      return { begun: true, done: true, sysId: made.sys_id }
    }
  }
}

type Answer = Record<string, string> & WriteOutcome

/** A step is done when nothing that it cannot do without was left out of it. */
function taken(step: Step, { notTaken = [] }: WriteOutcome): Pick<StepProgress, 'done' | 'lacks' | 'differs'> {
  const html = (step.kind !== 'attach' && step.html) || []
  const lost = notTaken.filter(({ field, asked, kept }) => !html.includes(field) || !saysTheSame(asked, kept))
  const outcome = judged(
    step,
    lost.map(({ field }) => field),
  )
  return outcome.lacks ? outcome : { done: true, ...outcome }
}

/** A business rule or a missing right can undo a value and still answer 200 (contract servicenow-core 2.1); that is no success. */
function assertTaken(values: Record<string, string>, row: Record<string, string>): void {
  const undone = ['state', 'on_hold'].filter(field => field in values && field in row && row[field] !== values[field])
  if (undone.length)
    throw new ServiceNowError({
      kind: 'refused',
      action: 'table.update',
      written: 'no',
      detail: `The instance kept its own ${undone.join(', ')}`,
    })
}
