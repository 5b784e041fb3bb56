import { startCapture } from '../../capture/index.ts'
import { forgetOldMarks } from '../../lost-time/index.ts'
import { isStillTheirs } from '../../ownership/index.ts'
import { ENVIRONMENTS } from '../../platform/environment.ts'
import { openRecordedWrites } from '../../recorded-writes/index.ts'
import { forgetOldSignIns } from '../../sign-in/index.ts'
import { openUpdateQueue } from '../../update-queue/index.ts'
import { part } from '../part.ts'
import { WakeUps } from '../wake-ups.ts'

const HOUSEKEEPING_EVERY_MS = 3_600_000

export const wakeUps = part('wakeUps', [], { open: () => new WakeUps() })

export const capture = part('capture', ['settings', 'folder', 'database', 'notices', 'log', 'metrics', 'lostTime', 'desks', 'wakeUps'], {
  async open({ settings, folder, database, notices, log, metrics, lostTime, desks, wakeUps }) {
    const own = await startCapture(
      {
        database,
        notices,
        log,
        metrics,
        holder: folder.id,
        onCarries: () => wakeUps.wakeWrites(),
        lookBack: lostTime.lookBack,
        networkEveryMs: settings.serviceNow.captureEveryMs,
      },
      ENVIRONMENTS.map(environment => desks[environment]),
    )
    wakeUps.onCapture(own.wake)
    return own
  },
  close: own => own.close(),
})

export const writes = part('writes', ['folder', 'database', 'notices', 'log', 'spool', 'lostTime', 'desks', 'wakeUps'], {
  open({ folder, database, notices, log, spool, lostTime, desks, wakeUps }) {
    const own = openRecordedWrites({
      database,
      desks,
      spool,
      log,
      lostTime,
      notices,
      holder: folder.id,
      isStillTheirs: (environment, ...record) => isStillTheirs(database, desks[environment], ...record),
      written: environment => wakeUps.wakeCapture(environment),
    })
    wakeUps.onWrites(own.wake)
    return own
  },
  close: own => own.close(),
})

/** A practice instance in this process says when something changed. */
export const changes = part('changes', ['instances', 'wakeUps'], {
  open({ instances, wakeUps }) {
    for (const environment of ENVIRONMENTS) instances[environment].practice?.onChange(() => wakeUps.wakeCapture(environment))
  },
})

export const queue = part('queue', ['database', 'log'], { open: ({ database, log }) => openUpdateQueue(database, log) })

export const housekeeping = part('housekeeping', ['queue', 'capture', 'writes', 'database', 'log'], {
  open({ queue: updates, capture: captured, writes: written, database, log }) {
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

/** On the first start: what the desks do right after it is news already. */
export const baselines = part('baselines', ['capture'], {
  async open(given) {
    await given.capture.begun
  },
})
