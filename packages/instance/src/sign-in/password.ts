import { Piscina } from 'piscina'
import { tooManySignIns } from '../refusals/platform.ts'

/** At 25 ms each the last one waits for less than a second. */
const MOST_WAITING = 32
const IDLE_MS = 10_000

/**
 * Slow hashes, one at a time for all instances of this process, on a thread of their own: those of Node's pool are for files, also for the
 * files of whoever has an instance in its process. The thread ends when nobody has signed in for a while.
 */
const thread = new Piscina<unknown, unknown>({
  filename: new URL('./password-hash.worker.ts', import.meta.url).href,
  minThreads: 0,
  maxThreads: 1,
  idleTimeout: IDLE_MS,
})

/** Hashes a password, on a thread of its own. */
export const hashPassword = (password: string) => thread.run(password, { name: 'hash' }) as Promise<string>

/**
 * Whether a password is the one that `stored` is the hash of; '' is nobody's, and takes as long.
 * @throws Refusal 429 when too many wait already
 */
export async function verifyPassword(password: string, stored: string): Promise<boolean> {
  if (thread.queueSize >= MOST_WAITING) throw tooManySignIns()
  return (await thread.run({ password, stored }, { name: 'matches' })) as boolean
}
