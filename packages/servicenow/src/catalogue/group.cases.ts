import { DEMO } from '@deskbridge/instance'
import type { CasesOf } from '../proof/case.ts'
import { type Ground, unique } from '../proof/ground.ts'

export function groupCases({ makeNamed, makeUser, makeMembership }: Ground): CasesOf<'group'> {
  return {
    'group.get': async () => ({ input: { sysId: DEMO.networkGroup.sysId }, answer: { name: 'Network' } }),
    'group.getByName': async () => ({ input: { name: 'Network' }, answer: { sys_id: DEMO.networkGroup.sysId } }),
    'group.list': async () => ({ input: { query: 'name=Network' }, answer: { rows: [{ sys_id: DEMO.networkGroup.sysId }], total: 1 } }),
    'group.create': async () => {
      const name = unique('group')
      return { input: { values: { name } }, answer: { name } }
    },
    'group.update': async () => ({
      input: { sysId: (await makeNamed('sys_user_group')).sysId, values: { description: 'd' } },
      answer: { description: 'd' },
    }),
    'group.members': async () => {
      const { input, sysId } = await makeMembership()
      return { input: { group: input.group }, answer: { rows: [{ sys_id: sysId, user: input.user }], total: 1 } }
    },
    'group.addMember': async () => {
      const input = { group: (await makeNamed('sys_user_group')).sysId, user: (await makeUser()).sysId }
      return { input, answer: input }
    },
    'group.removeMember': async () => ({ input: (await makeMembership()).input, answer: { deleted: true } }),
  }
}
