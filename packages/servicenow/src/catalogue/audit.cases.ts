import type { CasesOf } from '../proof/case.ts'
import { containing, type Ground } from '../proof/ground.ts'

export function auditCases({ sdk, make }: Ground): CasesOf<'audit'> {
  return {
    'audit.list': async () => {
      const sysId = await make('incident')
      await sdk.incident.startWork({ sysId })
      return { input: { recordIds: [sysId] }, answer: { rows: containing({ fieldname: 'state', newvalue: '2' }) } }
    },
  }
}
