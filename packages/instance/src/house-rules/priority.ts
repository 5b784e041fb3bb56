import { type Rule, will } from './save.ts'

/** Impact down, urgency across (contract servicenow-core.md 11.4; table `dl_u_priority`). */
const MATRIX = [
  ['1', '2', '3'],
  ['2', '3', '4'],
  ['3', '4', '5'],
]

/** Priority is computed on every save of an incident or problem; what was written to it is overwritten. */
export const priority: Rule = save => {
  const found = MATRIX[Number(will(save, 'impact')) - 1]?.[Number(will(save, 'urgency')) - 1]
  if (found !== undefined) save.after.priority = found
}
