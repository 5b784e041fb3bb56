import { afterAll, beforeAll, expect } from 'vitest'
import { ALL_RIGHTS } from '../caller/rights.ts'
import { findMetCriteria } from '../rights/user-criteria.ts'
import { Database } from '../storage/database.ts'
import { DEMO, type Fields, openRoom, type Room } from './practice-room.ts'
import { practiceOnly as test } from './which-instance.ts'

let room: Room
let database: Database

beforeAll(async () => {
  room = await openRoom()
  database = new Database(room.databaseUrl, 'sandbox')
})
afterAll(async () => {
  await database.close()
  await room.close()
})

const caller = (sysId: string, ...roles: string[]) => ({
  sysId,
  userName: '',
  name: '',
  roles: new Set(roles),
  rights: ALL_RIGHTS,
  zone: 'UTC',
  dateFormat: 'yyyy-MM-dd',
})
const agent = caller(DEMO.agents[1].sysId, 'itil')
const customer = caller(DEMO.customers[0].users[0].sysId)

/** Who of agent and customer meets it. */
async function meets(fields: Fields): Promise<string[]> {
  const { sys_id: id } = await room.create('user_criteria', fields)
  const people = { agent, customer }
  const met = await Promise.all(Object.values(people).map(async one => (await findMetCriteria(database, one, [id!])).has(id!)))
  return Object.keys(people).filter((_, at) => met[at])
}

test('somebody meets criteria by being named, by group, role, company, department or location', async () => {
  const [itil] = await room.find('sys_user_role', 'name=itil', 'sys_id')
  expect(await meets({ user: `${'0'.repeat(32)},${customer.sysId}` })).toEqual(['customer'])
  expect(await meets({ group: DEMO.networkGroup.sysId })).toEqual(['agent'])
  expect(await meets({ role: itil })).toEqual(['agent'])
  expect(await meets({ company: `${DEMO.customers[0].sysId},${DEMO.operator.sysId}` })).toEqual(['agent', 'customer'])
  const { sys_id: department } = await room.create('cmn_department', { name: 'A department' })
  expect(await meets({ department })).toEqual([])
  await room.call('PATCH', `/api/now/table/sys_user/${customer.sysId}`, { department })
  expect(await meets({ department })).toEqual(['customer'])
})

test('any of it is enough, unless all is asked for', async () => {
  const two = { company: DEMO.operator.sysId, user: customer.sysId }
  expect(await meets(two)).toEqual(['agent', 'customer'])
  expect(await meets({ ...two, match_all: 'true' })).toEqual([])
  expect(await meets({ company: DEMO.operator.sysId, group: DEMO.networkGroup.sysId, match_all: 'true' })).toEqual(['agent'])
})

test('what says nothing, is switched off, or would need a script, is met by nobody', async () => {
  expect(await meets({ name: 'nothing' })).toEqual([])
  expect(await meets({ match_all: 'true' })).toEqual([])
  expect(await meets({ user: agent.sysId, active: 'false' })).toEqual([])
  expect(await meets({ user: agent.sysId, advanced: 'true', script: 'answer = true' })).toEqual([])
  expect(await findMetCriteria(database, agent, [])).toEqual(new Set())
})
