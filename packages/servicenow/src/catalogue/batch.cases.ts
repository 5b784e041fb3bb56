import type { CasesOf } from '../proof/case.ts'
import type { Ground } from '../proof/ground.ts'

export function batchCases({ makeNumbered }: Ground): CasesOf<'batch'> {
  return {
    'batch.read': async () => {
      const { sysId, number } = await makeNumbered('incident')
      const requests = [
        { path: `/api/now/table/incident/${sysId}`, parameters: { sysparm_fields: 'number' } },
        { path: '/api/now/table/nope' },
      ]
      return {
        input: { requests },
        answer: {
          answers: [
            { id: '0', ok: true, body: { result: { number } } },
            { id: '1', status: 400, ok: false },
          ],
          unserviced: [],
        },
      }
    },
    'batch.send': async () => ({
      input: { requests: [{ method: 'POST', path: '/api/now/table/incident', json: { short_description: 'übers Netz' } }] },
      answer: { answers: [{ status: 201, ok: true, body: { result: { short_description: 'übers Netz' } } }] },
    }),
  }
}
