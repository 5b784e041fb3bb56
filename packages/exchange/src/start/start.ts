import { setTimeout as pause } from 'node:timers/promises'
import { PostgresUnavailable } from '@deskbridge/postgres'
import { type Addresses, type FirstSteps, firstStepsPath } from '../first-start/index.ts'
import { CannotStart } from '../platform/data-folder.ts'
import { outage } from '../platform/outage.ts'
import type { Settings } from '../settings.ts'
import { logStart } from './log-start.ts'
import { ORDER } from './order.ts'
import { type OpenedParts, openParts } from './part.ts'
import { Progress } from './progress.ts'

/** An exchange that answers, from its start until it is closed. */
export interface RunningExchange {
  url: string
  /** With credentials where it has a demo company, else addresses alone. */
  firstSteps: Addresses | FirstSteps
  firstStepsPath: string
  /** What whoever started it should know or do next; a sentence each. */
  remarks: readonly string[]
  /**
   * Ends it in order, within 40 s: what was accepted is finished first, and what cannot be, with the next start. `drain`: after the time
   * in which it still takes calls.
   */
  close(how?: { drain: boolean; why?: string }): Promise<void>
  /** Settles when something that everything needs has ended by itself. */
  readonly broken: Promise<string>
}

const CLOSE_IN_ALL_MS = 40_000

/**
 * Starts the exchange, its database and its practice instances.
 * @param say told what it is at, a line each, when that takes longer than a second
 * @throws CannotStart with a sentence for the person who started it
 */
export async function startExchange(settings: Settings, say: (line: string) => void = () => {}): Promise<RunningExchange> {
  const progress = new Progress(say)
  try {
    const parts = await openParts(ORDER, settings, progress)
    await logStart(parts.opened)
    return asRunningExchange(parts)
  } catch (error) {
    if (error instanceof PostgresUnavailable) throw new CannotStart(error.message)
    const away = outage(error)
    throw away ? new CannotStart(`The database went away while the exchange was starting: ${away}. Start it again.`) : error
  } finally {
    progress.end()
  }
}

function asRunningExchange({ opened: { settings, log, phase, folder, firstSteps, remarks, broken }, close }: OpenedParts): RunningExchange {
  return {
    url: firstSteps.exchange,
    firstSteps,
    firstStepsPath: firstStepsPath(folder.path),
    remarks,
    async close({ drain, why = 'asked to end' } = { drain: true }) {
      log.info('exchange ends', { why, drainSeconds: drain ? settings.drainMs / 1_000 : 0 })
      phase.name = 'draining'
      if (drain) await pause(settings.drainMs)
      await Promise.race([close(), pause(CLOSE_IN_ALL_MS, undefined, { ref: false })])
      log.info('exchange ended')
    },
    broken: broken.promise,
  }
}
