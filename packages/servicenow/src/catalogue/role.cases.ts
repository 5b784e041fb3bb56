import type { CasesOf } from '../proof/case.ts'
import type { Ground } from '../proof/ground.ts'

export function roleCases({ readFirst }: Ground): CasesOf<'role'> {
  return {
    'role.get': async () => ({ input: { sysId: await readFirst('sys_user_role') }, answer: {} }),
    'role.getByName': async () => ({ input: { name: 'itil' }, answer: { name: 'itil' } }),
    'role.list': async () => ({ input: { query: 'name=itil' }, answer: { rows: [{ name: 'itil' }], total: 1 } }),
  }
}
