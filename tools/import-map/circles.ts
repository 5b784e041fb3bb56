import type { Edge } from './violations.ts'

/** Files that import each other round about, types counted: each such file is in one of the circles, which begin at their first by name. */
export function circlesOf(edges: readonly Edge[]): string[][] {
  const next = new Map<string, string[]>()
  for (const { file, target } of edges) next.set(file, [...(next.get(file) ?? []), target])
  const found = new Map<string, string[]>()
  for (const file of [...next.keys()].sort()) {
    const circle = shortestWay(next, file)
    if (circle && ![...found.values()].some(known => known.includes(file))) found.set(file, circle)
  }
  return [...found.values()]
}

/** From a file back to itself. */
function shortestWay(next: ReadonlyMap<string, readonly string[]>, start: string): string[] | undefined {
  const before = new Map<string, string>()
  for (const queue = [start]; queue.length; ) {
    const file = queue.shift()!
    for (const to of next.get(file) ?? []) {
      if (to === start) {
        const way = [file]
        while (way[0] !== start) way.unshift(before.get(way[0]!)!)
        return way
      }
      if (before.has(to)) continue
      before.set(to, file)
      queue.push(to)
    }
  }
  return undefined
}
