import type { Dictionary } from '../dictionary/dictionary.ts'
import type { AfterRule, Rules } from '../records/rules.ts'
import { approvals } from './approvals.ts'
import { rollUps } from './roll-ups.ts'

const BUILT_IN: readonly AfterRule[] = [...rollUps, ...approvals]

/** The rules of one instance. */
export function rulesOf(dictionary: Dictionary): Rules {
  const after = byTable(dictionary, BUILT_IN)
  return {
    awaits: () => false,
    before: async () => {},
    following: (save, operation) => (after.get(save.table.name) ?? NONE).filter(rule => rule.applies(save, operation)),
  }
}

const NONE: readonly AfterRule[] = []

/** Which of the rules there are for each table, by its ancestors. */
function byTable<R extends { table: string }>(dictionary: Dictionary, rules: readonly R[]): ReadonlyMap<string, readonly R[]> {
  const found = new Map<string, readonly R[]>()
  for (const name of dictionary.tables.keys()) {
    const own = rules.filter(rule => dictionary.extends(name, rule.table))
    if (own.length > 0) found.set(name, own)
  }
  return found
}
