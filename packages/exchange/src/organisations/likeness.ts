import { distance } from 'fastest-levenshtein'

/** Forms of companies, and small words; two names that differ in these alone are the same name. */
const FORMS = new Set(
  (
    'ab ag aps as asa bhd bv bvba co company corp corporation cv ev eg gmbh group holding holdings inc incorporated kft kg kk llc llp lp ltd ltda limited ' +
    'nv oy oyj plc pte pty sa sarl sas sasu se sl spa sprl srl vof the and und et en de'
  ).split(' '),
)

/** The words that make a company's name its own: in small letters, without accents, dots and the form of the company. */
export function nameWords(name: string): string[] {
  const plain = name.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase().replace(/['’.]/g, '')
  const words = plain.split(/[^\p{L}\p{N}]+/u).filter(Boolean)
  const own = words.filter(word => !FORMS.has(word))
  return own.length ? own : words
}

/**
 * How alike two names are, from 0 to 1: half by the words that both have, half by letters, whatever the order of the words.
 * 1 means the same words.
 */
export function likeness(one: readonly string[], other: readonly string[]): number {
  if (!one.length || !other.length) return 0
  const [a, b] = [[...new Set(one)].sort(), [...new Set(other)].sort()]
  const shared = a.filter(word => b.includes(word)).length
  const [textA, textB] = [a.join(' '), b.join(' ')]
  const letters = 1 - distance(textA, textB) / Math.max(textA.length, textB.length)
  return shared / (a.length + b.length) + letters / 2
}
