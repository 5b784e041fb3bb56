import { type ApiCall, resourceUrl, wholeNumber } from '../call/call.ts'
import { insertPermitted } from '../records/permitted.ts'
import { readList } from '../records/read.ts'
import { type Shaped, shapeRow } from '../records/shape.ts'
import type { Work } from '../records/work.ts'
import { insertRecord } from '../records/writing.ts'
import { tooManyRelations, wrongRelation } from '../refusals/cmdb.ts'
import { asSysId } from '../sys-id.ts'

/** Relations of an item, as the CMDB Instance API shows and takes them: outbound ones have it as parent, inbound ones as child. */

/** The table of relations. */
export const RELATIONS = 'cmdb_rel_ci'
const DEFAULT_LIMIT = 1_000
const MOST_SENT = 1_000

const DIRECTIONS = {
  outbound_relations: { own: 'parent', other: 'child' },
  inbound_relations: { own: 'child', other: 'parent' },
} as const

type Direction = keyof typeof DIRECTIONS

/** A page of the relations in each direction, the oldest first. */
export async function readRelations(call: ApiCall, itemId: string): Promise<Record<'inbound' | 'outbound', object[]>> {
  const { practice, caller } = call
  const table = practice.dictionary.table(RELATIONS)!
  const shape = { excludeLinks: false, caller, dictionary: practice.dictionary, tableUrl: resourceUrl(call, 'table/') }
  const readDirection = async (direction: Direction) => {
    const { own, other } = DIRECTIONS[direction]
    const projection = practice.projections.of(table, `sys_id,type,${other}`, 'all', caller.rights)
    const { rows } = await readList(practice.database, practice.dictionary, {
      table,
      caller,
      query: 'ORDERBYsys_created_on',
      pairs: [[own, asSysId(itemId).replaceAll('\0', '')]],
      projection,
      limit: wholeNumber(call, 'sysparm_relation_limit', DEFAULT_LIMIT),
      offset: wholeNumber(call, 'sysparm_relation_offset', 0),
      counted: false,
    })
    return rows.map(row => {
      const { sys_id: sysId, type, [other]: target } = shapeRow(projection, row, { ...shape, display: 'all' })
      return { sys_id: rawOf(sysId), type, target: linkedHere(call, target) }
    })
  }
  return { outbound: await readDirection('outbound_relations'), inbound: await readDirection('inbound_relations') }
}

function rawOf(cell: Shaped[string] | undefined): string {
  return typeof cell === 'object' ? (cell.value ?? '') : (cell ?? '')
}

/** An item is linked through this API, whatever its class. */
function linkedHere(call: ApiCall, target: Shaped[string] | undefined): Shaped[string] | undefined {
  if (typeof target !== 'object' || target.link === undefined) return target
  return { ...target, link: resourceUrl(call, `cmdb/instance/cmdb_ci/${target.value ?? ''}`) }
}

interface Relation {
  readonly direction: Direction
  readonly target: string
  readonly type: string
}

/** The relations of a body, whose targets and types are there. */
export async function readSentRelations(call: ApiCall, body: Readonly<Record<string, unknown>>): Promise<Relation[]> {
  const sent = (Object.keys(DIRECTIONS) as Direction[]).flatMap(direction => {
    const list = body[direction]
    if (list === undefined || list === null || list === '') return []
    if (!Array.isArray(list)) throw wrongRelation(direction)
    return list.map((one: unknown): Relation => {
      const { target, type } = (one ?? {}) as Record<string, unknown>
      if (typeof target !== 'string' || typeof type !== 'string') throw wrongRelation(direction)
      return { direction, target: asSysId(target).replaceAll('\0', ''), type: asSysId(type).replaceAll('\0', '') }
    })
  })
  if (sent.length > MOST_SENT) throw tooManyRelations(MOST_SENT)
  const targets = await findExisting(
    call,
    'cmdb_ci',
    sent.map(({ target }) => target),
  )
  const types = await findExisting(
    call,
    'cmdb_rel_type',
    sent.map(({ type }) => type),
  )
  for (const { direction, target, type } of sent) if (!targets.has(target) || !types.has(type)) throw wrongRelation(direction)
  return sent
}

async function findExisting(call: ApiCall, table: string, ids: readonly string[]): Promise<ReadonlySet<string | null | undefined>> {
  if (ids.length === 0) return new Set()
  const { database } = call.practice
  const rows = await database.run(`select sys_id from ${database.name(table)} where sys_id = any($1::text[])`, [ids])
  return new Set(rows.map(([sysId]) => sysId))
}

/** Makes the relations that are not there yet: the documented answer to sending one again is the one that was. */
export async function linkRelations(call: ApiCall, itemId: string, relations: readonly Relation[], work: Work): Promise<void> {
  const { practice, caller } = call
  const { database } = practice
  const table = practice.dictionary.table(RELATIONS)!
  const projection = practice.projections.of(table, 'sys_id', 'false')
  for (const { direction, target, type } of relations) {
    const { own, other } = DIRECTIONS[direction]
    const known = await work.transaction.run(
      `select 1 from ${database.name(RELATIONS)} where ${own} = $1 and ${other} = $2 and type = $3`,
      [itemId, target, type],
    )
    if (known.length > 0) continue
    const input = { values: { [own]: itemId, [other]: target, type }, journals: {} }
    await insertPermitted(practice, {
      table,
      caller,
      insert: inner => insertRecord(practice, { table, caller, input, projection }, inner),
      outer: work,
    })
  }
}
