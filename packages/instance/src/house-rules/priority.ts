import { type Rule, will } from './save.ts'

/** Impact, urgency and the priority that they make, as an instance begins (contract servicenow-core.md 11.4). */
export const FIRST_PRIORITIES = [
  ['1', '1', '1'],
  ['1', '2', '2'],
  ['1', '3', '3'],
  ['2', '1', '2'],
  ['2', '2', '3'],
  ['2', '3', '4'],
  ['3', '1', '3'],
  ['3', '2', '4'],
  ['3', '3', '5'],
] as const

/** Priority is looked up on every save of an incident or problem; what was written to it is overwritten (contract servicenow-core.md 11.4). */
export const priority: Rule = (save, lookups) => {
  const found = lookups.priority(will(save, 'impact'), will(save, 'urgency'))
  if (found !== undefined) save.after.priority = found
}
