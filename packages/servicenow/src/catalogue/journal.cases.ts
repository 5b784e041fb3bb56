import type { CasesOf } from '../proof/case.ts'
import type { Ground } from '../proof/ground.ts'

export function journalCases({ sdk, make }: Ground): CasesOf<'journal'> {
  return {
    'journal.list': async () => {
      const sysId = await make('incident')
      await sdk.incident.addComment({ sysId, text: 'hello' })
      return { input: { recordIds: [sysId] }, answer: { rows: [{ element: 'comments', value: 'hello' }] } }
    },
    'journal.add': async () => {
      const sysId = await make('incident')
      return { input: { table: 'incident', sysId, element: 'comments', text: 'hello' }, answer: { sys_id: sysId } }
    },
  }
}
