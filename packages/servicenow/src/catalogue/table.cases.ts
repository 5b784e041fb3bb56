import { DEMO } from '@deskbridge/instance'
import type { CasesOf } from '../proof/case.ts'
import type { Ground } from '../proof/ground.ts'

export function tableCases({ make }: Ground): CasesOf<'table'> {
  return {
    'table.list': async () => ({
      input: { table: 'sys_user', query: 'user_name=admin' },
      answer: { rows: [{ user_name: 'admin' }], total: 1 },
    }),
    'table.get': async () => ({ input: { table: 'sys_user', sysId: DEMO.admin.sysId }, answer: { user_name: 'admin' } }),
    'table.create': async () => ({ input: { table: 'problem', values: { short_description: 'p' } }, answer: { short_description: 'p' } }),
    'table.update': async () => ({
      input: { table: 'problem', sysId: await make('problem'), values: { impact: '1' } },
      answer: { impact: '1' },
    }),
    'table.delete': async () => ({ input: { table: 'problem', sysId: await make('problem') }, answer: { deleted: true } }),
    'table.count': async () => {
      const sysId = await make('problem')
      return { input: { table: 'problem', query: `sys_id=${sysId}` }, answer: { count: 1 } }
    },
    'table.aggregate': async () => {
      const parent = await make('problem')
      for (const impact of ['1', '1', '3']) await make('problem_task', { parent, impact })
      return {
        input: { table: 'problem_task', query: `parent=${parent}`, groupBy: ['impact'], max: ['impact'], having: 'count^impact^>^1' },
        answer: { rows: [{ group: { impact: { value: '1', display_value: '1 - High' } }, count: '2', max: { impact: '1' } }] },
      }
    },
    'table.describe': async () => ({ input: { table: 'incident' }, answer: { name: 'incident', label: 'Incident', extends: ['task'] } }),
  }
}
