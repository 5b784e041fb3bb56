import type { ApiCall } from '../call/call.ts'
import { newSave, writeNew } from '../records/insert.ts'
import { readStored } from '../records/update.ts'
import { noRecord } from '../refusals/table.ts'
import { newSysId } from '../sys-id.ts'
import { json } from '../wire/answer.ts'
import { assertRole, tableNamed } from './change-rows.ts'

/** The worker object of what the Change Management API does asynchronously (contract servicenow-core.md 9.4). */

const TABLE = 'practice_change_worker'
const [WAITING, , COMPLETE, ERROR] = ['1', '2', '3', '4'] as const
const LABELS: Readonly<Record<string, string>> = { '1': 'Waiting', '2': 'In-Progress', '3': 'Complete', '4': 'Error' }

/** What was done, as a worker shows it. */
export interface FinishedWork {
  readonly type: 'affected' | 'impacted' | 'offering' | 'schedule'
  readonly request: object
  readonly errors?: readonly string[]
  readonly infos?: readonly string[]
  readonly spans?: readonly (readonly [start: string, end: string])[]
}

/** Here the work is done when the answer goes out; the answer says Waiting, as there, and the worker's own address tells the outcome. */
export async function answerWithWorker(call: ApiCall, status: 200 | 202, done: FinishedWork): Promise<Response> {
  const table = tableNamed(call, TABLE)
  const values = {
    type: done.type,
    request: JSON.stringify(done.request),
    state: done.errors?.length ? ERROR : COMPLETE,
    messages: JSON.stringify({ errorMessages: done.errors ?? [], warningMessages: [], infoMessages: done.infos ?? [] }),
    payload: done.spans === undefined ? '' : JSON.stringify(done.spans),
  }
  const sysId = newSysId()
  const save = newSave(table, call.caller, { values, journals: {} })
  await writeNew(call.practice, call.practice.database, { save, sysId, projection: call.practice.projections.of(table, 'sys_id', 'false') })
  const nothingYet = { ...values, state: WAITING, messages: '{"errorMessages":[],"warningMessages":[],"infoMessages":[]}', payload: '' }
  return json(status, { result: worker(call, sysId, nothingYet) })
}

function worker(call: ApiCall, sysId: string, { type, request, state, messages, payload }: Record<string, string>) {
  const moment = (value: string) => ({ value, display_value: value })
  const spans = payload ? (JSON.parse(payload) as [string, string][]) : undefined
  return {
    worker: { sysId, link: `${call.practice.baseUrl}/api/sn_chg_rest/v1/change/worker/${sysId}` },
    request,
    state: { value: Number(state), display_value: LABELS[state ?? ''] ?? '' },
    type,
    messages: JSON.parse(messages ?? '{}') as object,
    ...(spans ? { payload: { spans: spans.map(([start, end]) => ({ start: moment(start), end: moment(end) })) } } : {}),
  }
}

/** GET /change/worker/{id} */
export async function readWorker(call: ApiCall): Promise<Response> {
  assertRole(call, 'read')
  const sysId = (call.parameters.sysId ?? '').replaceAll('\0', '')
  const stored = await readStored(call.practice, { table: tableNamed(call, TABLE), sysId })
  if (!stored) throw noRecord()
  return json(200, { result: worker(call, sysId, stored.values) })
}
