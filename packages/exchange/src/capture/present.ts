import type { Desk } from '../connections/index.ts'
import { momentOf, timeOf } from './instance-time.ts'

/** Clocks that differ by more are told; and a header by which neither our clock nor the newest rows go is not believed alone. */
const CLOCKS_DIFFER_MS = 300_000

interface Present {
  /** Beyond this no mark is moved. */
  now: string
  odd?: string
}

/**
 * The instance's own now, by the Date header of its answers. Where that is missing, or goes neither by our clock nor by the newest rows,
 * the earlier of the two bounds the marks: to look back too far costs a little, not far enough loses updates.
 */
export function presentOf({ connection }: Desk, newest: string | undefined): Present {
  const said = connection.instanceNow()
  const ours = Date.now()
  if (said === undefined) return { now: timeOf(ours), odd: 'Its answers carry no Date header that can be read: our own clock is used.' }
  const differs = (other: number) => Math.abs(other - said) > CLOCKS_DIFFER_MS
  if (!differs(ours) || (newest !== undefined && !differs(momentOf(newest)))) return { now: timeOf(said) }
  return {
    now: timeOf(Math.min(said, ours)),
    odd: `Its answers say that it is ${timeOf(said)} (UTC), here it is ${timeOf(ours)}: the earlier one is used.`,
  }
}
