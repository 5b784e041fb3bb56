/**
 * The Link header of a list (contract servicenow-core.md 3.6): the request's parameters as they were sent, limit and
 * offset last; `prev` is left out on the first page and `next` on the last.
 */
export function linkHeader(address: string, search: string, page: { limit: number; offset: number; total: number }): string | undefined {
  const { limit, offset, total } = page
  if (limit < 1) return undefined
  const kept = search
    .replace(/^\?/, '')
    .split('&')
    .filter(pair => pair !== '' && !/^sysparm_(limit|offset)(=|$)/.test(pair))
  const link = (start: number, rel: string) =>
    `<${address}?${[...kept, `sysparm_limit=${limit}`, `sysparm_offset=${start}`].join('&')}>;rel="${rel}"`
  const last = Math.max(0, Math.ceil(total / limit) - 1) * limit
  return [
    link(0, 'first'),
    ...(offset > 0 ? [link(Math.max(0, offset - limit), 'prev')] : []),
    ...(offset + limit < total ? [link(offset + limit, 'next')] : []),
    link(last, 'last'),
  ].join(',')
}
