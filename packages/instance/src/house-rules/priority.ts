import { type Rule, will } from './save.ts'

/** Priority is looked up on every save of an incident or problem; what was written to it is overwritten (contract servicenow-core.md 11.4). */
export const priority: Rule = (save, lookups) => {
  const found = lookups.priority(will(save, 'impact'), will(save, 'urgency'))
  if (found !== undefined) save.after.priority = found
}
