import { setTimeout as pause } from 'node:timers/promises'

const FIRST_PAUSE_MS = 100
const LONGEST_PAUSE_MS = 2_000

/**
 * Back-off: milliseconds before the next try after so many failures in a row, longer each time, at most 2 s, with jitter, so
 * that all of them do not come back at once.
 */
export const pauseAfter = (failures: number): number =>
  Math.min(FIRST_PAUSE_MS * 2 ** (failures - 1), LONGEST_PAUSE_MS) * (0.5 + Math.random() / 2)

/**
 * Does something one at a time: who asks while it is done has it done once more afterwards, however many ask. So a database that is
 * away leaves no queue behind.
 */
export function oneAtATime(work: () => Promise<void>): { (): void; settled(): Promise<void> } {
  let running: Promise<void> | undefined
  let again = false
  async function run(): Promise<void> {
    do {
      again = false
      await work()
    } while (again)
  }
  const ask = () => {
    again = true
    running ??= run().finally(() => {
      running = undefined
    })
  }
  return Object.assign(ask, { settled: async () => running })
}

export interface Repeating {
  /** Settles when the loop has ended; its last try is waited for. */
  end(): Promise<void>
}

/**
 * Does something again and again until it is ended: at once when it ended well, after a growing pause when it failed. One loop, one try
 * at a time: whatever happens meanwhile cannot start a second one.
 */
export function repeat(work: (ending: AbortSignal) => Promise<void>): Repeating {
  const ending = new AbortController()
  const { signal } = ending
  async function loop(): Promise<void> {
    for (let failures = 0; !signal.aborted; ) {
      const ended = await work(signal).then(
        () => true,
        () => false,
      )
      failures = ended ? 0 : failures + 1
      if (failures) await pause(pauseAfter(failures), undefined, { signal, ref: false }).catch(() => {})
    }
  }
  const over = loop()
  return {
    end: () => {
      ending.abort()
      return over
    },
  }
}
