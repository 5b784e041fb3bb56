import { type ApiCall, isTrue, resourceUrl, sentParameters, wholeNumber } from '../call/call.ts'
import type { Table } from '../dictionary/dictionary.ts'
import { viewFields } from '../dictionary/views.ts'
import { readInput } from '../records/input.ts'
import { insertPermitted, mayWrite, type Write } from '../records/permitted.ts'
import type { DisplayValue, Projection } from '../records/projection.ts'
import { readList, readOne } from '../records/read.ts'
import { type Shape, shapeRow } from '../records/shape.ts'
import { readStored } from '../records/update.ts'
import { removeRecord as deleteRecord, insertRecord, updateRecord as saveRecord } from '../records/writing.ts'
import { invalidTable, noRecord, rightsException } from '../refusals/table.ts'
import { API_KEY } from '../sign-in/credentials.ts'
import type { Cells } from '../storage/database.ts'
import { asSysId } from '../sys-id.ts'
import { json } from '../wire/answer.ts'
import { readObject } from '../wire/body.ts'
import { linkHeader } from '../wire/pages.ts'

/** The Table API (contract servicenow-core.md 3). */

const DEFAULT_LIMIT = 10_000

/** The table that the address names. Throws a Refusal where there is none. */
export function tableOf(call: ApiCall): Table {
  const name = call.parameters.table ?? ''
  const table = call.practice.dictionary.table(name)
  if (!table) throw invalidTable(name)
  return table
}

function displayValue(call: ApiCall): DisplayValue {
  const value = call.url.searchParams.get('sysparm_display_value')?.toLowerCase()
  return value === 'true' || value === 'all' ? value : 'false'
}

function projectionOf(call: ApiCall, table: Table): Projection {
  const { searchParams } = call.url
  const view = searchParams.get('sysparm_view')
  const fields = searchParams.get('sysparm_fields') || (view ? viewFields(table, view) : undefined)
  return call.practice.projections.of(table, fields, displayValue(call), call.caller.rights)
}

function shapeOf(call: ApiCall): Shape {
  return {
    display: displayValue(call),
    excludeLinks: isTrue(call, 'sysparm_exclude_reference_link'),
    caller: call.caller,
    dictionary: call.practice.dictionary,
    tableUrl: resourceUrl(call, 'table/'),
  }
}

/** `field=value` parameters, which filter where there is no `sysparm_query`. */
export function pairsOf({ url: { searchParams } }: ApiCall): [string, string][] {
  return searchParams.get('sysparm_query') ? [] : [...searchParams].filter(([name]) => !name.startsWith('sysparm_') && name !== API_KEY)
}

/** GET /table/{table} */
export async function listRecords(call: ApiCall): Promise<Response> {
  const table = tableOf(call)
  const { searchParams } = call.url
  const query = searchParams.get('sysparm_query') ?? ''
  const limit = wholeNumber(call, 'sysparm_limit', DEFAULT_LIMIT)
  const offset = wholeNumber(call, 'sysparm_offset', 0)
  const counted = !isTrue(call, 'sysparm_no_count')
  const projection = projectionOf(call, table)
  const { rows, total } = await readList(call.practice.database, call.practice.dictionary, {
    table,
    caller: call.caller,
    query,
    pairs: pairsOf(call),
    projection,
    limit,
    offset,
    counted,
  })
  if (call.version === 'v1' && rows.length === 0) throw noRecord()
  const shape = shapeOf(call)
  const headers: Record<string, string> = {}
  if (total !== undefined) {
    headers['X-Total-Count'] = String(total)
    const link = linkHeader(resourceUrl(call, `table/${table.name}`), sentParameters(call), { limit, offset, total })
    if (link !== undefined && !isTrue(call, 'sysparm_suppress_pagination_header')) headers.Link = link
  }
  return json(200, { result: rows.map(row => shapeRow(projection, row, shape)) }, headers)
}

