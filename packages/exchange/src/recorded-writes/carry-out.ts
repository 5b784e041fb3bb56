import { assertTheirs } from './assert-theirs.ts'
import { attemptStep } from './attempt-step.ts'
import { recordLeftOut } from './endings.ts'
import type { CarryingParts, HeldWrite, Manner } from './held-write.ts'
import type { Hold } from './hold.ts'
import { lookForStep } from './look-for-step.ts'
import { remainder, type StepProgress } from './plan.ts'
import type { RecordedWrite } from './recorded-write.ts'
import { beginStep, recordDone, takeBegunStep } from './steps-in-turn.ts'

/** Does what is left of a write. */
export async function carryOut(parts: CarryingParts, write: RecordedWrite, hold: Hold, how: Manner): Promise<RecordedWrite> {
  const { fresh } = how
  const theirsAt = fresh ? performance.now() : Number.NEGATIVE_INFINITY
  const held: HeldWrite = { ...parts, write, hold, how, back: parts.lookBack(), theirsAt }
  /** Whether nothing of what is left can be there already. */
  let certain = fresh && !held.back
  for (const [place, planned] of write.plan.entries()) {
    const before = write.progress[place]
    if (before?.done) continue
    // What the instance left out is added alone; that it is not there is known.
    const step = remainder(planned, before ?? {})
    const wasBegun = write.progress[place]?.begun === true
    if (wasBegun) await takeBegunStep(held, place)
    else await beginStep(held, place)
    const found = !certain && (wasBegun || held.back) ? await lookForStep(held, place, wasBegun && !fresh) : undefined
    let done = found && completed(before, found)
    if (!done) {
      if (wasBegun && !certain) await beginStep(held, place)
      await assertTheirs(held, place)
      done = completed(before, await attemptStep(held, place, step))
      if (!done.done) throw await recordLeftOut(held, place, done)
    }
    await recordDone(held, place, done)
    certain = !held.back
    parts.onWritten(write.environment)
  }
  if (write.spoolFolder) await parts.spool.remove(write.spoolFolder)
  return { ...write, state: 'done' }
}

/** What is known of a step from before, and what came of doing what was left of it. */
function completed({ sysId, number }: StepProgress = {}, { sysId: saved, number: made, ...outcome }: StepProgress): StepProgress {
  return { ...outcome, ...((sysId ?? saved) ? { sysId: sysId ?? saved! } : {}), ...((number ?? made) ? { number: number ?? made! } : {}) }
}
