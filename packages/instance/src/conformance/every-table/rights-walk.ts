import { expect } from 'vitest'
import type { Readers, ShippedTable, Writers } from '../../dictionary/definition.ts'
import { TABLES } from '../../dictionary/tables.ts'
import type { Room } from '../practice-room.ts'
import { IDLE } from './targets.ts'

/** Somebody of each kind, and what a row may say of them. */
const PEOPLE: Readonly<Record<string, readonly (Readers | Writers)[]>> = {
  'north.user.one': ['everybody'],
  'demo.agent.one': ['everybody', 'the desk'],
  'deskbridge.integration': ['everybody', 'the desk'],
  admin: ['everybody', 'the desk', 'administrators'],
}

/** Whose a table is, in its own row or in that of a table which it extends. */
function whose<K extends 'readers' | 'writers'>(table: ShippedTable, right: K): ShippedTable[K] {
  if (table[right] !== 'as its parent') return table[right]
  return whose(TABLES.find(({ name }) => name === table.parent)!, right)
}

/** Each kind of person reads, creates, changes and deletes exactly what the row of a table says, and is refused everything else. */
export async function walkRights(room: Room, table: ShippedTable, sysId: string): Promise<void> {
  const path = `/api/now/table/${table.name}`
  const readers = whose(table, 'readers')
  const writers = whose(table, 'writers')
  for (const [user, words] of Object.entries(PEOPLE)) {
    const says = (what: string) => `${table.name}: ${user} ${what}`
    const reads = words.includes(readers)
    const writes = words.includes(writers)
    expect((await room.find(table.name, `sys_id=${sysId}`, 'sys_id', user)).length, says('lists it')).toBe(reads ? 1 : 0)
    expect((await room.call('GET', `${path}/${sysId}`, undefined, user)).status, says('reads it')).toBe(reads ? 200 : 404)
    const refused = reads ? 403 : 404
    const made = await room.call('POST', path, IDLE, user)
    expect(made.status, says('creates one')).toBe(writes ? 201 : 403)
    expect((await room.call('PATCH', `${path}/${sysId}`, {}, user)).status, says('changes it')).toBe(writes ? 200 : refused)
    const own = writes ? made.body.result.sys_id : sysId
    expect((await room.call('DELETE', `${path}/${own}`, undefined, user)).status, says('deletes one')).toBe(writes ? 204 : refused)
  }
}

const SOMEBODY = 'north.user.one'

/** A record of a table that is open to somebody without roles, as its row's `alsoFor` says. */
const MAKERS: Readonly<Record<string, (room: Room) => Promise<string>>> = {
  task: async room => (await room.create('task', { opened_by: room.customers[0].users[0].sysId, work_notes: 'For the desk' })).sys_id!,
  sysapproval_approver: async room => (await room.create('sysapproval_approver', { approver: room.customers[0].users[0].sysId })).sys_id!,
  sys_attachment: async room => {
    const file = `table_name=task&table_sys_id=${await MAKERS.task!(room)}&file_name=own.txt`
    const { body } = await room.call('POST', `/api/now/attachment/file?${file}`, 'x', 'admin', { 'content-type': 'text/plain' })
    return body.result.sys_id
  },
}

/** Whom a row names besides may do to his own record what it says there, and nothing else; fields of the desk he does not see. */
export async function walkRightsToSome(room: Room, table: ShippedTable): Promise<void> {
  const { name, alsoFor = [], deskOnly = [] } = table
  const maker = MAKERS[name]
  if (!maker)
    throw new Error(`${name} is open to ${alsoFor.map(({ who }) => who).join(', ')}: add to MAKERS how a record of theirs is made`)
  const path = `/api/now/table/${name}/${await maker(room)}`
  const may = (operation: 'read' | 'write') => alsoFor.some(({ operations }) => operations.includes(operation))
  const as = (method: string, user = SOMEBODY) => room.call(method, path, method === 'PATCH' ? {} : undefined, user)
  const shown = await as('GET')
  expect(shown.status, `${name}: ${SOMEBODY} reads it`).toBe(may('read') ? 200 : 404)
  expect((await as('PATCH')).status, `${name}: ${SOMEBODY} changes it`).toBe(may('write') ? 200 : 403)
  expect((await as('DELETE')).status, `${name}: ${SOMEBODY} deletes it`).toBe(403)
  const ofTheDesk = await as('GET', 'demo.agent.one')
  for (const field of deskOnly) {
    expect(shown.body.result, `${name}.${field}`).not.toHaveProperty(field)
    expect(ofTheDesk.body.result, `${name}.${field}`).toHaveProperty(field)
  }
}
