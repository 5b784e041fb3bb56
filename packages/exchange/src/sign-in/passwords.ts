import { createHmac, randomBytes } from 'node:crypto'
import { ArrayTaskQueue, Piscina, queueOptionsSymbol, type TaskQueue } from 'piscina'
import { ExchangeError } from '../platform/errors.ts'

/** At 40 ms each the last one waits a second and a half. */
const MOST_WAITING = 32
const REMEMBERED_MS = 300_000
const MOST_REMEMBERED = 1_000
const IDLE_MS = 60_000

/** Hashes passwords and compares them, one at a time. */
export interface Passwords {
  hash(password: string): Promise<string>
  /**
   * Whether a password is the one that `stored` is the hash of. Without one it is wrong, and that takes as long. Whoever comes from a place
   * that is known goes before others.
   * @throws ExchangeError exchange_unavailable when too many wait already
   */
  matches(password: string, stored: string | undefined, known: boolean): Promise<boolean>
  close(): Promise<void>
}

/**
 * Slow hashes, one at a time, on a thread of their own: those of Node's pool are for files. Right passwords are remembered for five minutes,
 * each together with the hash that it was right for, so that a new password ends what was remembered of the old one.
 * @param counted called for each password that is held against a hash
 */
export function openPasswords(counted: () => void): Passwords {
  const thread = new Piscina<unknown, unknown>({
    filename: new URL('./password-hash.worker.ts', import.meta.url).href,
    minThreads: 0,
    maxThreads: 1,
    idleTimeout: IDLE_MS,
    taskQueue: new KnownFirst(),
  })
  const key = randomBytes(32)
  const remembered = new Map<string, number>()
  const waiting = { known: 0, strangers: 0 }

  return {
    hash: password => thread.run(password, { name: 'hash' }) as Promise<string>,
    async matches(password, stored, known) {
      const digest = createHmac('sha256', key)
        .update(JSON.stringify([password, stored]))
        .digest('base64')
      if (stored && (remembered.get(digest) ?? 0) > performance.now()) return true
      const lane = known ? 'known' : 'strangers'
      if (waiting[lane] >= MOST_WAITING)
        throw new ExchangeError('exchange_unavailable', 'Too many people are signing in at this moment.', { retryAfter: 2 })
      waiting[lane] += 1
      try {
        counted()
        const right = await thread.run({ password, stored, [queueOptionsSymbol]: { known } }, { name: 'matches' })
        if (right) {
          if (remembered.size >= MOST_REMEMBERED) remembered.clear()
          remembered.set(digest, performance.now() + REMEMBERED_MS)
        }
        return right as boolean
      } finally {
        waiting[lane] -= 1
      }
    },
    close: () => thread.destroy(),
  }
}

type Task = Parameters<TaskQueue['push']>[0]

/** Two queues: the second one's turn comes when the first is empty. */
class KnownFirst implements TaskQueue {
  readonly #known = new ArrayTaskQueue()
  readonly #strangers = new ArrayTaskQueue()

  get size(): number {
    return this.#known.size + this.#strangers.size
  }

  shift(): Task | null {
    return this.#known.shift() ?? this.#strangers.shift()
  }

  push(task: Task): void {
    this.#of(task).push(task)
  }

  unshift(task: Task): void {
    this.#of(task).unshift(task)
  }

  remove(task: Task): void {
    this.#of(task).remove(task)
  }

  #of(task: Task): ArrayTaskQueue {
    return (task[queueOptionsSymbol] as { known?: boolean } | null)?.known ? this.#known : this.#strangers
  }
}
