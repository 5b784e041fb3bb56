import type { NewWrite, RecordedWrite } from './recorded-write.ts'

const SAME_REQUEST_MS = 10 * 60_000

/** An equal request without a key of its own is a retry for 10 minutes, unless the record has moved on since it was done. */
export function isOutdated(existing: RecordedWrite, write: NewWrite): boolean {
  if (!write.requestKey.startsWith('content:') || existing.state !== 'done') return false
  const lastSave = Math.max(...existing.progress.map(({ checkpoint }) => checkpoint ?? Number.NEGATIVE_INFINITY))
  return existing.ageMs > SAME_REQUEST_MS || (write.movedOn !== undefined && Number.isFinite(lastSave) && lastSave < write.movedOn)
}

/** Whether a request is the one that was accepted, by its keys: it may ask for something else all the same. */
export function hasKeyOf(write: NewWrite, existing: RecordedWrite): boolean {
  return (
    existing.requestKey === write.requestKey ||
    existing.idempotencyKey === write.idempotencyKey ||
    (write.filing !== undefined && existing.reference === write.reference)
  )
}

/** Whether a request asks for what an accepted one has asked for: a reference in another form than it was first sent in is the same. */
export function hasContentOf({ contentSha256, filing }: NewWrite, existing: RecordedWrite): boolean {
  if (existing.contentSha256 === contentSha256) return true
  return filing !== undefined && existing.reference !== null && existing.contentSha256 === filing.hashWith(existing.reference)
}
