import { type FailureKind, ServiceNowError } from '@deskbridge/servicenow'
import type { Desk } from '../connections/index.ts'
import type { LookBack } from '../lost-time/index.ts'
import { countingCalls } from '../platform/counted-calls.ts'
import type { Database } from '../platform/database.ts'
import type { Environment } from '../platform/environment.ts'
import type { Log } from '../platform/log.ts'
import type { Metrics } from '../platform/metrics.ts'
import type { Notices } from '../platform/notices.ts'
import { DatabaseAway } from '../platform/outage.ts'
import { takeBaseline } from './baseline.ts'
import {
  type Due,
  dueNow,
  forgetNobodysRecords,
  forgetOldSources,
  giveCaptureUp,
  parkRecords,
  type Reach,
  takeCapture,
} from './capture.store.ts'
import { recordChanges } from './record-changes.ts'
import { type Marks, SWEEPS } from './sweeps.ts'
import { asTroubles, type CaptureTrouble, kindOf, type Met, Troubled } from './trouble.ts'
import type { Outcome } from './turn.ts'
import { turnIntoUpdates } from './turn-into-updates.ts'

const BATCH = 100
const EVERY_IN_PROCESS_MS = 1_000
/** Wake-ups that come close together are one. After a long look the pause is longer, because each look reads the last seconds again. */
const PAUSE_BETWEEN_MS = { least: 30, most: 500, times: 2 }
/** At least, and the longest of what grows with each failure in a row. */
const AFTER_TROUBLE_MS = { least: 1_000, most: 5_000 }
/** Other processes are told of a change at most this often. */
const TELL_EVERY_MS = 100
const BUSY_AGAIN_MS = { inProcess: 100, network: 1_000 }
/** The lease is for 10 s; a look at a slow instance may take longer, and must not lose it on the way. */
const RENEW_EVERY_MS = 3_000
/** Whoever does not capture asks this often whether it should: so captures go on within 12 s of a crash. */
const STAND_BY_MS = 2_000
const KEPT_DAYS = 90
/** As far as a sweep goes back: until then the same change may come again. */
const NOBODYS_KEPT_SECONDS = Math.max(...SWEEPS.map(({ backSeconds }) => backSeconds))
/** A first start waits this long for an environment's baseline, so that what its desk does right after it is news. */
const BASELINE_WITHIN_MS = 2_000

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
  readonly begun: Promise<unknown>
  close(): Promise<void>
}

/** Failures about rows: that record is parked. All others are the instance's, and stop the look. */
const ABOUT_ROWS = new Set<FailureKind>(['unreadable', 'forbidden', 'broken-answer', 'not-found'])

