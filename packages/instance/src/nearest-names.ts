import { distance } from 'fastest-levenshtein'

const MOST_NAMED = 3

/** The end of a sentence that names what may have been meant: `; the nearest are caller_id, company`. Empty where nothing is near. */
export function nearestNames(name: string, known: Iterable<string>): string {
  const near = [...known]
    .map(one => ({ one, far: distance(name, one) }))
    .filter(({ one, far }) => far <= Math.max(2, one.length / 3))
    .sort((a, b) => a.far - b.far)
    .slice(0, MOST_NAMED)
    .map(({ one }) => one)
  return near.length === 0 ? '' : `; the nearest ${near.length === 1 ? 'is' : 'are'} ${near.join(', ')}`
}
