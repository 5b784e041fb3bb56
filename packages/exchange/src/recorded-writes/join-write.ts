import { setTimeout as pause } from 'node:timers/promises'
import { outcomeUnknown } from '../connections/index.ts'
import type { Database } from '../platform/database.ts'
import type { ExchangeError } from '../platform/errors.ts'
import type { OpenSpool } from '../spool/index.ts'
import { replaceFiles } from './files.store.ts'
import { ASK_AGAIN_SECONDS } from './held-write.ts'
import type { Hold } from './hold.ts'
import type { NewWrite, RecordedWrite } from './recorded-write.ts'
import { findWrite, outdateWrite, readWrite } from './recorded-writes.store.ts'
import type { RunningWrites } from './running-writes.ts'
import { hasContentOf, hasKeyOf, isOutdated } from './same-request.ts'

/** How a request waits for its write. */
export interface PerformOptions {
  signal: AbortSignal
  /** The error when another request has this key with other content. */
  onConflict: (existing: RecordedWrite | undefined) => ExchangeError
  /** Called when the request's spooled files now belong to the write. */
  keepFiles: () => void
  /** Called with an equal request that was done before, whose result is about to be the answer; what it throws is the answer instead. */
  onDoneBefore?: (existing: RecordedWrite) => Promise<void>
}

export interface JoiningParts {
  database: Database
  spool: OpenSpool
  holder: string
}

/**
 * Waits for the write that an equal request has had accepted, doing it where nobody does. `absent`: no write has its key. `gone`: the one
 * that had it is refused or outdated meanwhile.
 * @throws ExchangeError when it asks for something else, when the write was refused, or when the signal fires first
 */
export async function joinWrite(
  parts: JoiningParts,
  running: RunningWrites,
  write: NewWrite,
  options: PerformOptions,
): Promise<RecordedWrite | 'absent' | 'gone'> {
  const { database } = parts
  const existing = await findWrite(database, write)
  if (!existing) return 'absent'
  const sameKey = hasKeyOf(write, existing)
  if (!sameKey || !hasContentOf(write, existing)) throw options.onConflict(existing)
  if (isOutdated(existing, write)) {
    await outdateWrite(database, existing.writeId)
    return 'gone'
  }
  if (existing.state === 'done') await options.onDoneBefore?.(existing)
  return waitForWrite(parts, running, { writeId: existing.writeId, write, options })
}

interface Waiting {
  writeId: string
  write: NewWrite
  options: PerformOptions
}

async function waitForWrite(parts: JoiningParts, running: RunningWrites, waiting: Waiting): Promise<RecordedWrite | 'gone'> {
  const { writeId, options } = waiting
  const { signal } = options
  // One look even after the signal has fired: a write that is done is the answer.
  for (let wait = 20; ; wait = Math.min(wait * 2, 250)) {
    const here = running.findWork(writeId)
    if (here) return waitUntil(here, signal)
    const takenUp = await running.takeUp(writeId, true, (claimed, hold) => bringFiles(parts, claimed, hold, waiting))
    if (takenUp) return waitUntil(takenUp.work, signal)
    const now = await readWrite(parts.database, writeId)
    if (!now) return 'gone'
    if (now.state === 'done') return now
    if (signal.aborted) throw outcomeUnknown(ASK_AGAIN_SECONDS)
    await pause(wait)
  }
}

/** After a crash the spool may have lost the files, or another process has them; the retry has brought them again. */
async function bringFiles(
  { database, spool, holder }: JoiningParts,
  claimed: RecordedWrite,
  hold: Hold,
  { write, options }: Waiting,
): Promise<RecordedWrite> {
  const lost = await isAnyFileLost(claimed, spool)
  if (!lost || !write.spoolFolder) return claimed
  const old = claimed.spoolFolder
  // Only where the files are has changed: the steps stay those whose progress was written down.
  const brought = write.plan.filter(step => step.kind === 'attach')
  const plan = claimed.plan.map(step => {
    const again = step.kind === 'attach' ? brought.shift() : undefined
    return step.kind === 'attach' && again ? { ...step, folder: again.folder, file: again.file } : step
  })
  options.keepFiles()
  if (!(await replaceFiles(database, hold, { holder, plan, folder: write.spoolFolder }))) hold.lose()
  else if (old) await spool.remove(old)
  return { ...claimed, plan, spoolFolder: write.spoolFolder, spoolAt: holder }
}

async function isAnyFileLost(write: RecordedWrite, spool: OpenSpool): Promise<boolean> {
  for (const [place, step] of write.plan.entries()) {
    if (step.kind !== 'attach' || write.progress[place]?.done) continue
    if (!(await spool.verify(spool.recall({ folder: step.folder, name: step.file, size: step.size, sha256: step.sha256 })))) return true
  }
  return false
}

/** Waits for the work until the signal fires; it goes on all the same. @throws ExchangeError outcome_unknown when it has fired */
export async function waitUntil<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  if (signal.aborted) throw outcomeUnknown(ASK_AGAIN_SECONDS)
  const { promise: late, reject } = Promise.withResolvers<never>()
  const tooLate = () => reject(outcomeUnknown(ASK_AGAIN_SECONDS))
  signal.addEventListener('abort', tooLate, { once: true })
  try {
    return await Promise.race([work, late])
  } finally {
    signal.removeEventListener('abort', tooLate)
  }
}