export interface CaptureParts {
  database: Database
  notices: Notices
  log: Log
  metrics: Metrics
  holder: string
  /** From when on the database may not know who wrote what. */
  lookBack: () => LookBack | undefined
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
    troubles: () => [...loops.values()].flatMap(loop => loop.troubles()),
    async forgetOld() {
      await forgetOldSources(database, KEPT_DAYS)
      await forgetNobodysRecords(database, NOBODYS_KEPT_SECONDS)
    },
    begun: Promise.race([
      Promise.all([...loops.values()].map(loop => loop.begun)),
      new Promise(done => setTimeout(done, BASELINE_WITHIN_MS).unref()),
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
  const begun = Promise.withResolvers<void>()
  let troubles: CaptureTrouble[] = []
  let isOurs = false
  let toldAt = 0
  const marks: Marks = {}

  async function look(): Promise<void> {
    let reach = await takeCapture(database, environment, parts.holder)
    isOurs = reach !== undefined
    if (reach?.baseline === null) {
      await takeBaseline(database, desk)
      reach = await takeCapture(database, environment, parts.holder)
    }
    begun.resolve()
    if (!reach) return
    if (!(await recordChanges({ database, desk, reach, holder: parts.holder, marks }))) return
    await workOff(reach)
    if (marks.met?.length) throw new Troubled(marks.met)
  }

  async function workOff(reach: Reach): Promise<void> {
    const postponed: string[] = []
    while (!closed) {
      const due = await dueNow(database, environment, BATCH, postponed)
      if (!due.length) break
      const outcome = await turn(reach, due)
      if (outcome.updates === undefined) break
      if (outcome.updates) parts.metrics.captured(environment, outcome.updates)
      if (outcome.carries) parts.onCarries()
      postponed.push(...outcome.postponed.filter(sysId => !outcome.blind?.records.includes(sysId)))
      if (outcome.blind) await parkRecords(database, environment, outcome.blind.records, 'capture-blind', outcome.blind.cause)
      if (!(await takeCapture(database, environment, parts.holder))) break
    }
    if (postponed.length) setTimeout(wake, desk.inProcess ? BUSY_AGAIN_MS.inProcess : BUSY_AGAIN_MS.network).unref()
  }

  /** One record that cannot be read or understood must not keep the others waiting: it is parked, and tried again. */
  async function turn(reach: Reach, due: Due[]): Promise<Outcome> {
    const batch = {
      database,
      desk,
      baseline: reach.baseline!,
      fence: reach.fence,
      holder: parts.holder,
      auditReadable,
      back: parts.lookBack(),
    }
    try {
      return await turnIntoUpdates(batch, due)
    } catch (error) {
      if (error instanceof DatabaseAway || (error instanceof ServiceNowError && !ABOUT_ROWS.has(error.kind))) throw error
      const nothing: Outcome = { updates: 0, postponed: [], carries: false, blind: undefined }
      if (due.length === 1) {
        const kind = error instanceof ServiceNowError ? 'capture-blind' : 'record-parked'
        log.error('a record is parked; all others go on', { environment, kind, record: due[0]!.sysId, error: error as Error })
        await parkRecords(database, environment, [due[0]!.sysId], kind, error instanceof Error ? error.message : String(error))
        return nothing
      }
      let updates = 0
      for (const one of due) {
        const outcome = await turn(reach, [one])
        if (outcome.updates === undefined) return outcome
        updates += outcome.updates
        nothing.postponed.push(...outcome.postponed)
      }
      return { ...nothing, updates, carries: true }
    }
  }

  const wake = () => woken.resolve()

  async function run(): Promise<void> {
    let failures = 0
    while (!closed) {
      woken = Promise.withResolvers<void>()
      let wait = everyMs
      const started = performance.now()
      try {
        const { calls } = await countingCalls(look)
        if (isOurs) parts.metrics.looked(environment, calls)
        troubles = []
        failures = 0
      } catch (error) {
        if (closed) return
        const met: readonly Met[] = error instanceof Troubled ? error.met : [{ kind: kindOf(error), cause: error }]
        const before = troubles
        troubles = asTroubles(met, before, environment)
        for (const { kind, cause } of met)
          if (!(error instanceof Troubled) || !before.some(one => one.kind === kind))
            log.error('capture met trouble; nothing is lost, it goes on from where it was', { environment, kind, error: cause })
        if (error instanceof Troubled) failures = 0
        else failures += 1
        if (failures) wait = Math.min(AFTER_TROUBLE_MS.least * 2 ** (failures - 1), AFTER_TROUBLE_MS.most) * (0.75 + Math.random() / 2)
        // Perhaps another process reaches the instance.
        if (failures) await standDown()
      }
      if (!isOurs) wait = Math.min(wait, STAND_BY_MS)
      const took = performance.now() - started
      const rest = Math.min(PAUSE_BETWEEN_MS.most, Math.max(PAUSE_BETWEEN_MS.least, took * PAUSE_BETWEEN_MS.times))
      begun.resolve()
      const timer = Promise.withResolvers<void>()
      const handle = setTimeout(timer.resolve, wait)
      await Promise.race([woken.promise, timer.promise])
      clearTimeout(handle)
      if (!closed) await new Promise(done => setTimeout(done, rest))
    }
  }

  async function standDown(): Promise<void> {
    if (isOurs) await giveCaptureUp(database, environment, parts.holder).catch(() => {})
    isOurs = false
  }

  const renewing = setInterval(() => {
    if (!isOurs) return
    takeCapture(database, environment, parts.holder)
      .then(reach => {
        // Given up meanwhile: what was asked before that does not bring it back.
        isOurs &&= reach !== undefined
      })
      .catch(() => {})
  }, RENEW_EVERY_MS)
  renewing.unref()
  const running = run()
  return {
    wake,
    wakeAndTell() {
      wake()
      if (isOurs || Date.now() - toldAt < TELL_EVERY_MS) return
      toldAt = Date.now()
      notices.tell('capture', environment).catch(() => {})
    },
    troubles: () => troubles,
    begun: begun.promise,
    async close() {
      closed = true
      wake()
      await running
      clearInterval(renewing)
    },
  }
}
