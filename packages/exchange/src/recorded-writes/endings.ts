import { ServiceNowError } from '@deskbridge/servicenow'
import { outcomeUnknown, passes, refusedWrite, toPartner } from '../connections/index.ts'
import { ExchangeError } from '../platform/errors.ts'
import { bindRecord, type HeldWrite, markNotBegun, numberOf, release, saveStep } from './held-write.ts'
import { NEEDED_FIELDS, type StepProgress } from './plan.ts'
import { forgetWrite, type LettingGo } from './progress.store.ts'
import { recordDeleted } from './request.ts'

export const PARKED_AGAIN_SECONDS = 60
const LEFT_OUT_AGAIN_SECONDS = 60

/** The instance said yes and left something out. Its record is written down, so that a retry adds that alone. */
export async function recordLeftOut(held: HeldWrite, place: number, done: StepProgress): Promise<unknown> {
  const { write } = held
  const { begun: _begun, ...known } = done
  const lacks = done.lacks ?? []
  const needed = lacks.some(field => NEEDED_FIELDS.includes(field))
  write.progress[place] = known
  write.underWay = null
  const binds = bindRecord(write, place, done)
  await saveStep(held, { finished: false, binds })
  const what = `The service desk did not take ${lacks.join(', ')} of ${numberOf(held)}`
  await release(
    held,
    needed ? { state: 'open', againInSeconds: PARKED_AGAIN_SECONDS, parked: what } : { state: 'halted', againInSeconds: 0 },
  )
  return new ExchangeError('left_out_by_service_desk', `${what}. Everything else was done.`, {
    retryAfter: LEFT_OUT_AGAIN_SECONDS,
    extra: { left_out: lacks },
  })
}

/** Certainly not written. If nothing of the request is there yet, it never was; else the partner's retry adds what is missing. */
export async function endRefused(held: HeldWrite, place: number, failure: ServiceNowError | ExchangeError): Promise<unknown> {
  const { database, spool, write, hold, holder, onDropped } = held
  const error = deletionOf(held, place, failure) ?? refusedWrite(failure)
  if (place === 0 && write.partnerId !== null) {
    onDropped(write.writeId)
    if (!(await forgetWrite(database, write, holder))) hold.lose()
    hold.assertNotLost()
    if (write.spoolFolder) await spool.remove(write.spoolFolder)
    return error
  }
  markNotBegun(write, place)
  await release(held, { state: passes(failure) ? 'open' : 'halted', againInSeconds: 15 })
  return namingTheFile(held, place, error)
}

/** Gives a write back whose outcome is not known; the error for whoever waits for it. */
export async function releaseForLater(held: HeldWrite, failure: unknown, when: Omit<LettingGo, 'state'>): Promise<unknown> {
  await release(held, { state: 'open', ...when })
  const error = toPartner(failure)
  return error instanceof ExchangeError && error.code === 'outcome_unknown' ? error : outcomeUnknown(when.againInSeconds, failure)
}

/** The record of a later step, or of any update, is not there any more. */
function deletionOf(held: HeldWrite, place: number, failure: unknown): ExchangeError | undefined {
  const { write } = held
  const isGone = failure instanceof ServiceNowError && failure.kind === 'not-found' && !passes(failure)
  if (!isGone || (place === 0 && write.plan[0]!.kind === 'create')) return undefined
  return recordDeleted(numberOf(held), failure)
}

/** The ticket is there and one of its files is not: the partner must know both. */
function namingTheFile(held: HeldWrite, place: number, error: unknown): unknown {
  const step = held.write.plan[place]
  if (!(error instanceof ExchangeError) || step?.kind !== 'attach' || error.code === 'record_deleted') return error
  const isFinal = error.status < 500
  return new ExchangeError(
    error.code,
    `${error.message} The attachment "${step.name}" is not added${isFinal ? '' : ' yet'} to ${numberOf(held)}.`,
    {
      ...error.detail,
      field: 'attachments',
      hint: isFinal
        ? 'The rest of the request was done. Send the file in another form with a PATCH of its own.'
        : 'The rest of the request was done. Send the same request again to add only what is missing.',
    },
  )
}
