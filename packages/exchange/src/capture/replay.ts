import type { Save } from './saves.ts'
import type { LiveRecord } from './sources.ts'

/** A save, with the ticket's values before and after it. `item_states` are the states of a request's items. */
export interface Replayed {
  save: Save
  before: Record<string, string>
  after: Record<string, string>
}

/** Goes back from the values as they are now, save by save, so that each can be judged by what it changed. */
export function replay(live: LiveRecord, saves: readonly Save[]): Replayed[] {
  let values = live.values
  const items = new Map(live.items.map(item => [item.sysId, item.values.state ?? '']))
  const now = () => ({ ...values, item_states: [...items.values()].join(',') })
  const steps: Replayed[] = []
  for (const save of saves.toReversed()) {
    const after = now()
    if (save.recordSysId === live.sysId) {
      values = { ...values, ...Object.fromEntries([...save.changes].map(([field, { from }]) => [field, from])) }
    } else {
      const state = save.changes.get('state')
      if (state) items.set(save.recordSysId, state.from)
      if (save.creation) items.delete(save.recordSysId)
    }
    steps.unshift({ save, before: now(), after })
  }
  return steps
}
