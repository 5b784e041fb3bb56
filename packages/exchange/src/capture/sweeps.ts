import type { Met } from './trouble.ts'

/** Rows become visible when their save commits, which is after their time stamp; so every look goes back this far. */
const LOOK_BACK_SECONDS = { inProcess: 3, network: 5 }
/**
 * From time to time a look goes back further: for saves that took long, and for those that carry an older time than they should. What
 * hides behind a time that is older than the longest of these is not noticed until its record is saved again.
 */
export const SWEEPS = [
  { everyMs: 60_000, backSeconds: 120 },
  { everyMs: 600_000, backSeconds: 3_600 },
] as const

/** What a loop of looks remembers from one to the next. */
export interface Marks {
  sweptAt?: number[]
  /** The newest time that a record was seen with. */
  newest?: string
  /** How far the files that may be seen are noticed, while others are hidden. */
  visibleFilesOn?: string | undefined
  /** What the last look met with. */
  met: Met[]
}

/** How many seconds this look goes back, and which sweeps that makes. */
export function sweepsDue(marks: Marks, inProcess: boolean): { back: number; swept: number[] } {
  const due = (at: number) => performance.now() - (marks.sweptAt?.[at] ?? Number.NEGATIVE_INFINITY) > SWEEPS[at]!.everyMs
  const swept = SWEEPS.flatMap((_, at) => (due(at) ? [at] : []))
  const usual = inProcess ? LOOK_BACK_SECONDS.inProcess : LOOK_BACK_SECONDS.network
  return { back: Math.max(usual, ...swept.map(at => SWEEPS[at]!.backSeconds)), swept }
}
