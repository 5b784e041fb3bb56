import type { ApiCall } from '../call/call.ts'
import { NOW } from '../house-rules/save.ts'
import { newSave, writeNew } from '../records/insert.ts'
import { readStored, type Stored } from '../records/update.ts'
import { updateRecord } from '../records/writing.ts'
import { wrongRequest } from '../refusals/change.ts'
import { noRecord } from '../refusals/table.ts'
import { newSysId } from '../sys-id.ts'
import { instantOfUtc, utcText } from '../time/time-zone.ts'
import { json } from '../wire/answer.ts'
import { readObject } from '../wire/body.ts'
import { assertRole, findChange, listRows, tableNamed } from './change-rows.ts'
import { answerWithWorker } from './change-worker.ts'

/** Conflicts and free time of a change's configuration item (contract servicenow-core.md 9.2, 9.4). */

/** Property `change.conflict.next_available.schedule_window`: 90 days. */
const WINDOW_MS = 90 * 86_400_000

type Span = readonly [start: number, end: number]

/** When other open changes work on an item, in order. */
async function findBusy({ practice: { database } }: ApiCall, ciId: string, exceptId: string): Promise<{ id: string; span: Span }[]> {
  const rows = await database.run(
    `select sys_id, start_date, end_date from ${database.name('task')}
      where sys_class_name = 'change_request' and active and cmdb_ci = $1 and sys_id <> $2
        and start_date is not null and end_date is not null order by start_date, sys_id`,
    [ciId, exceptId],
  )
  return rows.map(([id, start, end]) => ({ id: id!, span: [instantOfUtc(start!)!, instantOfUtc(end!)!] }))
}

function plannedSpan({ values }: Stored): Span | undefined {
  const start = instantOfUtc(values.start_date ?? '')
  const end = instantOfUtc(values.end_date ?? '')
  return start === undefined || end === undefined ? undefined : [start, end]
}

const overlap = ([a, b]: Span, [c, d]: Span) => a < d && c < b

/** What is left of the window from a moment on, in pieces that are long enough. */
function freeSpans(taken: readonly Span[], from: number, length: number): Span[] {
  const spans: Span[] = []
  let start = from
  for (const [busyFrom, busyTo] of [...taken].sort(([a], [b]) => a - b)) {
    if (busyFrom - start >= length) spans.push([start, busyFrom])
    start = Math.max(start, busyTo)
  }
  const end = from + WINDOW_MS
  return end - start >= length ? [...spans, [start, end]] : spans
}

const asText = ([start, end]: Span) => [utcText(start), utcText(end)] as const

/** GET /change/{id}/schedule */
export async function readSchedule(call: ApiCall): Promise<Response> {
  assertRole(call, 'write')
  const change = await findChange(call)
  const ciId = change.values.cmdb_ci ?? ''
  const span = plannedSpan(change)
  if (ciId === '' || !span) throw wrongRequest('The change needs a configuration item and planned start and end dates')
  const taken = (await findBusy(call, ciId, change.sysId)).map(one => one.span)
  const spans = freeSpans(taken, span[0], span[1] - span[0]).map(asText)
  return answerWithWorker(call, 202, { type: 'schedule', request: { sys_id: change.sysId }, spans })
}

/** PATCH /change/{id}/schedule/first_available */
export async function takeFirst(call: ApiCall): Promise<Response> {
  assertRole(call, 'write')
  const change = await findChange(call)
  const body = { ...Object.fromEntries(call.url.searchParams), ...(await readObject(call.request)) }
  const own = plannedSpan(change)
  const length = lengthOf(body.duration_in_seconds) ?? (own && own[1] - own[0])
  if (!length) throw wrongRequest('duration_in_seconds is required')
  if (!change.values.cmdb_ci) throw wrongRequest('The change needs a configuration item')
  const from = instantOfUtc(String(body.planned_start_time ?? '')) ?? own?.[0] ?? call.practice.database.clock.now()
  const taken = (await findBusy(call, change.values.cmdb_ci, change.sysId)).map(one => one.span)
  const [first] = freeSpans(taken, from, length)
  if (!first) return answerWithWorker(call, 202, { type: 'schedule', request: body, errors: ['No slots found within the next 90 days'] })
  const slot = asText([first[0], first[0] + length])
  const { practice, caller } = call
  const projection = practice.projections.of(change.table, 'sys_id', 'false')
  const values = { start_date: slot[0], end_date: slot[1] }
  await updateRecord(practice, { table: change.table, caller, sysId: change.sysId, projection, read: () => ({ values, journals: {} }) })
  return answerWithWorker(call, 202, { type: 'schedule', request: body, infos: ['Change has been updated'], spans: [slot] })
}

