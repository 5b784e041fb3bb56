import { type ApiCall, wholeNumber } from '../call/call.ts'
import type { Table } from '../dictionary/dictionary.ts'
import { readInput } from '../records/input.ts'
import { readList, readOne } from '../records/read.ts'
import { shapeTypedRow, type Typed } from '../records/typed.ts'
import { readStored, type Stored } from '../records/update.ts'
import { insertRecord, removeRecord, updateRecord } from '../records/writing.ts'
import { couldNot, noRole } from '../refusals/change.ts'
import { Refusal } from '../refusals/refusal.ts'
import { noRecord } from '../refusals/table.ts'
import { json } from '../wire/answer.ts'
import { readObject } from '../wire/body.ts'

/** How the Change Management API reads, takes and shows the rows of any table (contract servicenow-core.md 9.1, 9.3). */

const DEFAULT_LIMIT = 500

type Doing = 'read' | 'write' | 'delete'

const WRITERS = ['change_manager', 'sn_change_writer', 'itil', 'admin', 'deskbridge_integration']

/** Roles that may call the API; what they see in it is decided by rights. */
const MAY: Readonly<Record<Doing, readonly string[]>> = {
  read: [...WRITERS, 'sn_change_read'],
  write: WRITERS,
  delete: ['change_manager', 'admin'],
}

/** Throws a Refusal for a caller who may not use the API so. */
export function assertRole({ caller }: ApiCall, doing: Doing): void {
  if (!MAY[doing].some(role => caller.roles.has(role))) throw noRole()
}

/** Which changes an address is about; without one, all of them. */
export type ChangeKind = 'normal' | 'standard' | 'emergency' | undefined

/** A table that every instance has. */
export function tableNamed(call: ApiCall, name: string): Table {
  return call.practice.dictionary.table(name)!
}

/** A list of any table, as this API lists (9.3). `order` counts where the query does not order by itself. */
export async function listRows(
  call: ApiCall,
  name: string,
  defaultOrder: string,
  fixed: readonly (readonly [string, string])[],
): Promise<Typed[]> {
  const { practice, caller, url } = call
  const table = tableNamed(call, name)
  const asked = url.searchParams.get('sysparm_query')
  const search = url.searchParams.get('textSearch')?.replaceAll('^', ' ').trim()
  const order = url.searchParams.get('order') ?? ''
  const orderBy = table.columns.has(order) ? order : defaultOrder
  const query = [
    ...(search ? [`123TEXTQUERY321=${search}`] : []),
    ...(asked ? [asked] : []),
    ...(asked?.includes('ORDERBY') ? [] : [`ORDERBY${orderBy}`]),
  ].join('^')
  const own = asked === null ? [...url.searchParams].filter(([field]) => field !== 'order' && table.columns.has(field)) : []
  const projection = practice.projections.of(table, undefined, 'all', caller.rights)
  const { rows } = await readList(practice.database, practice.dictionary, {
    table,
    caller,
    query,
    pairs: [...own, ...fixed],
    projection,
    limit: wholeNumber(call, 'sysparm_limit', DEFAULT_LIMIT),
    offset: wholeNumber(call, 'sysparm_offset', 0),
    counted: false,
  })
  return rows.map(row => shapeTypedRow(projection, row, caller, practice.dictionary))
}

/** One record as this API shows it. */
export async function readRow(call: ApiCall, name: string, sysId: string): Promise<Typed> {
  const { practice, caller } = call
  const table = tableNamed(call, name)
  const projection = practice.projections.of(table, undefined, 'all', caller.rights)
  const row = await readOne(practice.database, practice.database, { table, caller, sysId, projection })
  if (!row) throw noRecord()
  return shapeTypedRow(projection, row, caller, practice.dictionary)
}

