import { DEMO } from '@deskbridge/instance'
import type { CasesOf } from '../proof/case.ts'
import type { Ground } from '../proof/ground.ts'
import { taskCases } from '../rows/task-rows.cases.ts'
import type { Row } from '../table-api/row.ts'

const CLOSING = { close_code: 'Solution provided', close_notes: 'done' }

export function incidentCases(ground: Ground): CasesOf<'incident'> {
  const { make } = ground
  const caseWith = async (values: Row, answer: object, more: object = {}) => ({
    input: { sysId: await make('incident', values), ...more },
    answer,
  })
  return {
    ...taskCases(ground, 'incident', 'incident'),
    'incident.assign': () =>
      caseWith({}, { assignment_group: DEMO.networkGroup.sysId }, { group: DEMO.networkGroup.sysId, workNote: 'yours' }),
    'incident.startWork': () => caseWith({}, { state: '2' }),
    'incident.putOnHold': async () => ({
      input: { sysId: await make('incident'), reason: 'vendor', workNote: 'ordered' },
      answer: { state: '3', hold_reason: '4' },
    }),
    'incident.resolve': async () => ({
      input: { sysId: await make('incident'), closeCode: CLOSING.close_code, closeNotes: 'replaced', comment: 'done' },
      answer: { state: '6', active: 'true', close_notes: 'replaced' },
    }),
    'incident.reopen': () => caseWith({ state: '6', ...CLOSING }, { state: '2', reopen_count: '1' }),
    'incident.close': () => caseWith({ state: '6', ...CLOSING }, { state: '7', active: 'false' }),
    'incident.cancel': () => caseWith({}, { state: '8', active: 'false' }),
    'incident.addComment': async () => ({ input: { sysId: await make('incident'), text: 'hello' }, answer: {} }),
    'incident.addWorkNote': async () => ({ input: { sysId: await make('incident'), text: 'internal' }, answer: {} }),
  }
}
