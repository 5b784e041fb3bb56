import { distance } from 'fastest-levenshtein'

const MOST = 3

/** The names most like this one, the nearest first, at most three; letter case does not count. */
export function nearest(name: string, names: readonly string[]): string[] {
  const plain = (text: string) => text.normalize('NFC').toLowerCase()
  const wanted = plain(name)
  return [...new Set(names)]
    .map(one => ({ one, apart: distance(wanted, plain(one)) }))
    .sort((a, b) => a.apart - b.apart)
    .slice(0, MOST)
    .map(({ one }) => one)
}