/** GET /table/{table}/{sys_id} */
export async function readRecord(call: ApiCall): Promise<Response> {
  const table = tableOf(call)
  const projection = projectionOf(call, table)
  return json(200, { result: shapeRow(projection, await readVisible(call, table, projection), shapeOf(call)) })
}

/** The record that the address names, if the caller may see it. */
export async function readVisible(call: ApiCall, table: Table, projection: Projection): Promise<Cells> {
  const { database } = call.practice
  const row = await readOne(database, database, { table, caller: call.caller, sysId: call.parameters.sysId ?? '', projection })
  if (!row) throw noRecord()
  return row
}

/** POST /table/{table} */
export async function createRecord(call: ApiCall): Promise<Response> {
  const table = tableOf(call)
  const { practice, caller } = call
  const body = await readObject(call.request)
  const input = await readInput(practice, { table, body, caller, displayed: isTrue(call, 'sysparm_input_display_value') })
  const projection = projectionOf(call, table)
  const made = await insertPermitted(practice, {
    table,
    caller,
    insert: work => insertRecord(practice, { table, caller, input, projection }, work),
  })
  const headers = { Location: resourceUrl(call, `table/${table.name}/${made.sysId}`) }
  const journals = input.journals.comments !== undefined || input.journals.work_notes !== undefined
  const row = projection.showsJournal && journals ? undefined : made.row
  return answerWithRecord(call, { status: 201, table, sysId: made.sysId, row, headers })
}

/** PUT and PATCH /table/{table}/{sys_id}: the same partial update (contract servicenow-core.md 2.1). */
export async function updateRecord(call: ApiCall): Promise<Response> {
  const table = tableOf(call)
  const { practice, caller } = call
  const body = await readObject(call.request)
  const sysId = await findWritable(call, table, 'Update')
  const projection = projectionOf(call, table)
  const displayed = isTrue(call, 'sysparm_input_display_value')
  const read = (concrete: Table) => readInput(practice, { table, concrete, body, caller, displayed })
  const saved = await saveRecord(practice, { table, caller, sysId, projection, read })
  if (!saved) throw noRecord()
  return answerWithRecord(call, { status: 200, table, sysId, row: projection.showsJournal ? undefined : saved.row })
}

/** The record's sys_id, if the caller may write it. */
export async function findWritable(call: ApiCall, table: Table, write: Write): Promise<string> {
  const { practice, caller } = call
  const sysId = asSysId(call.parameters.sysId ?? '').replaceAll('\0', '')
  if (!(await mayWrite(practice, { table, caller, write, sysId }))) {
    await readVisible(call, table, practice.projections.of(table, 'sys_id', 'false'))
    throw rightsException(write)
  }
  return sysId
}

/** DELETE /table/{table}/{sys_id} */
export async function removeRecord(call: ApiCall): Promise<Response> {
  const table = tableOf(call)
  const stored = await readStored(call.practice, { table, sysId: await findWritable(call, table, 'Delete') })
  if (!stored || !(await deleteRecord(call.practice, stored, call.caller))) throw noRecord()
  return new Response(null, { status: 204 })
}

interface SavedRecord {
  readonly status: number
  readonly table: Table
  readonly sysId: string
  /** Undefined where it has to be read. */
  readonly row: Cells | undefined
  readonly headers?: Readonly<Record<string, string>>
}

/** The record as it now is, unless the caller wants no body (contract servicenow-core.md 2.2, `X-no-response-body`). */
async function answerWithRecord(call: ApiCall, { status, table, sysId, row, headers = {} }: SavedRecord): Promise<Response> {
  if (call.request.headers.get('x-no-response-body') === 'true') return new Response(null, { status, headers })
  const projection = projectionOf(call, table)
  const after = row ?? (await readVisible({ ...call, parameters: { ...call.parameters, sysId } }, table, projection))
  return json(status, { result: shapeRow(projection, after, shapeOf(call)) }, headers)
}
