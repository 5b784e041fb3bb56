import type { StartedSystem } from '../system/start-system.ts'
import { timesEach } from './sentences.ts'

const LOOK_EVERY_MS = 250
/** It answers at once; a machine with more work than cores may take this long. */
const AT_ONCE_MS = 5_000

const pause = (milliseconds: number) => new Promise(done => setTimeout(done, milliseconds))

async function statusOf(exchange: StartedSystem, path: string): Promise<number | string> {
  try {
    const response = await fetch(`${exchange.firstSteps.exchange}${path}`, { signal: AbortSignal.timeout(AT_ONCE_MS) })
    await response.arrayBuffer()
    return response.status
  } catch (error) {
    return String(error)
  }
}

export interface HealthWatch {
  /** Ends it; everything that was not 200. */
  end(): Promise<string[]>
}

/** Asks /healthz of each exchange all the time, as whoever restarts dead processes does. */
export function watchHealth(exchanges: readonly StartedSystem[]): HealthWatch {
  const bad: string[] = []
  let watching = true
  const watches = exchanges.map(async (exchange, at) => {
    for (; watching; await pause(LOOK_EVERY_MS)) {
      const status = await statusOf(exchange, '/healthz')
      if (status !== 200) bad.push(`/healthz of exchange ${at} was answered ${status}`)
    }
  })
  return {
    async end() {
      watching = false
      await Promise.all(watches)
      return timesEach(bad)
    },
  }
}

/** Waits until each exchange says this of its readiness; which ones did not in time. */
export async function untilReadyz(exchanges: readonly StartedSystem[], status: 200 | 503, withinMs: number): Promise<string[]> {
  const waits = exchanges.map(async (exchange, at) => {
    for (const late = Date.now() + withinMs; ; await pause(100)) {
      const last = await statusOf(exchange, '/readyz')
      if (last === status) return []
      if (Date.now() > late) return [`/readyz of exchange ${at} was not ${status} within ${withinMs / 1_000} s, but ${last}`]
    }
  })
  return (await Promise.all(waits)).flat()
}

/** The exchanges whose process has ended, with the last of what they printed. */
export function ended(exchanges: readonly StartedSystem[]): string[] {
  return exchanges
    .filter(({ processId }) => !runs(processId))
    .map((exchange, at) => `exchange ${at} ended: ${exchange.output().slice(-2_000)}`)
}

function runs(processId: number): boolean {
  try {
    return process.kill(processId, 0)
  } catch {
    return false
  }
}
