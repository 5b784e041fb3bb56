import { z } from 'zod'
import { action } from '../performing/action.ts'
import {
  CHANGE,
  changeCall,
  changeListing,
  changesFrom,
  listParameters,
  MAY_READ,
  MAY_WRITE,
  records,
  SOURCE,
  saved,
  savedChangeFrom,
} from '../rows/change-calls.ts'
import * as input from '../rows/input.ts'
import { awaitWorker, type Worker, workerFrom, workerOutput } from '../rows/worker.ts'

/** Tasks of a change, and the items it touches (servicenow-core 9.2, 9.4). Single tasks are changeTask.get and changeTask.update. */

const shown = (value: string, display_value = value) => ({ value, display_value })
const sysId = input.sysId.describe('sys_id of the change request.')
const association = z
  .enum(['affected', 'impacted', 'offering'])
  .describe('affected: what is changed. impacted: services that feel it. offering: service offerings.')
const WORKER: Worker = { worker: '7b1f4b7ec0a801660064bc1d2f6c1e65', state: 'complete', messages: [], spans: [] }

export const changeTasksAndItemsActions = [
  action({
    name: 'change.tasks',
    title: 'List the tasks of a change',
    whenToUse: 'To see what is to be done for a change, task by task.',
    effect: 'reads',
    shape: 'own',
    needs: MAY_READ,
    paging: 'offset',
    input: z.strictObject({ sysId, ...changeListing }),
    output: records,
    request: ({ sysId, ...asked }) => changeCall('GET', `/${sysId}/task`, { parameters: listParameters(asked) }),
    perform: async (sender, call) => changesFrom(sender, (await sender.send(call)).result),
    example: {
      input: { sysId: CHANGE },
      output: { rows: [{ number: shown('CTASK0010001'), state: shown('1', 'Open'), parent: shown(CHANGE, 'CHG0030001') }] },
    },
    source: `${SOURCE}, GET /change/{sys_id}/task (servicenow-core 9.2)`,
    repeat: 'safe',
  }),
  action({
    name: 'change.addTask',
    title: 'Add a task to a change',
    whenToUse: 'To give a change another task. Its type (change_task_type) is planning, implementation, testing or review.',
    effect: 'changes',
    shape: 'own',
    needs: MAY_WRITE,
    paging: 'none',
    input: input.writing({ sysId }, {}),
    output: saved,
    request: ({ sysId, ...asked }) => changeCall('POST', `/${sysId}/task`, { json: input.fieldsToWrite(asked) }),
    perform: async (sender, call) => savedChangeFrom(sender, (await sender.send(call)).result),
    example: {
      input: { sysId: CHANGE, values: { short_description: 'Mount the new switch', correlation_id: 'db-4715' } },
      output: { record: { number: shown('CTASK0010001'), parent: shown(CHANGE, 'CHG0030001') }, ignoredFields: [] },
    },
    source: `${SOURCE}, POST /change/{sys_id}/task (servicenow-core 9.2)`,
    repeat: { probe: 'Give it a correlation_id of your own and ask changeTask.list for it.' },
  }),
  action({
    name: 'change.items',
    title: 'List the configuration items of a change',
    whenToUse: 'To see what a change touches: the items that are changed, the services that feel it, or the offerings.',
    effect: 'reads',
    shape: 'own',
    needs: MAY_READ,
    paging: 'offset',
    input: z.strictObject({ sysId, association, ...changeListing }),
    output: records,
    request: ({ sysId, association, ...asked }) =>
      changeCall('GET', `/${sysId}/ci`, { parameters: { association_type: association, ...listParameters(asked) } }),
    perform: async (sender, call) => changesFrom(sender, (await sender.send(call)).result),
    example: {
      input: { sysId: CHANGE, association: 'affected' },
      output: { rows: [{ ci_item: shown('b0c25d1bc0a800090168be1bfcdcd759', 'switch-04') }] },
    },
    source: `${SOURCE}, GET /change/{sys_id}/ci (servicenow-core 9.2)`,
    repeat: 'safe',
  }),
  action({
    name: 'change.addItems',
    title: 'Add configuration items to a change',
    whenToUse: 'To say what a change touches. ServiceNow works on it for a while; the answer is what came of it.',
    effect: 'changes',
    shape: 'own',
    needs: MAY_WRITE,
    paging: 'none',
    input: z.strictObject({
      sysId,
      association,
      items: z.array(input.sysId).min(1).max(500).describe('sys_ids of the configuration items.'),
      refreshImpactedServices: z.boolean().optional().describe('Also find the services that depend on them.'),
    }),
    output: workerOutput,
    request: ({ sysId, association, items, refreshImpactedServices }) =>
      changeCall('POST', `/${sysId}/ci`, {
        json: { cmdb_ci_sys_ids: items, association_type: association, refresh_impacted_services: refreshImpactedServices ?? false },
      }),
    perform: async (sender, call) => awaitWorker(sender, workerFrom(sender, (await sender.send(call)).result)),
    example: { input: { sysId: CHANGE, association: 'affected', items: ['b0c25d1bc0a800090168be1bfcdcd759'] }, output: WORKER },
    source: `${SOURCE}, POST /change/{sys_id}/ci (servicenow-core 9.2, 9.4)`,
    repeat: { probe: 'Ask change.items: what is there is not added twice.' },
  }),
  action({
    name: 'change.refreshImpactedServices',
    title: 'Find the services that a change impacts',
    whenToUse: 'To have ServiceNow find anew which services depend on the items of a change.',
    effect: 'changes',
    shape: 'own',
    needs: MAY_WRITE,
    paging: 'none',
    input: z.strictObject({ sysId }),
    output: workerOutput,
    request: ({ sysId }) => changeCall('POST', `/${sysId}/refresh_impacted_services`, { json: {} }),
    perform: async (sender, call) => awaitWorker(sender, workerFrom(sender, (await sender.send(call)).result)),
    example: { input: { sysId: CHANGE }, output: WORKER },
    source: `${SOURCE}, POST /change/{sys_id}/refresh_impacted_services (servicenow-core 9.2, 9.4)`,
    repeat: { probe: 'Ask change.items with impacted; the same again gives the same services.' },
  }),
] as const
