import { changes, NOW, type Rule, will } from './save.ts'

/** Who opened it and when (contract servicenow-core.md 11.3). */
export const opening: Rule = save => {
  if (save.before) return
  if (will(save, 'opened_at') === '') save.after.opened_at = NOW
  if (will(save, 'opened_by') === '') save.after.opened_by = save.caller.sysId
}

/** Counts how often the work moved from one group to another. */
export const reassignment: Rule = save => {
  if (!changes(save, 'assignment_group') || !save.before?.assignment_group) return
  save.after.reassignment_count = String(Number(save.before.reassignment_count || '0') + 1)
}
