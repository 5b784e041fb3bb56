import type { LostTime } from '../lost-time/index.ts'
import type { Database } from '../platform/database.ts'
import { DatabaseAway } from '../platform/outage.ts'
import { Hold } from './hold.ts'
import { addedBy } from './plan.ts'
import type { NewWrite, RecordedWrite } from './recorded-write.ts'
import { insertNewWrite } from './recorded-writes.store.ts'
import type { RunningWrites } from './running-writes.ts'

interface AcceptingParts {
  database: Database
  holder: string
  lostTime: Pick<LostTime, 'recordAccepted'>
}

/**
 * Accepts the write, and begins its first step unless it `waits`. Undefined where nothing was accepted: a write with its key is there
 * already, or, unless it `waits`, an equal thing is under way on its record.
 */
export function acceptWrite(
  { database, holder, lostTime }: AcceptingParts,
  running: RunningWrites,
  write: NewWrite,
  waits: boolean,
): Promise<{ work: Promise<RecordedWrite> } | undefined> {
  const { writeId } = write
  return running.whileTaking(writeId, async asked => {
    const accepted = await insertNewWrite(database, write, holder, waits).catch(error => {
      // It may be there all the same, as if it were begun.
      if (error instanceof DatabaseAway) running.recordNeverSent(writeId)
      throw error
    })
    if (!accepted) return undefined
    lostTime.recordAccepted(writeId)
    const fresh = accepted === 'accepted'
    return { work: running.run(asAccepted(write, holder, waits), new Hold({ writeId, fence: 0 }, asked), { fresh, waits: true }) }
  })
}

const asAccepted = (
  { bond: _bond, filing: _filing, movedOn: _movedOn, ...write }: NewWrite,
  holder: string,
  waits: boolean,
): RecordedWrite => ({
  ...write,
  spoolAt: write.spoolFolder === null ? null : holder,
  progress: waits ? [] : [{ begun: true }],
  state: 'open',
  fence: 0,
  underWay: waits ? null : addedBy(write.plan[0]),
  ageMs: 0,
  attemptAgeMs: 0,
})
