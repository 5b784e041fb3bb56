import type { CasesOf } from '../proof/case.ts'
import type { Ground } from '../proof/ground.ts'

export function approvalCases({ makeApproval }: Ground): CasesOf<'approval'> {
  return {
    'approval.get': async () => {
      const { sysId } = await makeApproval()
      return { input: { sysId }, answer: { sys_id: sysId, state: 'requested' } }
    },
    'approval.list': async () => {
      const { change, sysId } = await makeApproval()
      return { input: { query: `sysapproval=${change}` }, answer: { rows: [{ sys_id: sysId }], total: 1 } }
    },
    'approval.listMine': async () => {
      const { change, sysId } = await makeApproval()
      return {
        input: { query: `sysapproval=${change}^NQsysapproval=${change}^ORDERBYsys_id` },
        answer: { rows: [{ sys_id: sysId }], total: 1 },
      }
    },
    'approval.approve': async () => ({ input: { sysId: (await makeApproval()).sysId }, answer: { state: 'approved' } }),
    'approval.reject': async () => ({ input: { sysId: (await makeApproval()).sysId, comments: 'no' }, answer: { state: 'rejected' } }),
  }
}
