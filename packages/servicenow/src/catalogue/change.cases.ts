import { DEMO } from '@deskbridge/instance'
import { expect } from 'vitest'
import type { CasesOf } from '../proof/case.ts'
import { containing, description, type Ground } from '../proof/ground.ts'
import { taskCases } from '../rows/task-rows.cases.ts'

const ITEM = DEMO.configurationItems.north[0].sysId
const PLANNED = { start_date: '2031-02-01 20:00:00', end_date: '2031-02-01 22:00:00', cmdb_ci: ITEM }
const TEMPLATE_TABLE = 'std_change_record_producer'
const A_SYS_ID = expect.stringMatching(/^[0-9a-f]{32}$/) as string

export function changeCases(ground: Ground): CasesOf<'change'> {
  const { sdk, make, makeNumbered, makeApproval, readFirst } = ground
  return {
    ...taskCases(ground, 'change', 'change_request'),
    'change.createNormal': async () => ({
      input: { values: description() },
      answer: { record: { type: { value: 'normal' }, state: { value: '-5', display_value: 'New' } }, ignoredFields: [] },
    }),
    'change.createEmergency': async () => ({ input: { values: description() }, answer: { record: { type: { value: 'emergency' } } } }),
    'change.createStandard': async () => ({
      input: { template: await readFirst(TEMPLATE_TABLE), values: { correlation_id: 'c' } },
      answer: { record: { type: { value: 'standard' }, correlation_id: { value: 'c' } }, ignoredFields: [] },
    }),
    'change.templates': async () => ({ input: { limit: 1 }, answer: { rows: [{ sys_id: { value: A_SYS_ID } }] } }),
    'change.models': async () => ({ input: { limit: 1 }, answer: { rows: [{ sys_id: { value: A_SYS_ID } }] } }),
    'change.nextStates': async () => ({
      input: { sysId: await make('change_request', { type: 'normal' }) },
      answer: { states: containing({ value: '-4', label: 'Assess' }) },
    }),
    'change.approve': async () => ({
      input: { sysId: (await makeApproval()).change, comments: 'yes' },
      answer: { approval: { value: 'approved' } },
    }),
    'change.reject': async () => ({
      input: { sysId: (await makeApproval()).change, comments: 'no' },
      answer: { approval: { value: 'rejected' } },
    }),
    'change.calculateRisk': async () => ({
      input: { sysId: await make('change_request', { impact: '1' }) },
      answer: { risk: { value: '2' } },
    }),
    'change.delete': async () => {
      const { sysId, number } = await makeNumbered('change_request')
      return { input: { sysId }, answer: { number: { value: number } } }
    },
    'change.tasks': async () => {
      const sysId = await make('change_request')
      await make('change_task', { change_request: sysId, parent: sysId })
      return { input: { sysId }, answer: { rows: [{ parent: { value: sysId } }] } }
    },
    'change.addTask': async () => {
      const sysId = await make('change_request')
      return { input: { sysId, values: description() }, answer: { record: { parent: { value: sysId } } } }
    },
    'change.items': async () => {
      const sysId = await make('change_request')
      await sdk.change.addItems({ sysId, association: 'affected', items: [ITEM] })
      return { input: { sysId, association: 'affected' }, answer: { rows: [{ ci_item: { value: ITEM } }] } }
    },
    'change.addItems': async () => ({
      input: { sysId: await make('change_request'), association: 'affected', items: [ITEM] },
      answer: { state: 'complete', messages: [] },
    }),
    'change.refreshImpactedServices': async () => ({ input: { sysId: await make('change_request') }, answer: { state: 'complete' } }),
    'change.conflicts': async () => ({ input: { sysId: await make('change_request') }, answer: { status: 'Not Run', conflicts: [] } }),
    'change.checkConflicts': async () => ({
      input: { sysId: await make('change_request', { ...PLANNED, cmdb_ci: await make('cmdb_ci_server') }) },
      answer: { status: 'No Conflict', jobStatus: 'Complete', conflicts: [] },
    }),
    'change.freeTime': async () => ({
      input: { sysId: await make('change_request', { ...PLANNED, cmdb_ci: await make('cmdb_ci_server') }) },
      answer: { state: 'complete', spans: [{ start: { value: '2031-02-01 20:00:00' } }] },
    }),
    'change.takeFirstFreeTime': async () => ({
      input: {
        sysId: await make('change_request', { cmdb_ci: await make('cmdb_ci_server') }),
        durationSeconds: 3600,
        notBefore: '2031-03-01 10:00:00',
      },
      answer: { state: 'complete', messages: ['Change has been updated'] },
    }),
    'change.worker': async () => {
      const { worker } = await sdk.change.refreshImpactedServices({ sysId: await make('change_request') })
      return { input: { worker }, answer: { worker, state: 'complete' } }
    },
  }
}
