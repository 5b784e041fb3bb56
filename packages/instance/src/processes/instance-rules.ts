import type { Dictionary } from '../dictionary/dictionary.ts'
import type { AfterRule, Rules } from '../records/after-rule.ts'
import type { Store } from '../records/store.ts'
import { approvals } from './approvals.ts'
import type { BusinessRule } from './business-rule.ts'
import { asAfterRule, inOrder, runBefore } from './business-rules.ts'
import { rollUps } from './roll-ups.ts'

const BUILT_IN: readonly AfterRule[] = [...rollUps, ...approvals]

/** The rules of one instance: its own, and those that somebody brought along. */
export function rulesOf(store: Store, own: readonly BusinessRule[] = []): Rules {
  const { dictionary } = store
  const ordered = inOrder(own)
  const before = byTable(
    dictionary,
    ordered.filter(({ when }) => when === 'before'),
  )
  const after = byTable(dictionary, [...BUILT_IN, ...ordered.filter(({ when }) => when === 'after').map(asAfterRule)])
  return {
    awaits: (table, operation) => before.get(table)?.some(rule => rule[operation]) ?? false,
    runBefore: async (planned, records) => {
      const rules = before.get(planned.save.table.name)?.filter(rule => rule[planned.operation])
      if (rules?.length) await runBefore(store, rules, planned, records)
    },
    following: (save, operation) => after.get(save.table.name)?.filter(rule => rule.applies(save, operation)) ?? NONE,
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
