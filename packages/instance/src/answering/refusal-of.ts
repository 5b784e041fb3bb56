import { isReset } from '../faults/strikes.ts'
import { notMadeAgain } from '../refusals/practice.ts'
import { Refusal } from '../refusals/refusal.ts'
import { notUnique } from '../refusals/table.ts'
import { SeedProblem } from '../seeds/seed.ts'

/** PostgreSQL's codes for text that it cannot hold and numbers that are out of range: the caller's mistake, not ours. */
const CALLERS_MISTAKE = new Set(['22021', '22P02', '22P05', '22003', '22007', '22008', '54000'])

/** Any error as a refusal; one that is a mistake of ours is logged and becomes 500. Throws what breaks the connection. */
export function refusalOf(error: unknown, request: Request): Refusal {
  if (error instanceof Refusal) return error
  if (isReset(error) || request.signal.aborted) throw error
  if (error instanceof SeedProblem) return notMadeAgain(error.message)
  const twice = notUnique(error)
  if (twice) return twice
  const { code } = error as { code?: string }
  if (code !== undefined && CALLERS_MISTAKE.has(code))
    return new Refusal(400, 'Exception while reading request', 'A value cannot be stored')
  console.error('practice instance:', error)
  return new Refusal(500, 'Internal Server Error', 'The practice instance failed; its log says why')
}
