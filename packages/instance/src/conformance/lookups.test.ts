import { afterAll, beforeAll, expect } from 'vitest'
import { openRoom, type Room } from './practice-room.ts'
import { practiceOnly as test } from './which-instance.ts'

let room: Room
beforeAll(async () => {
  room = await openRoom()
})
afterAll(() => room.close())

const change = async (table: string, encodedQuery: string, fields: object, user?: string) => {
  const [sysId] = await room.find(table, encodedQuery, 'sys_id')
  return room.call('PATCH', `/api/now/table/${table}/${sysId}`, fields, user)
}

test('every table that numbers its records has a row that says how', async () => {
  const answer = await room.call('GET', '/api/now/table/sys_number?sysparm_query=category=incident')
  expect(answer.body.result).toMatchObject([{ category: 'incident', prefix: 'INC', number: '10001', maximum_digits: '7' }])
  expect(await room.find('sys_number', 'categoryINchange_request,sc_req_item^ORDERBYcategory', 'prefix')).toEqual(['CHG', 'RITM'])
})

test('an administrator changes prefix and digits, and the next record has them; numbers go on', async () => {
  const { number: before } = await room.create('problem', {})
  expect((await change('sys_number', 'category=problem', { prefix: "P'--", maximum_digits: '5', number: '1' })).status).toBe(200)
  const { number, task_effective_number: effective } = await room.create('problem', {})
  expect(number).toBe(`P'--${Number(before!.slice(3)) + 1}`)
  expect(effective).toBe(number)
  await change('sys_number', 'category=problem', { prefix: '', maximum_digits: '999999999' })
  expect((await room.create('problem', {})).number).toMatch(/^0{35}\d{5}$/)
  await change('sys_number', 'category=problem', { prefix: 'PRB', maximum_digits: '-3' })
  expect((await room.create('problem', {})).number).toMatch(/^PRB\d{5}$/)
  const [row] = await room.find('sys_number', 'category=problem', 'sys_id')
  await room.call('DELETE', `/api/now/table/sys_number/${row}`)
  expect((await room.create('problem', {})).number).toMatch(/^PRB00\d{5}$/)
})

test('priority is what the rows say: a row that is changed counts for the next save, one that is gone leaves it alone', async () => {
  const { sys_id: sysId, priority } = await room.create('incident', { impact: '1', urgency: '1' })
  expect(priority).toBe('1')
  await change('dl_u_priority', 'impact=1^urgency=1', { priority: '4' })
  expect((await room.create('incident', { impact: '1', urgency: '1' })).priority).toBe('4')
  expect(await room.find('incident', `sys_id=${sysId}`, 'priority')).toEqual(['1'])
  const saved = await room.call('PATCH', `/api/now/table/incident/${sysId}`, { short_description: 'Saved again' })
  expect(saved.body.result.priority).toBe('4')
  await change('dl_u_priority', 'impact=1^urgency=1', { active: 'false' })
  expect((await room.create('incident', { impact: '1', urgency: '1', priority: '2' })).priority).toBe('2')
})

test('only an administrator changes them, and a reset brings them back', async () => {
  expect((await change('sys_number', 'category=incident', { prefix: 'X' }, 'demo.agent.one')).status).toBe(403)
  expect((await change('dl_u_priority', 'impact=2^urgency=2', { priority: '1' }, 'demo.agent.one')).status).toBe(403)
  await room.instance.reset()
  expect((await room.create('incident', { impact: '1', urgency: '1' })).priority).toBe('1')
  expect((await room.create('problem', {})).number).toMatch(/^PRB00\d{5}$/)
})

test('an item of a request names what was ordered', async () => {
  const answer = await room.call(
    'GET',
    '/api/now/table/sc_req_item?sysparm_query=number=RITM0000001&sysparm_fields=cat_item.name,cat_item.category.title,sc_catalog.title',
  )
  expect(answer.body.result).toEqual([
    { 'cat_item.name': 'Standard Laptop', 'cat_item.category.title': 'Hardware', 'sc_catalog.title': 'Service Catalog' },
  ])
  expect(await room.find('sc_cat_item', 'sc_catalogs=e0d08b13c3330100c8b837659bba8fb4^ORDERBYname', 'name', 'north.user.one')).toEqual([
    'Apple iPad 3',
    'Standard Laptop',
  ])
})
