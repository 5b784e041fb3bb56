import { ServiceNowError } from '@deskbridge/servicenow'
import type { Desk } from '../connections/index.ts'
import type { LookBack } from '../lost-time/index.ts'
import type { Database } from '../platform/database.ts'
import type { Environment } from '../platform/environment.ts'
import type { Log } from '../platform/log.ts'
import type { Metrics } from '../platform/metrics.ts'
import type { Notices } from '../platform/notices.ts'
import { DatabaseAway } from '../platform/outage.ts'
import { type Due, dueNow, forgetOldSources, giveCaptureUp, type Reach, takeCapture } from './capture.store.ts'
import { begin, notice, SWEEP } from './notice.ts'
import { type Outcome, turnIntoUpdates } from './turn-into-updates.ts'

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
const FIRST_LOOK_MS = 5_000

export interface Capture {
  /** Something changed in this environment's instance, or may have: look soon. */
  wake(environment: Environment): void
  /** What the last look of this process met with; empty when all is well, and where another process captures. */
  troubles(): CaptureTrouble[]
  forgetOld(): Promise<number>
  /** Settles when every environment was looked at once, or could not be, or did not answer within 5 s. */
  readonly firstLook: Promise<unknown>
  close(): Promise<void>
}

/** Why something is not told to its partner as it should be, in one environment. */
export interface CaptureTrouble {
  /**
   * `capture-failing`: the instance or the database could not be asked. `capture-blind`: it hides what it has. `record-parked`: a record
   * that cannot be understood; all others go on.
   */
  kind: 'capture-failing' | 'capture-blind' | 'record-parked'
  environment: Environment
  since: Date
  /** For the operator's eyes. */
  cause: string
  /** The sys_ids it is about; none where it is about all. */
  records: readonly string[]
}

interface Met {
  kind: CaptureTrouble['kind']
  cause: unknown
  records: readonly string[]
}

/** A look that did what it could. */
class Troubled extends Error {
  readonly met: readonly Met[]

  constructor(met: readonly Met[]) {
    super('Some records could not be captured')
    this.met = met
  }
}

/** An instance that answers and shows less than it has is told apart from one that cannot be asked. */
const kindOf = (error: unknown): CaptureTrouble['kind'] =>
  error instanceof ServiceNowError && ['unreadable', 'forbidden'].includes(error.kind) ? 'capture-blind' : 'capture-failing'

/** One trouble a kind; it goes on since the look in which it was met first. */
function asTroubles(met: readonly Met[], before: readonly CaptureTrouble[], environment: Environment): CaptureTrouble[] {
  return [...new Set(met.map(one => one.kind))].map(kind => {
    const same = met.filter(one => one.kind === kind)
    const { cause } = same[0]!
    return {
      kind,
      environment,
      since: before.find(one => one.kind === kind)?.since ?? new Date(),
      cause: cause instanceof Error ? cause.message : String(cause),
      records: same.flatMap(one => one.records),
    }
  })
}

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
  let troubles: CaptureTrouble[] = []
  let isOurs = false
  let toldAt = 0
  let sweptAt = Number.NEGATIVE_INFINITY
  /** Records of this look that could not be turned into updates. */
  const troublesome = new Set<string>()

  async function look(): Promise<void> {
    let reach = await takeCapture(database, environment, parts.holder)
    isOurs = reach !== undefined
    if (!reach) return
    if (reach.baseline === null) {
      await begin(database, desk)
      reach = (await takeCapture(database, environment, parts.holder))!
    }
    const sweep = performance.now() - sweptAt > SWEEP.everyMs
    if (!(await notice(database, desk, reach, parts.holder, sweep))) return
    if (sweep) sweptAt = performance.now()
    await workOff(reach)
  }

  async function workOff(reach: Reach): Promise<void> {
    const postponed: string[] = []
    const met: Met[] = []
    while (!closed) {
      const due = await dueNow(database, environment, BATCH, [...postponed, ...troublesome.keys()])
      if (!due.length) break
      const outcome = await turn(reach, due, met)
      if (outcome.updates === undefined) break
      if (outcome.updates) parts.metrics.captured(environment, outcome.updates)
      if (outcome.carries) parts.onCarries()
      postponed.push(...outcome.postponed)
      if (outcome.trouble) met.push({ kind: 'capture-blind', cause: outcome.trouble, records: outcome.postponed })
      if (!(await takeCapture(database, environment, parts.holder))) break
    }
    troublesome.clear()
    if (postponed.length) setTimeout(wake, desk.inProcess ? BUSY_AGAIN_MS.inProcess : BUSY_AGAIN_MS.network).unref()
    if (met.length) throw new Troubled(met)
  }

  /** One record that cannot be understood must not keep the others waiting: it stays due, and is told as trouble. */
  async function turn(reach: Reach, due: Due[], met: Met[]): Promise<Outcome> {
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
      if (error instanceof ServiceNowError || error instanceof DatabaseAway) throw error
      if (due.length > 1) {
        for (const one of due) {
          const outcome = await turn(reach, [one], met)
          if (outcome.updates === undefined) return outcome
        }
      } else {
        troublesome.add(due[0]!.sysId)
        met.push({ kind: 'record-parked', cause: error, records: [due[0]!.sysId] })
      }
      return { updates: 0, postponed: [], carries: true, trouble: undefined }
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
        await look()
        troubles = []
        failures = 0
      } catch (error) {
        if (closed) return
        const met: readonly Met[] = error instanceof Troubled ? error.met : [{ kind: kindOf(error), cause: error, records: [] }]
        troubles = asTroubles(met, troubles, environment)
        for (const { kind, cause, records } of met)
          log.error('capture failed; nothing is lost, it goes on from where it was', { environment, kind, records, error: cause as Error })
        failures += 1
        wait = Math.min(AFTER_TROUBLE_MS.least * 2 ** (failures - 1), AFTER_TROUBLE_MS.most) * (0.75 + Math.random() / 2)
        // Perhaps another process reaches the instance.
        await standDown()
      }
      if (!isOurs) wait = Math.min(wait, STAND_BY_MS)
      const took = performance.now() - started
      const rest = Math.min(PAUSE_BETWEEN_MS.most, Math.max(PAUSE_BETWEEN_MS.least, took * PAUSE_BETWEEN_MS.times))
      firstLook.resolve()
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
    firstLook: firstLook.promise,
    async close() {
      closed = true
      wake()
      await running
      clearInterval(renewing)
    },
  }
}
