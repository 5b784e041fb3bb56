import { ServiceNowError } from '@deskbridge/servicenow'
import { outcomeUnknown } from '../connections/index.ts'
import { ExchangeError } from '../platform/errors.ts'
import { endRefused, PARKED_AGAIN_SECONDS, releaseForLater } from './endings.ts'
import { type HeldWrite, release, WORK_LIMIT_MS } from './held-write.ts'
import { remainder, type StepProgress } from './plan.ts'
import { findDone, isClosedMeanwhile, TwoFound } from './probe.ts'

/** A step that may be there already: found, or certainly absent, or not known yet. `sent`: it may have been sent before. */
export async function lookForStep(held: HeldWrite, place: number, sent: boolean): Promise<StepProgress | undefined> {
  const { database, desks, write, back } = held
  const desk = desks[write.environment]
  const mayStillArrive = sent && desk.mayStillWrite()
  const step = remainder(write.plan[place]!, write.progress[place] ?? {})
  const signal = AbortSignal.timeout(WORK_LIMIT_MS)
  let closed: boolean
  try {
    const found = await findDone({ database, desk, write, signal, since: back?.since }, step)
    if (found) return found
    closed = await isClosedMeanwhile(desk, step, signal)
  } catch (failure) {
    if (!(failure instanceof TwoFound)) throw await releaseForLater(held, failure, { againInSeconds: 15 })
    await release(held, { state: 'open', againInSeconds: PARKED_AGAIN_SECONDS, parked: failure.message })
    throw new ExchangeError(
      'outcome_unknown',
      'The service desk has more than one record for this request; its people have to say which one it is.',
      { retryAfter: PARKED_AGAIN_SECONDS, cause: failure },
    )
  }
  const { settleMs } = desk.connection
  const settles = Math.max(
    mayStillArrive ? 1_000 : sent ? settleMs - write.attemptAgeMs : 0,
    // What was on its way when time was lost was sent by a write that the database does not have.
    back ? settleMs - back.noticedMsAgo : 0,
  )
  if (settles > 0) throw await releaseForLater(held, outcomeUnknown(settles / 1_000), { againInSeconds: settles / 1_000 })
  if (closed)
    throw await endRefused(
      held,
      place,
      new ServiceNowError({ kind: 'refused', action: 'table.update', written: 'no', detail: 'The record was closed meanwhile' }),
    )
  return undefined
}