/** Fields of a request: the query's, and over them the body's; those that do not exist or nobody may write are named in the answer. */
export async function readFields(call: ApiCall): Promise<{ fields: Record<string, unknown>; displayed: Set<string> }> {
  const { encrypted_fields: encrypted, ...fields } = { ...Object.fromEntries(call.url.searchParams), ...(await readObject(call.request)) }
  const displayed = typeof encrypted === 'string' ? new Set(encrypted.split(',').map(name => name.trim())) : new Set<string>()
  return { fields, displayed }
}

type Asked = Awaited<ReturnType<typeof readFields>>

async function readRowInput(call: ApiCall, table: Table, { fields, displayed }: Asked, ignored: readonly string[] = []) {
  const kept = Object.entries(fields).filter(([name]) => !ignored.includes(name))
  const some = (named: boolean) => Object.fromEntries(kept.filter(([name]) => displayed.has(name) === named))
  const plain = await readInput(call.practice, { table, body: some(false), caller: call.caller })
  const shownInput = await readInput(call.practice, { table, body: some(true), caller: call.caller, displayed: true })
  return { values: { ...plain.values, ...shownInput.values }, journals: { ...plain.journals, ...shownInput.journals } }
}

function meta(table: Table, { fields }: Asked, ignored: readonly string[]): object {
  const ignoredFields = Object.keys(fields).filter(name => {
    const column = table.columns.get(name)
    return !column || column.readOnly || ignored.includes(name)
  })
  return ignoredFields.length === 0 ? {} : { __meta: { ignoredFields } }
}

/** Makes a record, and answers with it. */
export async function insertRow(
  call: ApiCall,
  { name, label, asked, ignored = [], fixed }: { name: string; label: string; asked: Asked; ignored?: readonly string[]; fixed: object },
): Promise<Response> {
  const { practice, caller } = call
  const table = tableNamed(call, name)
  const input = await readRowInput(call, table, asked, ignored)
  const projection = practice.projections.of(table, 'sys_id', 'false')
  const { sysId } = await saveOrRefuse('created', label, () =>
    insertRecord(practice, { table, caller, input: { ...input, values: { ...input.values, ...fixed } }, projection }),
  )
  return json(200, { result: { ...(await readRow(call, name, sysId)), ...meta(table, asked, ignored) } })
}

/** Changes a record by the fields of the request, and answers with it. */
export async function changeRow(call: ApiCall, name: string, label: string, sysId: string): Promise<Response> {
  const { practice, caller } = call
  const table = tableNamed(call, name)
  const asked = await readFields(call)
  const projection = practice.projections.of(table, 'sys_id', 'false')
  const read = (concrete: Table) => readRowInput(call, concrete, asked)
  const saved = await saveOrRefuse('updated', label, () => updateRecord(practice, { table, caller, sysId, projection, read }))
  if (!saved) throw noRecord()
  return json(200, { result: { ...(await readRow(call, name, sysId)), ...meta(table, asked, []) } })
}

/** Deletes a record, and answers with it as it was. */
export async function deleteRow(call: ApiCall, name: string, label: string, stored: Stored): Promise<Response> {
  const result = await readRow(call, name, stored.sysId)
  await saveOrRefuse('deleted', label, () => removeRecord(call.practice, stored, call.caller))
  return json(200, { result })
}

/** Saves, and puts a refusal in the words of this API. */
export async function saveOrRefuse<T>(what: 'created' | 'updated' | 'deleted', label: string, save: () => Promise<T>): Promise<T> {
  try {
    return await save()
  } catch (error) {
    throw error instanceof Refusal ? couldNot(what, label, error) : error
  }
}

/** The change that the path names, if it is of the kind that the path names. */
export async function findChange(call: ApiCall, kind?: ChangeKind): Promise<Stored> {
  const table = tableNamed(call, 'change_request')
  const stored = await readStored(call.practice, { table, sysId: (call.parameters.sysId ?? '').replaceAll('\0', '') })
  if (!stored || (kind !== undefined && stored.values.type !== kind)) throw noRecord()
  return stored
}
