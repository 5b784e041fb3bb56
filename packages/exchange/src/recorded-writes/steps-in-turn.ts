import { setTimeout as pause } from 'node:timers/promises'
import { outcomeUnknown } from '../connections/index.ts'
import { bindRecord, type HeldWrite, moveOn, release, saveStep } from './held-write.ts'
import { addedBy, type StepProgress } from './plan.ts'
import { takeUnderWay } from './progress.store.ts'

/** How long a step waits for what is under way on its record and could be taken for its own. */
const EQUAL_ONE_MS = { atFirst: 20, atMost: 250, inAll: 10_000 }
const WAITED_AGAIN_SECONDS = 2

/** Begins a step, as soon as nothing is under way on its record that could be taken for its own. */
export async function beginStep(held: HeldWrite, place: number): Promise<void> {
  const { write } = held
  const before = write.progress[place]
  write.progress[place] = { ...before, begun: true }
  write.underWay = addedBy(write.plan[place])
  const undo = () => {
    write.progress[place] = before ?? {}
  }
  await waitUntilAlone(held, () => saveStep(held, { finished: false, binds: false }), undo)
  write.attemptAgeMs = 0
}

/** The same for a step that was begun before. */
export async function takeBegunStep(held: HeldWrite, place: number): Promise<void> {
  const { write, database, holder } = held
  const added = addedBy(write.plan[place])
  if (added === null || write.underWay === added) return
  await waitUntilAlone(
    held,
    () => moveOn(held, () => takeUnderWay(database, write, holder, added)),
    () => {},
  )
  write.underWay = added
}

async function waitUntilAlone(held: HeldWrite, take: () => Promise<'held' | 'busy'>, undo: () => void): Promise<void> {
  const until = performance.now() + (held.how.waits ? EQUAL_ONE_MS.inAll : 0)
  for (let wait = EQUAL_ONE_MS.atFirst; (await take()) === 'busy'; wait = Math.min(wait * 2, EQUAL_ONE_MS.atMost)) {
    if (performance.now() > until) {
      undo()
      held.write.underWay = null
      // Taken up as soon as that has ended: until then nobody may.
      await release(held, { state: 'open', againInSeconds: 0 })
      throw outcomeUnknown(WAITED_AGAIN_SECONDS, new Error('Another entry, or an equal file, is under way on the same record'))
    }
    await pause(wait)
  }
}

/** Writes down that a step is done, and that the next one is begun. */
export async function recordDone(held: HeldWrite, place: number, done: StepProgress): Promise<void> {
  const { write } = held
  const binds = bindRecord(write, place, done)
  write.progress[place] = done
  const finished = place === write.plan.length - 1
  const next = write.progress[place + 1]
  write.underWay = finished ? null : addedBy(write.plan[place + 1])
  if (!finished) write.progress[place + 1] = { ...next, begun: true }
  if ((await saveStep(held, { finished, binds })) === 'held') return
  // The next one has to wait; this one is done all the same.
  write.underWay = null
  write.progress[place + 1] = next ?? {}
  await saveStep(held, { finished, binds })
}
