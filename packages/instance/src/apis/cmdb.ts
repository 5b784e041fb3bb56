import { type ApiCall, resourceUrl, wholeNumber } from '../call/call.ts'
import type { Table } from '../dictionary/dictionary.ts'
import { IDENTIFICATION_RULES, type IdentificationRule } from '../dictionary/identification.ts'
import { type Input, readInput } from '../records/input.ts'
import { insertPermitted, mayWrite } from '../records/permitted.ts'
import { readList } from '../records/read.ts'
import { type Shaped, shapeRow } from '../records/shape.ts'
import { readStored } from '../records/update.ts'
import { runInWork } from '../records/work.ts'
import { insertRecord, removeRecord, updateRecord } from '../records/writing.ts'
import { noAttributes, noClass, noRelations, noSource, notText } from '../refusals/cmdb.ts'
import { apiForbidden } from '../refusals/platform.ts'
import { noRecord, rightsException } from '../refusals/table.ts'
import { quote } from '../storage/database.ts'
import { asSysId } from '../sys-id.ts'
import { utcText } from '../time/time-zone.ts'
import { json } from '../wire/answer.ts'
import { readObject } from '../wire/body.ts'
import { linkRelations, RELATIONS, readRelations, readSentRelations } from './cmdb-relation.ts'
import { findWritable, readVisible } from './table.ts'

/**
 * The CMDB Instance API: an item with its relations. Addresses, shapes and statuses are those of ServiceNow's public
 * reference ("CMDB Instance API"); the contracts do not have it. Inferred: what is refused and in which words, and how
 * an item is identified.
 */

const DEFAULT_LIMIT = 10_000

/** Roles that may call the API (documented: itil); what they see and write is decided by rights. */
const MAY = ['itil', 'admin', 'deskbridge_integration']

/** The class that the address names, for a caller who may ask about it. */
export function classOf(call: ApiCall): Table {
  if (!MAY.some(role => call.caller.roles.has(role))) throw apiForbidden()
  const name = call.parameters.class ?? ''
  const table = call.practice.dictionary.table(name)
  if (table?.root !== 'cmdb_ci') throw noClass(name)
  return table
}

/** By which attributes an item of a class is identified. */
export function ruleFor(call: ApiCall, table: Table): IdentificationRule {
  return IDENTIFICATION_RULES.find(rule => call.practice.dictionary.extends(table.name, rule.appliesTo))!
}

/** GET /cmdb/instance/{class} */
export async function listItems(call: ApiCall): Promise<Response> {
  const table = classOf(call)
  const { practice, caller } = call
  const projection = practice.projections.of(table, 'sys_id,name', 'false', caller.rights)
  const { rows } = await readList(practice.database, practice.dictionary, {
    table,
    caller,
    query: call.url.searchParams.get('sysparm_query') ?? '',
    pairs: [],
    projection,
    limit: wholeNumber(call, 'sysparm_limit', DEFAULT_LIMIT),
    offset: wholeNumber(call, 'sysparm_offset', 0),
    counted: false,
  })
  return json(200, { result: rows.map(row => shapeRow(projection, row, shapeOf(call))) })
}

/** GET /cmdb/instance/{class}/{sys_id} */
export async function readItem(call: ApiCall): Promise<Response> {
  return json(200, { result: await readWholeItem(call, classOf(call)) })
}

/** The item as this API shows it: raw values, and references with what they show. */
async function readWholeItem(call: ApiCall, table: Table): Promise<object> {
  const projection = call.practice.projections.of(table, undefined, 'all', call.caller.rights)
  const all = shapeRow(projection, await readVisible(call, table, projection), { ...shapeOf(call), display: 'all' })
  const attributes: Shaped = {}
  for (const [name, value] of Object.entries(all))
    attributes[name] = typeof value === 'string' || value.link !== undefined ? value : (value.value ?? '')
  const { inbound, outbound } = await readRelations(call, call.parameters.sysId ?? '')
  return { outbound_relations: outbound, attributes, inbound_relations: inbound }
}

function shapeOf(call: ApiCall) {
  const { caller, practice } = call
  return { display: 'false' as const, excludeLinks: false, caller, dictionary: practice.dictionary, tableUrl: resourceUrl(call, 'table/') }
}

/**
 * POST /cmdb/instance/{class}: makes an item, or changes the one that it is identified as, and relates it; all of it or
 * nothing. Answers 200 either way.
 */
export async function createItem(call: ApiCall): Promise<Response> {
  const table = classOf(call)
  const { practice, caller } = call
  const body = await readObject(call.request)
  const input = await readAttributes(call, table, body)
  const relations = await readSentRelations(call, body)
  const projection = practice.projections.of(table, 'sys_id', 'false')
  const known = await findIdentified(call, table, input)
  if (known !== undefined) await findWritable(about(call, known), table, 'Update')
  const sysId = await runInWork(practice, async work => {
    const item =
      known === undefined
        ? await insertPermitted(practice, {
            table,
            caller,
            insert: own => insertRecord(practice, { table, caller, input: asDiscovered(call, input, true), projection }, own),
            outer: work,
          })
        : await updateRecord(practice, { table, caller, sysId: known, projection, read: () => asDiscovered(call, input, false) }, work)
    if (!item) throw noRecord()
    await linkRelations(call, item.sysId, relations, work)
    return item.sysId
  })
  return json(200, { result: await readWholeItem(about(call, sysId), table) })
}

