import { type ApiCall, resourceUrl } from '../call/call.ts'
import { ALL_RIGHTS } from '../caller/rights.ts'
import type { Table } from '../dictionary/dictionary.ts'
import { type Transformed, transform } from '../processes/transform.ts'
import { insertPermitted } from '../records/permitted.ts'
import { readOne } from '../records/read.ts'
import { readStored } from '../records/update.ts'
import { insertRecord, updateRecord } from '../records/writing.ts'
import { noRecords, noStagingTable } from '../refusals/import-set.ts'
import { noRecord } from '../refusals/table.ts'
import { json } from '../wire/answer.ts'
import { readObject } from '../wire/body.ts'

/** The Import Set API (contract servicenow-core.md 6): a row is staged and carried over by the transform maps at once. */

const MOST_RECORDS = 1_000

function stagingOf(call: ApiCall): Table {
  const name = call.parameters.staging ?? ''
  const table = call.practice.dictionary.table(name)
  if (!table || table.name === 'sys_import_set_row' || table.root !== 'sys_import_set_row') throw noStagingTable(name)
  return table
}

/** Everything arrives as text; a nested object as its names and values. */
function asText(value: unknown): string {
  if (value === null || value === undefined) return ''
  if (typeof value !== 'object') return String(value)
  if (Array.isArray(value)) return `[${value.map(asText).join(', ')}]`
  return `{${Object.entries(value)
    .map(([name, inner]) => `${name}=${asText(inner)}`)
    .join(', ')}}`
}

async function insertSet(call: ApiCall, staging: Table): Promise<{ sysId: string; number: string }> {
  const { practice, caller } = call
  const table = practice.dictionary.table('sys_import_set')!
  const projection = practice.projections.of(table, 'number', 'false')
  const input = { values: { table_name: staging.name }, journals: {} }
  const made = await insertPermitted(practice, {
    table: staging,
    caller,
    insert: work => insertRecord(practice, { table, caller, input, projection }, work),
  })
  const row = made.row ?? (await readOne(practice.database, practice.database, { table, caller, sysId: made.sysId, projection }))
  return { sysId: made.sysId, number: row?.at(-1) ?? '' }
}

interface SentRow {
  readonly staging: Table
  readonly set: { readonly sysId: string }
  /** Its place in the set, from 1. */
  readonly at: number
  readonly sent: Readonly<Record<string, unknown>>
}

/** Inserts a row, carries it over by the transform maps, and writes down what became of it. */
async function stageRow(call: ApiCall, { staging, set, at, sent }: SentRow) {
  const { practice } = call
  const caller = { ...call.caller, rights: ALL_RIGHTS }
  const row: Record<string, string> = {}
  for (const [name, value] of Object.entries(sent)) {
    const column = staging.columns.get(name) ?? [...staging.columns.values()].find(({ label }) => label === name)
    if (column && !column.name.startsWith('sys_')) row[column.name] = asText(value).replaceAll('\0', '')
  }
  const input = { values: { ...row, sys_import_set: set.sysId, sys_import_row: String(at) }, journals: {} }
  const projection = practice.projections.of(staging, 'sys_id', 'false')
  const made = await insertRecord(practice, { table: staging, caller, input, projection })
  const results = await transform(practice, caller, staging.name, row)
  const [first] = results
  const values = {
    sys_import_state: first?.status ?? 'ignored',
    sys_import_state_comment: first?.message ?? '',
    sys_target_table: first?.target?.name ?? '',
    sys_target_sys_id: first?.sysId ?? '',
    sys_transform_map: first?.map?.sysId ?? '',
  }
  await updateRecord(practice, { table: staging, caller, sysId: made.sysId, projection, read: () => ({ values, journals: {} }) })
  return { sysId: made.sysId, results }
}

async function readResult(call: ApiCall, { map, target, status, sysId, message }: Transformed): Promise<object> {
  const base = { transform_map: map?.name ?? '', table: target?.name ?? '' }
  if (status === 'error') return { ...base, status, error_message: message }
  if (!target || sysId === '') return { ...base, status, status_message: message }
  const { practice, caller } = call
  const projection = practice.projections.of(target, target.display, 'true')
  const row = await readOne(practice.database, practice.database, {
    table: target,
    caller: { ...caller, rights: ALL_RIGHTS },
    sysId,
    projection,
  })
  return {
    ...base,
    display_name: target.display,
    display_value: row?.at(-1) ?? '',
    record_link: `${resourceUrl(call, 'table/')}${target.name}/${sysId}`,
    status,
    sys_id: sysId,
  }
}

/** POST /import/{staging} */
export async function importRow(call: ApiCall): Promise<Response> {
  const staging = stagingOf(call)
  const body = await readObject(call.request)
  const set = await insertSet(call, staging)
  const { sysId, results } = await stageRow(call, { staging, set, at: 1, sent: body })
  const result = await Promise.all(results.map(one => readResult(call, one)))
  const headers = { Location: resourceUrl(call, `import/${staging.name}/${sysId}`) }
  return json(201, { import_set: set.number, staging_table: staging.name, result }, headers)
}

/** POST /import/{staging}/insertMultiple. In ServiceNow the rows are carried over later; here they are when it answers. */
export async function importRows(call: ApiCall): Promise<Response> {
  const staging = stagingOf(call)
  const { records } = await readObject(call.request)
  const isRow = (row: unknown): row is Record<string, unknown> => typeof row === 'object' && row !== null && !Array.isArray(row)
  if (!Array.isArray(records) || records.length > MOST_RECORDS || !records.every(isRow)) throw noRecords()
  const set = await insertSet(call, staging)
  for (const [at, row] of records.entries()) await stageRow(call, { staging, set, at: at + 1, sent: row })
  return json(201, { import_set_id: set.sysId, multi_import_set_id: call.url.searchParams.get('multi_import_set_id') ?? '' })
}

/** GET /import/{staging}/{sys_id} */
export async function readImport(call: ApiCall): Promise<Response> {
  const staging = stagingOf(call)
  const { practice, caller } = call
  const sysId = (call.parameters.sysId ?? '').replaceAll('\0', '')
  const projection = practice.projections.of(staging, 'sys_id', 'false')
  if (!(await readOne(practice.database, practice.database, { table: staging, caller, sysId, projection }))) throw noRecord()
  const { values = {} } = (await readStored(practice, { table: staging, sysId })) ?? {}
  const read = async (table: string, id: string | undefined) =>
    id ? (await readStored(practice, { table: practice.dictionary.table(table)!, sysId: id }))?.values : undefined
  const [set, map] = [await read('sys_import_set', values.sys_import_set), await read('sys_transform_map', values.sys_transform_map)]
  const one: Transformed = {
    map: map && { sysId: map.sys_id!, name: map.name ?? '' },
    target: practice.dictionary.table(values.sys_target_table ?? ''),
    status: (values.sys_import_state || 'ignored') as Transformed['status'],
    sysId: values.sys_target_sys_id ?? '',
    message: values.sys_import_state_comment ?? '',
  }
  return json(200, { import_set: set?.number ?? '', staging_table: staging.name, result: [await readResult(call, one)] })
}
