import type { Desk } from '../connections/index.ts'
import type { Environment } from '../platform/environment.ts'
import { CaptureLoop, type CaptureParts } from './capture-loop.ts'
import { forgetNobodysRecords, forgetOldSources } from './captured.store.ts'
import { giveCaptureUp } from './lease.store.ts'
import { SWEEPS } from './sweeps.ts'
import type { CaptureTrouble } from './trouble.ts'

const KEPT_DAYS = 90
/** As far as a sweep goes back: until then the same change may come again. */
const NOBODYS_KEPT_SECONDS = Math.max(...SWEEPS.map(({ backSeconds }) => backSeconds))
/** A first start waits this long for an environment's baseline, so that what its desk does right after it is news. */
const BASELINE_WITHIN_MS = 2_000

/** Notices what changed in the instances and turns it into updates. */
export interface Capture {
  /** Something changed in this environment's instance, or may have: look soon. */
  wake(environment: Environment): void
  /** What the last look of this process met with; empty when all is well, and where another process captures. */
  troubles(): CaptureTrouble[]
  forgetOld(): Promise<void>
  /**
   * Settles when every environment has a baseline, or could not be asked for one, or did not answer within 2 s: at once on any start but
   * the first. What a partner files before there is a baseline is told all the same.
   */
  readonly firstLooks: Promise<unknown>
  close(): Promise<void>
}

/** Starts capturing for these desks. One process captures an environment at a time; the others stand by. */
export async function startCapture(parts: CaptureParts, desks: readonly Desk[]): Promise<Capture> {
  const { database, notices, holder } = parts
  const loops = new Map(desks.map(desk => [desk.environment, new CaptureLoop(parts, desk)]))
  for (const loop of loops.values()) loop.start()
  notices.on('capture', environment => loops.get(environment as Environment)?.wake())
  return {
    wake: environment => loops.get(environment)?.wakeAndTell(),
    troubles: () => [...loops.values()].flatMap(loop => loop.troubles()),
    async forgetOld() {
      await forgetOldSources(database, KEPT_DAYS)
      await forgetNobodysRecords(database, NOBODYS_KEPT_SECONDS)
    },
    firstLooks: Promise.race([
      Promise.all([...loops.values()].map(loop => loop.firstLook)),
      new Promise(done => setTimeout(done, BASELINE_WITHIN_MS).unref()),
    ]),
    async close() {
      await Promise.all([...loops.values()].map(loop => loop.close()))
      for (const environment of loops.keys()) await giveCaptureUp(database, environment, holder).catch(() => {})
    },
  }
}
