import type { Table } from '../dictionary/dictionary.ts'
import { applyConsequences, hasConsequences } from '../records/consequences.ts'
import { deleteRecord } from '../records/delete.ts'
import { readInput } from '../records/input.ts'
import { insertRecord } from '../records/insert.ts'
import type { DisplayValue, Projection } from '../records/projection.ts'
import { readList, readOne } from '../records/read.ts'
import { type Shape, shaped } from '../records/shape.ts'
import { plannedSave, readStored, type Stored, type Updated, writeSave } from '../records/update.ts'
import { invalidTable, noRecord, rightsException } from '../refusals/table.ts'
import { mayWrite, type Write } from '../rights/rights.ts'
import type { Cells } from '../storage/database.ts'
import { json } from '../wire/answer.ts'
import { readObject } from '../wire/body.ts'
import { type Call, isTrue, resourceUrl, wholeNumber } from '../wire/call.ts'
import { linkHeader } from '../wire/pages.ts'

/** The Table API (contract servicenow-core.md 3). */

const DEFAULT_LIMIT = 10_000

function tableOf(call: Call): Table {
  const name = call.parameters.table ?? ''
  const table = call.practice.dictionary.table(name)
  if (!table) throw invalidTable(name)
  return table
}

function displayValue(call: Call): DisplayValue {
  const value = call.url.searchParams.get('sysparm_display_value')
  return value === 'true' || value === 'all' ? value : 'false'
}

function projectionOf(call: Call, table: Table): Projection {
  const fields = call.url.searchParams.get('sysparm_fields')
  return call.practice.projections.of(table, fields ? fields : undefined, displayValue(call))
}

function shapeOf(call: Call): Shape {
  return {
    display: displayValue(call),
    excludeLinks: isTrue(call, 'sysparm_exclude_reference_link'),
    caller: call.caller,
    dictionary: call.practice.dictionary,
    tableUrl: resourceUrl(call, 'table/'),
  }
}

/** GET /table/{table} */
export async function listRecords(call: Call): Promise<Response> {
  const table = tableOf(call)
  const { searchParams } = call.url
  const query = searchParams.get('sysparm_query')
  const limit = wholeNumber(call, 'sysparm_limit', DEFAULT_LIMIT)
  const offset = wholeNumber(call, 'sysparm_offset', 0)
  const counted = !isTrue(call, 'sysparm_no_count')
  const projection = projectionOf(call, table)
  const pairs = query === null ? [...searchParams].filter(([name]) => !name.startsWith('sysparm_')) : []
  const answer = await readList(call.practice.database, call.practice.dictionary, {
    table,
    caller: call.caller,
    query: query ?? '',
    pairs,
    projection,
    limit,
    offset,
    counted,
  })
  const struck = table.name === 'sys_journal_field' && (call.struck.has('hidden-journal') || call.struck.has('empty-journal'))
  const rows = struck ? [] : answer.rows
  const total = call.struck.has('empty-journal') && table.name === 'sys_journal_field' && counted ? 0 : answer.total
  if (call.version === 'v1' && rows.length === 0) throw noRecord()
  const shape = shapeOf(call)
  const headers: Record<string, string> = {}
  if (total !== undefined) {
    headers['X-Total-Count'] = String(total)
    const link = linkHeader(resourceUrl(call, `table/${table.name}`), call.url.search, { limit, offset, total })
    if (link !== undefined && !isTrue(call, 'sysparm_suppress_pagination_header')) headers.Link = link
  }
  return json(200, { result: rows.map(row => shaped(projection, row, shape)) }, headers)
}

/** GET /table/{table}/{sys_id} */
export async function readRecord(call: Call): Promise<Response> {
  const table = tableOf(call)
  const projection = projectionOf(call, table)
  return json(200, { result: shaped(projection, await found(call, table, projection), shapeOf(call)) })
}

async function found(call: Call, table: Table, projection: Projection): Promise<Cells> {
  const { database } = call.practice
  const row = await readOne(database, database, { table, caller: call.caller, sysId: call.parameters.sysId ?? '', projection })
  if (!row) throw noRecord()
  return row
}

