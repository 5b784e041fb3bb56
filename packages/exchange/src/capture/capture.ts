import type { Desk } from '../connections/index.ts'
import type { Database } from '../platform/database.ts'
import type { Environment } from '../platform/environment.ts'
import type { Log } from '../platform/log.ts'
import type { Metrics } from '../platform/metrics.ts'
import type { Notices } from '../platform/notices.ts'
import { dueNow, forgetOldSources, giveCaptureUp, type Reach, takeCapture } from './capture.store.ts'
import { begin, notice, SWEEP } from './notice.ts'
import { turnIntoUpdates } from './turn-into-updates.ts'

const BATCH = 100
const EVERY_IN_PROCESS_MS = 1_000
/** Wake-ups that come close together are one. */
const PAUSE_BETWEEN_MS = 30
const AFTER_TROUBLE_MS = 2_000
/** Other processes are told of a change at most this often. */
const TELL_EVERY_MS = 100
const BUSY_AGAIN_MS = 100
const KEPT_DAYS = 90
const FIRST_LOOK_MS = 5_000

export interface Capture {
  /** Something changed in this environment's instance, or may have: look soon. */
  wake(environment: Environment): void
  /** The trouble of the last look, by environment; empty when all is well. */
  trouble(): Partial<Record<Environment, string>>
  forgetOld(): Promise<number>
  /** Settles when every environment was looked at once, or could not be, or did not answer within 5 s. */
  readonly firstLook: Promise<unknown>
  close(): Promise<void>
}

export interface CaptureParts {
  database: Database
  notices: Notices
  log: Log
  metrics: Metrics
  holder: string
  /** Called when comments are waiting to be carried to their tickets. */
  onCarries: () => void
  /** Milliseconds between looks at an instance over a network; one in this process wakes us. */
  networkEveryMs: number
}

/** Starts capturing for these desks. One process captures an environment at a time; the others stand by. */
export async function startCapture(parts: CaptureParts, desks: readonly Desk[]): Promise<Capture> {
  const { database, notices, holder } = parts
  const loops = new Map(desks.map(desk => [desk.environment, captureLoop(parts, desk)]))
  notices.on('capture', environment => loops.get(environment as Environment)?.wake())
  return {
    wake: environment => loops.get(environment)?.wakeAndTell(),
    trouble: () => Object.fromEntries([...loops].flatMap(([environment, loop]) => (loop.trouble() ? [[environment, loop.trouble()]] : []))),
    forgetOld: () => forgetOldSources(database, KEPT_DAYS),
    firstLook: Promise.race([
      Promise.all([...loops.values()].map(loop => loop.firstLook)),
      new Promise(done => setTimeout(done, FIRST_LOOK_MS).unref()),
    ]),
    async close() {
      await Promise.all([...loops.values()].map(loop => loop.close()))
      for (const environment of loops.keys()) await giveCaptureUp(database, environment, holder).catch(() => {})
    },
  }
}

function captureLoop(parts: CaptureParts, desk: Desk) {
  const { database, notices, log } = parts
  const { environment } = desk
  const everyMs = desk.inProcess ? EVERY_IN_PROCESS_MS : parts.networkEveryMs
  const auditReadable = { now: true }
  let closed = false
  let woken = Promise.withResolvers<void>()
  const firstLook = Promise.withResolvers<void>()
  let trouble: string | undefined
  let isOurs = false
  let toldAt = 0
  let sweptAt = 0

  async function look(): Promise<void> {
    let reach = await takeCapture(database, environment, parts.holder)
    isOurs = reach !== undefined
    if (!reach) return
    if (reach.baseline === null) {
      await begin(database, desk)
      reach = (await takeCapture(database, environment, parts.holder))!
    }
    const sweep = Date.now() - sweptAt > SWEEP.everyMs
    if (!(await notice(database, desk, reach, parts.holder, sweep))) return
    if (sweep) sweptAt = Date.now()
    await workOff(reach)
  }

  async function workOff(reach: Reach): Promise<void> {
    const postponed: string[] = []
    while (!closed) {
      const due = await dueNow(database, environment, BATCH, postponed)
      if (!due.length) break
      const { fence } = reach
      const outcome = await turnIntoUpdates({ database, desk, baseline: reach.baseline!, fence, holder: parts.holder, auditReadable }, due)
      if (outcome.updates === undefined) return
      if (outcome.updates) parts.metrics.captured(environment, outcome.updates)
      if (outcome.carries) parts.onCarries()
      postponed.push(...outcome.postponed)
      if (!(await takeCapture(database, environment, parts.holder))) return
    }
    if (postponed.length) setTimeout(wake, BUSY_AGAIN_MS).unref()
  }

  const wake = () => woken.resolve()

  async function run(): Promise<void> {
    while (!closed) {
      woken = Promise.withResolvers<void>()
      let wait = everyMs
      try {
        await look()
        trouble = undefined
      } catch (error) {
        if (closed) return
        trouble = error instanceof Error ? error.message : String(error)
        log.error('capture failed; nothing is lost, it goes on from where it was', { environment, error: error as Error })
        wait = AFTER_TROUBLE_MS
      }
      firstLook.resolve()
      const timer = Promise.withResolvers<void>()
      const handle = setTimeout(timer.resolve, wait)
      await Promise.race([woken.promise, timer.promise])
      clearTimeout(handle)
      if (!closed) await new Promise(done => setTimeout(done, PAUSE_BETWEEN_MS))
    }
  }

  const running = run()
  return {
    wake,
    wakeAndTell() {
      wake()
      if (isOurs || Date.now() - toldAt < TELL_EVERY_MS) return
      toldAt = Date.now()
      notices.tell('capture', environment).catch(() => {})
    },
    trouble: () => trouble,
    firstLook: firstLook.promise,
    async close() {
      closed = true
      wake()
      await running
    },
  }
}
