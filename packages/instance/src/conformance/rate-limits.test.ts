import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest'
import { DEMO, openRoom, type Room } from './practice-room.ts'
import { practiceOnly as test } from './which-instance.ts'

let room: Room
beforeAll(async () => {
  room = await openRoom()
})
beforeEach(async () => {
  await room.call('PUT', '/practice/clock', { now: '2031-05-04 10:50:00' })
})
afterEach(async () => {
  for (const id of await room.find('sys_rate_limit_rules', '', 'sys_id', 'admin'))
    await room.call('DELETE', `/api/now/table/sys_rate_limit_rules/${id}`)
})
afterAll(() => room.close())

const AGENT = 'demo.agent.one'
const agent = DEMO.agents[0].sysId
const rule = async (fields: object) => (await room.create('sys_rate_limit_rules', { ...fields })).sys_id!
const list = (user = AGENT) => room.call('GET', '/api/now/table/incident?sysparm_limit=1', undefined, user)
const HEADERS = ['x-ratelimit-limit', 'x-ratelimit-reset', 'x-ratelimit-rule', 'retry-after', 'x-ratelimit-remaining']
const told = ({ headers }: { headers: Headers }) => HEADERS.map(name => headers.get(name))

test('no rule, no header, no limit', async () => {
  for (let at = 0; at < 25; at += 1) expect((await list()).status).toBe(200)
  expect(told(await list())).toEqual([null, null, null, null, null])
})

test('a covered answer has three headers, one too many is 429 with Retry-After, and the next hour is another', async () => {
  const id = await rule({ user: agent, request_limit_per_hour: '2' })
  const reset = String(Date.UTC(2031, 4, 4, 11) / 1000)
  for (const _ of [1, 2]) {
    const answer = await list()
    expect(answer.status).toBe(200)
    expect(told(answer)).toEqual(['2', reset, id, null, null])
  }
  const refused = await list()
  expect(refused).toMatchObject({
    status: 429,
    body: {
      error: { message: 'Rate limit exceeded', detail: 'Rate limit of 2 requests per hour for Table API exceeded' },
      status: 'failure',
    },
  })
  expect(told(refused)).toEqual(['2', reset, id, expect.stringMatching(/^(600|59\d)$/), null])
  await list()
  expect(await room.find('sys_rate_limit_violations', `rule=${id}^user=${agent}`, 'violation_count')).toEqual(['2'])
  expect((await list('admin')).status).toBe(200)
  await room.call('PUT', '/practice/clock', { advance: '11m' })
  expect((await list()).status).toBe(200)
})

test('a refusal that a rule covers has the headers too', async () => {
  const id = await rule({ user: agent, request_limit_per_hour: '9' })
  const missing = await room.call('GET', '/api/now/table/nope', undefined, AGENT)
  expect(missing.status).toBe(400)
  expect(missing.headers.get('x-ratelimit-rule')).toBe(id)
})

test('a rule for the user comes before one for a role, of which the lowest counts, and that before one for all', async () => {
  const [itil] = await room.find('sys_user_role', 'name=itil', 'sys_id')
  const covering = async () => (await list()).headers.get('x-ratelimit-rule')
  const all = await rule({ request_limit_per_hour: '1' + '00' })
  expect(await covering()).toBe(all)
  await rule({ role: itil, request_limit_per_hour: '900' })
  const low = await rule({ role: itil, request_limit_per_hour: '800' })
  expect(await covering()).toBe(low)
  const own = await rule({ user: agent, request_limit_per_hour: '1000' })
  expect(await covering()).toBe(own)
  await room.call('PATCH', `/api/now/table/sys_rate_limit_rules/${own}`, { active: 'false' })
  expect(await covering()).toBe(low)
})

test('a rule may be for one API, one method or one path', async () => {
  const id = await rule({ user: agent, rest_api: 'Table API', method: 'GET', resource_path: '/incident', request_limit_per_hour: '0' })
  const status = async (method: string, path: string) => (await room.call(method, path, method === 'POST' ? {} : undefined, AGENT)).status
  expect(await status('GET', '/api/now/v2/table/incident')).toBe(429)
  expect(await status('GET', '/api/now/table/problem')).toBe(200)
  expect(await status('POST', '/api/now/table/incident')).toBe(201)
  expect(await status('GET', '/api/now/attachment?word=/incident')).toBe(200)
  await room.call('PATCH', `/api/now/table/sys_rate_limit_rules/${id}`, { rest_api: 'Attachment API', resource_path: '' })
  expect(await status('GET', '/api/now/attachment')).toBe(429)
  expect(await status('GET', '/practice/clock')).toBe(200)
})
