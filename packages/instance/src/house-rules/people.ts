import { type Rule, will } from './save.ts'

/** A user's name is computed from its parts (contract servicenow-core.md 8.3). */
export const fullName: Rule = save => {
  save.after.name = [will(save, 'first_name'), will(save, 'last_name')].filter(part => part !== '').join(' ')
}
