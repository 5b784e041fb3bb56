import { z } from 'zod'
import { action } from '../performing/action.ts'
import { CHANGE, changeCall, MAY_READ, MAY_SCHEDULE, MAY_WRITE, SOURCE } from '../rows/change-calls.ts'
import { conflictCheckFrom, conflictsCall, conflictsOutput, STILL_RUNNING } from '../rows/conflicts.ts'
import * as input from '../rows/input.ts'
import { awaitWorker, pollUntil, type Worker, workerCall, workerFrom, workerOutput } from '../rows/worker.ts'

/** When a change may be done, and what stands in its way (servicenow-core 9.2, 9.4). */

const sysId = input.sysId.describe('sys_id of the change request.')
const moment = (value: string) => ({ value, display_value: value })
const WORKER: Worker = {
  worker: '7b1f4b7ec0a801660064bc1d2f6c1e65',
  state: 'complete',
  messages: [],
  spans: [{ start: moment('2026-02-01 20:00:00'), end: moment('2026-02-01 22:00:00') }],
}

const NO_CONFLICT = { status: 'No Conflict', lastRun: '2026-01-31 10:00:05', jobStatus: 'Complete', conflicts: [] }

export const changeScheduleActions = [
  action({
    name: 'change.conflicts',
    title: 'List the conflicts of a change',
    whenToUse: 'To read what the last check for conflicts found.',
    effect: 'reads',
    shape: 'own',
    needs: MAY_READ,
    paging: 'none',
    input: z.strictObject({ sysId }),
    output: conflictsOutput,
    request: ({ sysId }) => conflictsCall(sysId),
    perform: async (sender, call) => conflictCheckFrom(sender, (await sender.send(call)).result),
    example: { input: { sysId: CHANGE }, output: NO_CONFLICT },
    source: `${SOURCE}, GET /change/{sys_id}/conflict (servicenow-core 9.2)`,
    repeat: 'safe',
  }),
  action({
    name: 'change.checkConflicts',
    title: 'Check a change for conflicts',
    whenToUse:
      'To have ServiceNow look for what stands in the way of a change, and wait for the outcome. It needs an item and planned dates.',
    effect: 'changes',
    shape: 'own',
    needs: MAY_WRITE,
    paging: 'none',
    input: z.strictObject({ sysId }),
    output: conflictsOutput,
    request: ({ sysId }) => changeCall('POST', `/${sysId}/conflict`, { json: {} }),
    perform: async (sender, call, { sysId }) => {
      await sender.send(call)
      const look = async () => conflictCheckFrom(sender, (await sender.send(conflictsCall(sysId))).result)
      return pollUntil(sender, await look(), ({ jobStatus }) => !STILL_RUNNING.test(jobStatus), look)
    },
    example: { input: { sysId: CHANGE }, output: NO_CONFLICT },
    source: `${SOURCE}, POST and GET /change/{sys_id}/conflict (servicenow-core 9.2)`,
    repeat: { probe: 'Ask change.conflicts for lastRun; the same check again does no harm.' },
  }),
  action({
    name: 'change.freeTime',
    title: 'Find free time for a change',
    whenToUse: 'To see when the item of a change is free for as long as the change is planned to take.',
    effect: 'reads',
    shape: 'own',
    needs: MAY_SCHEDULE,
    paging: 'none',
    input: z.strictObject({ sysId }),
    output: workerOutput,
    request: ({ sysId }) => changeCall('GET', `/${sysId}/schedule`),
    perform: async (sender, call) => awaitWorker(sender, workerFrom(sender, (await sender.send(call)).result)),
    example: { input: { sysId: CHANGE }, output: WORKER },
    source: `${SOURCE}, GET /change/{sys_id}/schedule (servicenow-core 9.2, 9.4)`,
    repeat: 'safe',
  }),
  action({
    name: 'change.takeFirstFreeTime',
    title: 'Plan a change for the first free time',
    whenToUse: 'To set the planned dates of a change to the first time that is free for its item.',
    effect: 'changes',
    shape: 'own',
    needs: MAY_SCHEDULE,
    paging: 'none',
    input: z.strictObject({
      sysId,
      durationSeconds: z.int().min(1).describe('How long the change takes, in seconds.'),
      notBefore: z
        .string()
        .regex(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/, 'a time is written YYYY-MM-DD HH:MM:SS, in UTC')
        .optional()
        .describe('Not before this time: YYYY-MM-DD HH:MM:SS in UTC.'),
    }),
    output: workerOutput,
    request: ({ sysId, durationSeconds, notBefore }) =>
      changeCall('PATCH', `/${sysId}/schedule/first_available`, {
        json: { duration_in_seconds: durationSeconds, planned_start_time: notBefore },
      }),
    perform: async (sender, call) => awaitWorker(sender, workerFrom(sender, (await sender.send(call)).result)),
    example: { input: { sysId: CHANGE, durationSeconds: 7200 }, output: WORKER },
    source: `${SOURCE}, PATCH /change/{sys_id}/schedule/first_available (servicenow-core 9.2, 9.4)`,
    repeat: { probe: 'Ask change.get for start_date and end_date.' },
  }),
  action({
    name: 'change.worker',
    title: 'See what became of work on a change',
    whenToUse: 'To ask again for work that ServiceNow had not finished when an action answered "waiting".',
    effect: 'reads',
    shape: 'own',
    needs: MAY_READ,
    paging: 'none',
    input: z.strictObject({ worker: input.sysId.describe('sys_id of the worker, from the answer of an action.') }),
    output: workerOutput,
    request: ({ worker }) => workerCall(worker),
    perform: async (sender, call) => workerFrom(sender, (await sender.send(call)).result),
    example: { input: { worker: WORKER.worker }, output: WORKER },
    source: `${SOURCE}, GET /change/worker/{sys_id} (servicenow-core 9.4)`,
    repeat: 'safe',
  }),
] as const
