/**
 * Adds conditions to a filter, in every one of its `^NQ` parts: appended once, they would hold for the last part only (10.1, KB0564887).
 * Several alternatives give one part each, so (filter) and (a or b) becomes filter^a^NQfilter^b; `^OR` cannot say that (12.1).
 * @param filter an encoded query without an ordering; the empty text for all rows
 * @param alternatives conditions, each of one or several terms
 * @param ordering fields, ascending
 * @throws Error when the filter has an ordering of its own, since paging by key needs ours.
 */
export function inEveryPart(filter: string, alternatives: readonly string[], ordering: readonly string[]): string {
  if (/(^|\^)(ORDERBY|GROUPBY)/.test(filter))
    throw new Error('query: leave ORDERBY and GROUPBY out, the rows come in the order of their key')
  const parts = filter.split('^NQ').map(part => withoutCarets(part.replace(/\^EQ$/, '')))
  const combined =
    alternatives.length === 0 ? parts : parts.flatMap(part => alternatives.map(one => (part === '' ? one : `${part}^${one}`)))
  return [combined.join('^NQ'), ...ordering.map(field => `ORDERBY${field}`)].filter(Boolean).join('^')
}

/** A part without the carets at its ends. Counted from there: a pattern would begin anew at each caret within. */
function withoutCarets(part: string): string {
  let [from, to] = [0, part.length]
  while (from < to && part[from] === '^') from += 1
  while (to > from && part[to - 1] === '^') to -= 1
  return part.slice(from, to)
}
