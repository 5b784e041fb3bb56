import { DEMO } from '@deskbridge/instance'
import type { CasesOf } from '../proof/case.ts'
import { containing, type Ground, unique } from '../proof/ground.ts'

export function userCases({ makeUser, makeMembership }: Ground): CasesOf<'user'> {
  return {
    'user.current': async () => ({ input: {}, answer: { sys_id: DEMO.admin.sysId, user_name: 'admin' } }),
    'user.get': async () => ({ input: { sysId: DEMO.admin.sysId }, answer: { user_name: 'admin' } }),
    'user.getByUserName': async () => ({ input: { userName: 'admin' }, answer: { sys_id: DEMO.admin.sysId } }),
    'user.list': async () => ({ input: { query: 'user_name=admin' }, answer: { rows: [{ sys_id: DEMO.admin.sysId }], total: 1 } }),
    'user.create': async () => {
      const user_name = unique('user').replaceAll(' ', '.')
      return { input: { values: { user_name, first_name: 'Demo', last_name: 'Person' } }, answer: { user_name, active: 'true' } }
    },
    'user.update': async () => ({ input: { sysId: (await makeUser()).sysId, values: { active: false } }, answer: { active: 'false' } }),
    'user.groups': async () => {
      const { input, sysId } = await makeMembership()
      return { input: { user: input.user }, answer: { rows: [{ sys_id: sysId, group: input.group }], total: 1 } }
    },
    'user.roles': async () => ({
      input: { user: DEMO.admin.sysId, fields: ['role.name'] },
      answer: { rows: containing({ 'role.name': 'admin' }) },
    }),
  }
}
