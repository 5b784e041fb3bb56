import { ALL_RIGHTS } from '../caller/rights.ts'
import { type Save, will } from '../house-rules/save.ts'
import type { AfterRule, Records, Saved } from '../records/after-rule.ts'
import { readInput } from '../records/input.ts'
import type { Store } from '../records/store.ts'
import { Refusal } from '../refusals/refusal.ts'
import { abortedBy } from '../refusals/table.ts'
import { fixedSysId } from '../sys-id.ts'
import type { BusinessRule, RuleMoment } from './business-rule.ts'

/** Runs business rules of somebody's own (types: business-rule.ts). */

const DEFAULT_ORDER = 100

/** The rules by their `order`, 100 where they name none. */
export function inOrder(rules: readonly BusinessRule[]): BusinessRule[] {
  return [...rules].sort((a, b) => (a.order ?? DEFAULT_ORDER) - (b.order ?? DEFAULT_ORDER))
}

/** Lets the before-rules look at a save, one after the other; what they assign is read as a write's fields are. */
export async function runBefore(store: Store, rules: readonly BusinessRule[], planned: Saved, records: Records): Promise<void> {
  const { save, operation } = planned
  for (const rule of rules) {
    const current = asText(save)
    const kept = { ...current }
    await runGuarded(rule, momentOf(rule, planned, current, records))
    const assigned = Object.fromEntries(Object.entries(current).filter(([name, value]) => value !== kept[name]))
    if (operation === 'delete' || Object.keys(assigned).length === 0) continue
    const { values, journals } = await readInput(store, {
      table: save.table,
      body: assigned,
      caller: { ...save.caller, ...INSTANCE },
    })
    Object.assign(save.after, values)
    Object.assign(save.journals, journals)
  }
}

/** A rule may assign what the user may not write. */
const INSTANCE = { zone: 'UTC', rights: ALL_RIGHTS }

/** An after-rule as what follows from a save. A rule that fails takes back what it did itself, and the save stands, as on an instance. */
export function asAfterRule(rule: BusinessRule): AfterRule {
  return {
    table: rule.table,
    applies: (_, operation) => rule[operation] === true,
    run: async (saved, records) => {
      await records.run('savepoint business_rule')
      try {
        await runGuarded(rule, momentOf(rule, saved, asText(saved.save), records))
        await records.run('release savepoint business_rule')
      } catch (error) {
        if (error instanceof Refusal) throw error
        await records.run('rollback to savepoint business_rule')
      }
    },
  }
}

/** A failing script is logged, and the others go on; one that aborts, or meets a refusal, stops the save. */
async function runGuarded(rule: BusinessRule, moment: RuleMoment): Promise<void> {
  try {
    if (rule.condition && !rule.condition(moment)) return
    await rule.run(moment)
  } catch (error) {
    if (!(error instanceof Refusal)) console.error(`practice instance: business rule "${rule.name}" failed:`, error)
    if (error instanceof Refusal || rule.when === 'after') throw error
  }
}

/** Values that the database computes on saving are not known yet. */
function asText(save: Save): Record<string, string> {
  return Object.fromEntries([...save.table.columns.keys()].map(name => [name, will(save, name)]))
}

function momentOf(rule: BusinessRule, { save, sysId, operation }: Saved, current: Record<string, string>, records: Records): RuleMoment {
  const { caller, table } = save
  const previous = save.before ?? {}
  return {
    operation,
    table: table.name,
    sysId,
    current,
    previous,
    user: { sysId: caller.sysId, userName: caller.userName, name: caller.name, roles: caller.roles },
    changes: field => (save.before === undefined ? (current[field] ?? '') !== '' : current[field] !== (previous[field] ?? '')),
    abort: () => {
      throw abortedBy(table.name, { name: rule.name, sysId: fixedSysId(`rule ${rule.name}`) })
    },
    records: {
      find: (name, query) => records.find(name, query),
      insert: (name, values) => records.insert(name, values),
      update: (name, id, values) => records.update(name, id, values),
      delete: (name, id) => records.delete(name, id),
    },
  }
}
