import { type OpenSpool, openSpool, type Spool } from '../spool.ts'
import { IntakeError } from './intake-errors.ts'

/** Random numbers that are the same in each run (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

/** Bytes that are the same in each run. */
export function seededBytes(length: number, seed = 1): Buffer {
  const random = seeded(seed)
  return Buffer.from(Array.from({ length }, () => random() * 256))
}

/** A body in chunks of a size. */
export async function* inChunks(body: string | Buffer, size = 64 * 1024): AsyncGenerator<Buffer> {
  const bytes = Buffer.from(body as string)
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}

/** A body with these contents, and with members before and after them. */
export function bodyWith(...contents: string[]): string {
  return JSON.stringify({
    reference: 'INC-1',
    attachments: contents.map((content, index) => ({ name: `${index}.txt`, content })),
    urgency: 2,
  })
}

/** The error of an intake that must fail. */
export async function refusalOf(intake: Promise<unknown>): Promise<IntakeError> {
  const outcome = await intake.then(
    () => 'taken in',
    error => error,
  )
  if (outcome instanceof IntakeError) return outcome
  throw outcome === 'taken in' ? new Error('the body was taken in') : outcome
}

/** A spool with ample room, as one who sends files sees it and as the exchange does. */
export async function ampleSpool(root: string, options: Omit<Parameters<typeof openSpool>[1], 'limits'> = {}): Promise<OpenSpool & Spool> {
  const spool = await openSpool(root, { ...options, limits: { bytes: 2 ** 40, files: 1_000_000 } })
  return { ...spool, ...spool.of('north') }
}
