import { closest, distance } from 'fastest-levenshtein'

/** The one of these words that somebody most likely meant: at most two letters away, or a third of them; undefined where none is near. */
function nearestTo(word: string, words: readonly string[]): string | undefined {
  if (words.length === 0) return undefined
  const near = closest(word, words)
  return distance(word, near) <= Math.max(2, word.length / 3) ? near : undefined
}

/** ` Did you mean "list"?`, or nothing. */
export function didYouMean(word: string, words: readonly string[]): string {
  const near = nearestTo(word, words)
  return near === undefined ? '' : ` Did you mean "${near}"?`
}
