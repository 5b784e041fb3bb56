import { once } from 'node:events'

/**
 * `… | head` ends its reading early. That is no failure of ours and no reason to leave work half done: what is printed from then on is lost,
 * the command goes on to its end, and its exit code says what came of it. Whoever only reads asks `somebodyReads` and stops.
 */
const gone = Promise.withResolvers<void>()
let somebody = true

const READER_IS_GONE = new Set(['EPIPE', 'ERR_STREAM_DESTROYED'])

/** Throws what is another failure. */
export function unlessReaderIsGone(error: NodeJS.ErrnoException): void {
  if (!READER_IS_GONE.has(error.code ?? '')) throw error
}

/** To be called once, before anything is printed. */
export function goOnWhenNobodyReads(): void {
  for (const stream of [process.stdout, process.stderr])
    stream.on('error', (error: NodeJS.ErrnoException) => {
      unlessReaderIsGone(error)
      if (stream !== process.stdout) return
      somebody = false
      gone.resolve()
    })
}

/** Whether standard output is still read. */
export const somebodyReads = (): boolean => somebody

/** Settles when standard output is read no more. */
export const readerGone = gone.promise

/** Prints, and waits where the reader is slower than we are. */
export async function print(text: string): Promise<void> {
  if (somebody && !process.stdout.write(text)) await Promise.race([once(process.stdout, 'drain').catch(() => {}), readerGone])
}