/** GET /change/ci/{ci_id}/schedule */
export async function readItemSchedule(call: ApiCall): Promise<Response> {
  assertRole(call, 'write')
  const length = lengthOf(call.url.searchParams.get('duration_in_seconds'))
  if (!length) throw wrongRequest('duration_in_seconds is required')
  const sysId = (call.parameters.sysId ?? '').replaceAll('\0', '')
  if (!(await readStored(call.practice, { table: tableNamed(call, 'cmdb_ci'), sysId }))) throw noRecord()
  const from = instantOfUtc(call.url.searchParams.get('planned_start_time') ?? '') ?? call.practice.database.clock.now()
  const taken = (await findBusy(call, sysId, '')).map(one => one.span)
  return answerWithWorker(call, 202, { type: 'schedule', request: { ci: sysId }, spans: freeSpans(taken, from, length).map(asText) })
}

function lengthOf(sent: unknown): number | undefined {
  const seconds = Number(sent)
  return Number.isSafeInteger(seconds) && seconds > 0 && seconds * 1_000 <= WINDOW_MS ? seconds * 1_000 : undefined
}

/** POST /change/{id}/conflict: looks for other changes on the same item at the same time. */
export async function checkConflicts(call: ApiCall): Promise<Response> {
  assertRole(call, 'write')
  const change = await findChange(call)
  const { practice, caller } = call
  const { database } = practice
  const ciId = change.values.cmdb_ci ?? ''
  const own = plannedSpan(change)
  if (ciId === '' || !own) throw wrongRequest('The change needs a configuration item and planned start and end dates')
  const table = tableNamed(call, 'conflict')
  const found = (await findBusy(call, ciId, change.sysId)).filter(({ span }) => overlap(span, own))
  await database.run(`delete from ${database.name('conflict')} where change = $1`, [change.sysId])
  for (const { id } of found) {
    const values = { change: change.sysId, configuration_item: ciId, conflicting_change: id, type: 'ci_already_scheduled' }
    const save = newSave(table, caller, { values, journals: {} })
    save.after.last_checked = NOW
    await writeNew(practice, database, { save, sysId: newSysId(), projection: practice.projections.of(table, 'sys_id', 'false') })
  }
  const values = { conflict_status: found.length > 0 ? 'Conflict' : 'No Conflict', conflict_last_run: utcText(database.clock.now()) }
  const projection = practice.projections.of(change.table, 'sys_id', 'false')
  await updateRecord(practice, { table: change.table, caller, sysId: change.sysId, projection, read: () => ({ values, journals: {} }) })
  return json(200, { result: newSysId() })
}

/** GET /change/{id}/conflict */
export async function readConflicts(call: ApiCall): Promise<Response> {
  assertRole(call, 'read')
  const { sysId, values } = await findChange(call)
  const conflicts = await listRows(call, 'conflict', 'sys_created_on', [['change', sysId]])
  const result = {
    status: values.conflict_status,
    last_run: values.conflict_last_run,
    record_count: conflicts.length,
    job_status: values.conflict_last_run === '' ? 'Not Run' : 'Complete',
    conflicts,
  }
  return json(200, { result })
}

/** DELETE /change/{id}/conflict: a check that runs is cancelled; none runs longer than its own request. */
export async function cancelConflictCheck(call: ApiCall): Promise<Response> {
  assertRole(call, 'write')
  await findChange(call)
  return json(200, { result: { message: 'No conflict check is running' } })
}