/** PUT and PATCH /cmdb/instance/{class}/{sys_id}: the same partial update; relations stay as they are. */
export async function updateItem(call: ApiCall): Promise<Response> {
  const table = classOf(call)
  const { practice, caller } = call
  const body = await readObject(call.request)
  const sysId = await findWritable(call, table, 'Update')
  const projection = practice.projections.of(table, 'sys_id', 'false')
  const read = async (concrete: Table) => asDiscovered(call, await readAttributes(call, concrete, body), false)
  if (!(await updateRecord(practice, { table, caller, sysId, projection, read }))) throw noRecord()
  return json(200, { result: await readWholeItem(call, table) })
}

/** POST /cmdb/instance/{class}/{sys_id}/relation */
export async function addRelations(call: ApiCall): Promise<Response> {
  const table = classOf(call)
  const body = await readObject(call.request)
  const sysId = await findWritableItem(call, table)
  sourceOf(call, table, body.source)
  const relations = await readSentRelations(call, body)
  if (relations.length === 0) throw noRelations()
  await runInWork(call.practice, work => linkRelations(call, sysId, relations, work))
  return json(200, { result: await readWholeItem(call, table) })
}

/** DELETE /cmdb/instance/{class}/{sys_id}/relation/{rel_sys_id}: 200 without a body, as documented. */
export async function removeRelation(call: ApiCall): Promise<Response> {
  const table = classOf(call)
  const { practice, caller } = call
  const itemId = await findWritableItem(call, table)
  const relations = practice.dictionary.table(RELATIONS)!
  const relationId = asSysId(call.parameters.relationId ?? '').replaceAll('\0', '')
  const stored = await readStored(practice, { table: relations, sysId: relationId })
  if (!stored || (stored.values.parent !== itemId && stored.values.child !== itemId)) throw noRecord()
  if (!(await mayWrite(practice, { table: relations, caller, write: 'Delete', sysId: relationId }))) throw rightsException('Delete')
  if (!(await removeRecord(practice, stored, caller))) throw noRecord()
  return new Response(null, { status: 200 })
}

/** The sys_id of an item that is there, and that the caller may write. */
async function findWritableItem(call: ApiCall, table: Table): Promise<string> {
  await readVisible(call, table, call.practice.projections.of(table, 'sys_id', 'false'))
  return findWritable(call, table, 'Update')
}

function about(call: ApiCall, sysId: string): ApiCall {
  return { ...call, parameters: { ...call.parameters, sysId } }
}

async function readAttributes(call: ApiCall, table: Table, { attributes, source }: Readonly<Record<string, unknown>>): Promise<Input> {
  if (typeof attributes !== 'object' || attributes === null || Array.isArray(attributes)) throw noAttributes()
  for (const [name, value] of Object.entries(attributes)) if (typeof value !== 'string' && value !== null) throw notText(name)
  const discovery = sourceOf(call, table, source)
  const { values, journals } = await readInput(call.practice, {
    table,
    body: attributes as Record<string, unknown>,
    caller: call.caller,
  })
  return { values: { ...values, ...discovery }, journals }
}

/** Who says so: one of the choices of `discovery_source`, which it becomes whatever the attributes say. */
function sourceOf(call: ApiCall, table: Table, source: unknown): Readonly<Record<string, string>> {
  const known = table.columns.get('discovery_source')?.choices?.map(([value]) => value) ?? []
  if (typeof source !== 'string' || !known.includes(source)) throw noSource(known)
  return call.caller.rights.field(table, 'discovery_source', 'write') ? { discovery_source: source } : {}
}

function asDiscovered({ practice }: ApiCall, { values, journals }: Input, first: boolean): Input {
  const now = utcText(practice.database.clock.now())
  return { values: { ...values, last_discovered: now, ...(first ? { first_discovered: now } : {}) }, journals }
}

/** The item of this class that has the same of what it is identified by. */
async function findIdentified(call: ApiCall, table: Table, { values }: Input): Promise<string | undefined> {
  const { database } = call.practice
  for (const field of ruleFor(call, table).identifiers) {
    const value = values[field]
    if (!value) continue
    const [row] = await database.run(
      `select sys_id from ${database.name('cmdb_ci')} where lower(${quote(field)}) = lower($1) and sys_class_name = any($2::text[])
        order by sys_created_on, sys_id limit 1`,
      [value, table.classes],
    )
    if (row?.[0]) return row[0]
  }
  return undefined
}
