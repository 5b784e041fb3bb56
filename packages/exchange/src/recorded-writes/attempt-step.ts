import { setTimeout as pause } from 'node:timers/promises'
import { ServiceNowError } from '@deskbridge/servicenow'
import { outcomeUnknown, toPartner } from '../connections/index.ts'
import { checkedBeforeWriting } from '../platform/before-writing.ts'
import { endRefused, releaseForLater } from './endings.ts'
import { ASK_AGAIN_SECONDS, assertHeld, type HeldWrite, markNotBegun, release, WORK_LIMIT_MS } from './held-write.ts'
import { doStep, FileGone } from './perform.ts'
import type { Step, StepProgress } from './plan.ts'
import { findDone } from './probe.ts'

/** Right after a lost answer the write is usually there already, or will be in a moment. */
const FIRST_PROBES_MS = [50, 500, 1_500, 4_000] as const
const STILL_WRITES_MS = 250

/** Does a step, once it is certain that the write is held; what came of it, also where no answer came. */
export async function attemptStep(held: HeldWrite, place: number, step: Step): Promise<StepProgress> {
  const { write, hold, desks, spool } = held
  try {
    return await checkedBeforeWriting(
      () => assertHeld(held),
      () => doStep({ desk: desks[write.environment], write, spool, isHeld: () => hold.isPossible }, step),
    )
  } catch (failure) {
    hold.assertNotLost()
    return await findOutAfterFailure(held, place, step, failure)
  } finally {
    hold.sentUntil = performance.now()
  }
}

/** What came of a step whose call failed, where that can be found out at once. */
async function findOutAfterFailure(held: HeldWrite, place: number, step: Step, failure: unknown): Promise<StepProgress> {
  const { database, desks, write, log, back, holder } = held
  const desk = desks[write.environment]
  log.info('a step failed', { writeId: write.writeId, step: place, error: failure as Error })
  if (failure instanceof FileGone) {
    markNotBegun(write, place)
    const elsewhere = write.spoolAt !== null && write.spoolAt !== holder
    // Of what is left to whoever has the files nobody else takes up anything (holds.store.ts): it need not wait.
    const isLeftToThem = write.plan.every((planned, at) => planned.kind === 'attach' || write.progress[at]?.done)
    await release(held, elsewhere ? { state: 'open', againInSeconds: isLeftToThem ? 0 : 15 } : { state: 'halted', againInSeconds: 0 })
    throw toPartner(outcomeUnknown(ASK_AGAIN_SECONDS, failure))
  }
  if (failure instanceof ServiceNowError && failure.written === 'no') throw await endRefused(held, place, failure)
  const ended = performance.now()
  for (const wait of FIRST_PROBES_MS) {
    await pause(Math.min(wait, Math.max(desk.connection.settleMs, FIRST_PROBES_MS[0])))
    const search = { database, desk, write, signal: AbortSignal.timeout(WORK_LIMIT_MS), since: back?.since }
    const found = await findDone(search, step).catch(() => undefined)
    if (found) return found
    if (performance.now() - ended >= desk.connection.settleMs) break
  }
  // Not given back while the request can still arrive: whoever took the write up would find nothing. The caller has a time-out of its own.
  while (desk.mayStillWrite()) await pause(STILL_WRITES_MS)
  const endedSecondsAgo = (performance.now() - ended) / 1_000
  const againInSeconds = Math.max(1, desk.connection.settleMs / 1_000 - endedSecondsAgo)
  throw await releaseForLater(held, failure, { againInSeconds, endedSecondsAgo })
}
