import { once } from 'node:events'
import { setImmediate as nextTurn } from 'node:timers/promises'

/**
 * `… | head` ends its reading early. That is no failure of ours and no reason to leave work half done: what is printed from then on is lost,
 * the command goes on to its end, and its exit code says what came of it. Whoever only reads asks `somebodyReads` and stops.
 */
const gone = Promise.withResolvers<void>()
let somebody = true

const READER_IS_GONE = new Set(['EPIPE', 'ERR_STREAM_DESTROYED'])

/** Why standard output took no more, where that is a failure: the disk behind it is full. */
let failure: Error | undefined

/** Takes down why standard output takes no more: its reader is gone, or what it is written to has failed. */
function recordOutputEnd(error: NodeJS.ErrnoException): void {
  if (!READER_IS_GONE.has(error.code ?? '')) failure ??= error
  somebody = false
  gone.resolve()
}

/** Throws what is another failure. */
export function throwUnlessOutputEnds(error: NodeJS.ErrnoException): void {
  if (process.stdout.errored) recordOutputEnd(error)
  else if (!READER_IS_GONE.has(error.code ?? '')) throw error
}

/** To be called once, before anything is printed. What cannot be logged ends nothing: a full disk would stop whoever serves others. */
export function goOnWhenNobodyReads(): void {
  process.stdout.on('error', recordOutputEnd)
  process.stderr.on('error', () => {})
}

/** Why what was printed is not whole, if it is a failure. A stream says so only after the write. */
export async function findOutputFailure(): Promise<Error | undefined> {
  await nextTurn()
  return failure
}

/** Whether standard output is still read. */
export const somebodyReads = (): boolean => somebody

/** Settles when standard output is read no more. */
export const readerGone = gone.promise

/** Prints, and waits where the reader is slower than we are. */
export async function print(text: string): Promise<void> {
  if (somebody && !process.stdout.write(text)) await Promise.race([once(process.stdout, 'drain').catch(() => {}), readerGone])
}
