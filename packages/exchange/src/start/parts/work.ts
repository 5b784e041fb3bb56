import { startCapture } from '../../capture/index.ts'
import { forgetOldMarks } from '../../lost-time/index.ts'
import { isStillTheirs } from '../../ownership/index.ts'
import { ENVIRONMENTS } from '../../platform/environment.ts'
import { openRecordedWrites } from '../../recorded-writes/index.ts'
import { forgetOldSignIns } from '../../sign-in/index.ts'
import { openUpdateQueue } from '../../update-queue/index.ts'
import { startPart } from '../part.ts'
import { WakeCalls } from '../wake-calls.ts'

const HOUSEKEEPING_EVERY_MS = 3_600_000

export const wakeCalls = startPart('wakeCalls', [], { open: () => new WakeCalls() })

export const capture = startPart(
  'capture',
  ['settings', 'folder', 'database', 'notices', 'log', 'metrics', 'lostTime', 'desks', 'wakeCalls'],
  {
    async open({ settings, folder, database, notices, log, metrics, lostTime, desks, wakeCalls }) {
      const own = await startCapture(
        {
          database,
          notices,
          log,
          metrics,
          holder: folder.id,
          onCarries: () => wakeCalls.wakeWrites(),
          lookBack: lostTime.lookBack,
          networkEveryMs: settings.serviceNow.captureEveryMs,
        },
        ENVIRONMENTS.map(environment => desks[environment]),
      )
      wakeCalls.onWakeCapture(own.wake)
      return own
    },
    close: own => own.close(),
  },
)

export const recordedWrites = startPart(
  'recordedWrites',
  ['folder', 'database', 'notices', 'log', 'spool', 'lostTime', 'desks', 'wakeCalls'],
  {
    open({ folder, database, notices, log, spool, lostTime, desks, wakeCalls }) {
      const own = openRecordedWrites({
        database,
        desks,
        spool,
        log,
        lostTime,
        notices,
        holder: folder.id,
        isStillTheirs: (environment, record) => isStillTheirs(database, desks[environment], record),
        onWritten: environment => wakeCalls.wakeCapture(environment),
      })
      wakeCalls.onWakeWrites(own.wake)
      return own
    },
    close: own => own.close(),
  },
)

/** A practice instance in this process says when something changed. */
export const practiceChanges = startPart('practiceChanges', ['instances', 'wakeCalls'], {
  open({ instances, wakeCalls }) {
    for (const environment of ENVIRONMENTS) instances[environment].practice?.onChange(() => wakeCalls.wakeCapture(environment))
  },
})

export const queue = startPart('queue', ['database', 'log'], { open: ({ database, log }) => openUpdateQueue(database, log) })

export const housekeeping = startPart('housekeeping', ['queue', 'capture', 'recordedWrites', 'database', 'log'], {
  open({ queue: updates, capture: captured, recordedWrites: written, database, log }) {
    const timer = setInterval(() => {
      Promise.all([
        updates.forgetOld(),
        captured.forgetOld(),
        written.forgetOld(),
        forgetOldSignIns(database),
        forgetOldMarks(database),
      ]).catch(error => log.error('housekeeping failed', { error }))
    }, HOUSEKEEPING_EVERY_MS)
    timer.unref()
    return timer
  },
  close: clearInterval,
})

/** Waits for the baselines that a first start takes: what a desk does once callers are answered is then after its baseline, and becomes updates. */
export const baselines = startPart('baselines', ['capture'], {
  says: () => 'Looking at what the service desks hold already …',
  async open(given) {
    await given.capture.firstLooks
  },
})