/** POST /table/{table} */
export async function createRecord(call: Call): Promise<Response> {
  const table = tableOf(call)
  const { practice, caller } = call
  if (!mayWrite(table, caller)) throw rightsException('Insert')
  const body = await readObject(call.request)
  const input = await readInput(practice, table, table, body, caller, isTrue(call, 'sysparm_input_display_value'))
  const projection = projectionOf(call, table)
  const made = await insertRecord(practice, practice.database, { table, caller, input, projection })
  practice.changed([{ table: table.name, sysId: made.sysId }])
  const headers = { Location: resourceUrl(call, `table/${table.name}/${made.sysId}`) }
  const journals = input.journals.comments !== undefined || input.journals.work_notes !== undefined
  return written(call, 201, table, made.sysId, projection.showsJournal && journals ? undefined : made.row, headers)
}

/** Two writers of one record take turns; each turn one of them succeeds, so this many turns are never reached by people. */
const MOST_TURNS = 200

/** PUT and PATCH /table/{table}/{sys_id}: the same partial update (contract servicenow-core.md 2.1). */
export async function updateRecord(call: Call): Promise<Response> {
  const table = tableOf(call)
  const { practice, caller } = call
  const body = await readObject(call.request)
  for (let turn = 0; turn < MOST_TURNS; turn += 1) {
    const stored = await writable(call, table, 'Update')
    const input = await readInput(practice, table, stored.table, body, caller, isTrue(call, 'sysparm_input_display_value'))
    const updated = await save(call, table, stored, input)
    if (updated.kind === 'overtaken') continue
    const row = updated.kind === 'saved' && !projectionOf(call, table).showsJournal ? updated.row : undefined
    return written(call, 200, table, stored.sysId, row)
  }
  throw new Error(`${table.name} ${call.parameters.sysId} is written by too many at once`)
}

async function save(call: Call, table: Table, stored: Stored, input: Parameters<typeof plannedSave>[3]): Promise<Updated> {
  const { practice, caller } = call
  const projection = projectionOf(call, table)
  const planned = plannedSave(practice, stored, caller, input)
  const own = { table: stored.table.name, sysId: stored.sysId }
  if (!hasConsequences(planned)) {
    const updated = await writeSave(practice, practice.database, stored, planned, projection)
    if (updated.kind === 'saved') practice.changed([own])
    return updated
  }
  const { updated, further } = await practice.database.transaction(async transaction => {
    const updated = await writeSave(practice, transaction, stored, planned, projection)
    return { updated, further: updated.kind === 'saved' ? await applyConsequences(practice, transaction, planned, caller) : [] }
  })
  if (updated.kind === 'saved') practice.changed([own, ...further])
  return updated
}

/** The record, if the caller may see and write it. */
async function writable(call: Call, table: Table, write: Write): Promise<Stored> {
  const { practice, caller } = call
  const sysId = (call.parameters.sysId ?? '').replaceAll('\0', '')
  if (!mayWrite(table, caller)) {
    await found(call, table, practice.projections.of(table, 'sys_id', 'false'))
    throw rightsException(write)
  }
  const stored = await readStored(practice, practice.database, table, sysId)
  if (!stored) throw noRecord()
  return stored
}

/** DELETE /table/{table}/{sys_id} */
export async function removeRecord(call: Call): Promise<Response> {
  const table = tableOf(call)
  const stored = await writable(call, table, 'Delete')
  if (!(await deleteRecord(call.practice, stored))) throw noRecord()
  call.practice.changed([{ table: stored.table.name, sysId: stored.sysId }])
  return new Response(null, { status: 204 })
}

/** The record as it now is, unless the caller wants no body (contract servicenow-core.md 2.2, `X-no-response-body`). */
async function written(
  call: Call,
  status: number,
  table: Table,
  sysId: string,
  row: Cells | undefined,
  headers: Readonly<Record<string, string>> = {},
): Promise<Response> {
  if (call.request.headers.get('x-no-response-body') === 'true') return new Response(null, { status, headers })
  const projection = projectionOf(call, table)
  const after = row ?? (await found({ ...call, parameters: { ...call.parameters, sysId } }, table, projection))
  return json(status, { result: shaped(projection, after, shapeOf(call)) }, headers)
}
