import { ExchangeError } from '../platform/errors.ts'
import { endRefused, releaseForLater } from './endings.ts'
import { type HeldWrite, numberOf } from './held-write.ts'

/** A step that comes so long after its record was looked at asks again whose it is. */
const THEIRS_FOR_MS = 10_000

/**
 * What comes later than its request asks again whose the record is: it may have been given to somebody else. Where it is theirs no more the
 * write ends as refused: it is deleted, or given back with what was done of it. Where that cannot be told it is given back for later.
 * @throws ExchangeError not_found, outcome_unknown
 */
export async function assertTheirs(held: HeldWrite, place: number): Promise<void> {
  const { write, isStillTheirs } = held
  const step = write.plan[place]!
  const sysId = step.kind === 'create' ? write.sysId : (step.sysId ?? write.sysId)
  const owner = step.kind === 'save' && step.ownedBy !== undefined ? step.ownedBy : write.partnerId
  const isOwnFromBefore = owner === null && !(step.kind === 'save' && step.ownedBy === null)
  if (!sysId || isOwnFromBefore || performance.now() - held.theirsAt < THEIRS_FOR_MS) return
  const asked = performance.now()
  let theirs: boolean
  try {
    theirs = await isStillTheirs(write.environment, { table: step.kind === 'create' ? write.table : step.table, sysId, partnerId: owner })
  } catch (failure) {
    throw await releaseForLater(held, failure, { againInSeconds: 15 })
  }
  if (!theirs) {
    const error = new ExchangeError('not_found', `${numberOf(held)} is not yours any more.`, { field: 'kpn_ticket_number' })
    throw await endRefused(held, place, error)
  }
  held.theirsAt = asked
}
