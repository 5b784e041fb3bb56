import { afterAll, afterEach, beforeAll, expect } from 'vitest'
import { createInstance } from '../index.ts'
import { serveInstance } from '../serve.ts'
import { basic, callInstance, openRoom, PASSWORD, type Room } from './practice-room.ts'
import { practiceOnly as test } from './which-instance.ts'

let room: Room

beforeAll(async () => {
  room = await openRoom()
})
afterEach(async () => {
  await room.call('DELETE', '/practice/clock')
})
afterAll(() => room.close())

const set = (body: unknown, user = 'admin') => room.call('PUT', '/practice/clock', body, user)
const thisYear = String(new Date().getUTCFullYear())

test('the clock goes on from where it was set, until it is reset', async () => {
  expect((await room.call('GET', '/practice/clock')).body.result).toMatchObject({ offset_seconds: 0, set: false })
  expect((await set({ now: '2031-05-04 03:02:01' })).body.result).toMatchObject({
    now: expect.stringMatching(/^2031-05-04 03:02:0/),
    set: true,
  })
  expect((await set({ advance: '2d' })).body.result.now).toMatch(/^2031-05-06 03:02:0/)
  expect((await set({ advance: '-48h' })).body.result.now).toMatch(/^2031-05-04 03:02:/)
  expect((await set({ reset: true })).body.result).toMatchObject({ set: false })
  expect((await room.call('GET', '/practice/clock')).body.result.now.slice(0, 4)).toBe(thisYear)
})

test('everything that is saved has its time: records, journals, audit rows, attachments', async () => {
  await set({ now: '2031-05-04 03:02:01' })
  const { sys_id: id, ...made } = await room.create('incident', { comments: 'then' })
  const then = /^2031-05-04 03:02:/
  for (const field of ['sys_created_on', 'opened_at', 'sys_updated_on']) expect(made[field]).toMatch(then)
  const close = { state: '6', close_code: 'Solution provided', close_notes: 'x' }
  const resolved = (await room.call('PATCH', `/api/now/table/incident/${id}`, close)).body.result
  expect(resolved.resolved_at).toMatch(then)
  const upload = `/api/now/attachment/file?table_name=incident&table_sys_id=${id}&file_name=a.txt`
  expect((await room.call('POST', upload, 'x', 'admin', { 'content-type': 'text/plain' })).body.result.sys_created_on).toMatch(then)
  for (const [table, key] of [
    ['sys_journal_field', 'element_id'],
    ['sys_audit', 'documentkey'],
  ]) {
    const times = await room.find(table!, `${key}=${id}`, 'sys_created_on')
    expect(times.length).toBeGreaterThan(0)
    for (const time of times) expect(time).toMatch(then)
  }
})

test('queries count from it', async () => {
  await room.create('incident', { short_description: 'of today' })
  const today = 'short_description=of today^sys_created_on>=javascript:gs.beginningOfToday()'
  const recent = 'short_description=of today^sys_created_onRELATIVEGT@hour@ago@2'
  for (const query of [today, recent]) expect(await room.find('incident', query)).toHaveLength(1)
  await set({ advance: '3d' })
  for (const query of [today, recent]) expect(await room.find('incident', query)).toHaveLength(0)
})

test('a token ends when its time has come', async () => {
  const client = { client_id: 'clock', client_secret: 'a secret of the tests' }
  await room.instance.setOAuthClient({ clientId: client.client_id, clientSecret: client.client_secret, userName: 'demo.agent.one' })
  const form = new URLSearchParams({ grant_type: 'client_credentials', ...client }).toString()
  const ask = () => room.call('POST', '/oauth_token.do', form, '', { 'content-type': 'application/x-www-form-urlencoded' })
  const first = (await ask()).body.access_token
  const me = async (token: string) =>
    (await room.call('GET', '/api/now/ui/user/current_user', undefined, '', { authorization: `Bearer ${token}` })).status
  await set({ advance: '25m' })
  expect(await me(first)).toBe(200)
  expect((await ask()).body).toMatchObject({ access_token: first })
  await set({ advance: '6m' })
  expect(await me(first)).toBe(401)
  const second = (await ask()).body
  expect(second.access_token).not.toBe(first)
  expect(second.expires_in).toBeGreaterThan(1_790)
  expect(await me(second.access_token)).toBe(200)
})

test('a second process on the same schema follows', async () => {
  const other = await createInstance({ databaseUrl: room.databaseUrl, schema: 'sandbox' })
  const year = async () => (await callInstance(other, 'GET', '/practice/clock')).body.result.now.slice(0, 4)
  expect(await year()).toBe(thisYear)
  await set({ now: '2031-05-04 03:02:01' })
  await expect.poll(year, { timeout: 5_000 }).toBe('2031')
  await other.close()
})

test('it is a property, which the Table API may set too', async () => {
  const row = { name: 'practice.clock.offset_seconds', value: '86400' }
  const { sys_id: id } = await room.create('sys_properties', row)
  expect((await room.call('GET', '/practice/clock')).body.result).toMatchObject({ offset_seconds: 86_400 })
  for (const value of ["1'; drop table x", '1e9', '999999999999', '-999999999999', '']) {
    await room.call('PATCH', `/api/now/table/sys_properties/${id}`, { value })
    expect((await room.call('GET', '/practice/clock')).body.result).toMatchObject({ offset_seconds: 0 })
  }
  await room.call('DELETE', `/api/now/table/sys_properties/${id}`)
})

test('every answer says in `Date` what time it is on this clock: 200 as 401, 404, 429 and 500, in process and over a socket', async () => {
  const served = await serveInstance(room.instance, { port: 0 })
  const over = (path: string, { user = 'admin', headers = {}, method = 'GET' }: Parameters<Room['fetch']>[1] = {}) =>
    fetch(served.url + path, { method, headers: { ...(user === '' ? {} : { authorization: basic(user) }), ...headers } })
  const { sys_id: id } = await room.create('incident', {})
  const upload = `/api/now/attachment/file?table_name=incident&table_sys_id=${id}&file_name=a.txt`
  const { body: file } = await room.call('POST', upload, 'x', 'admin', { 'content-type': 'text/plain' })
  const list = '/api/now/table/incident?sysparm_limit=1'
  const struck = (fault: string) => [list, { headers: { 'x-practice-fault': fault } }] as const
  for (const [status, path, sent] of [
    [200, list],
    [200, list, { headers: { accept: 'application/xml' } }],
    [200, list, { method: 'HEAD' }],
    [200, `/api/now/attachment/${file.result.sys_id}/file`],
    [200, ...struck('error-in-200')],
    [200, ...struck('asleep')],
    [200, '/oauth_revoke_token.do?token=x', { user: '' }],
    [400, '/api/now/table/nope'],
    [401, list, { user: '' }],
    [401, ...struck('session-expired')],
    [404, `/api/now/table/incident/${'0'.repeat(32)}`],
    [405, list, { method: 'PATCH' }],
    [406, list, { headers: { accept: 'text/csv' } }],
    [414, `${list}&x=${'x'.repeat(9_000)}`],
    [414, `${list}&x=${'x'.repeat(200_000)}`],
    [429, ...struck('too-many-requests')],
    [500, ...struck('server-error')],
    [500, ...struck('server-error-after-write')],
  ] as const)
    for (const send of [room.fetch, over])
      for (const advance of ['15m', '-30d']) {
        expect((await set({ advance })).status).toBe(200)
        const answer = await send(path, sent)
        await answer.arrayBuffer()
        expect(answer.status, path.slice(0, 100)).toBe(status)
        const date = answer.headers.get('date') ?? ''
        // One, of the only form that may be sent (RFC 9110 section 5.6.7).
        expect(date).toMatch(/^(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT$/)
        const ahead = (Date.parse(date) - Date.now()) / 1000 - (advance === '15m' ? 900 : -30 * 86_400)
        expect(Math.abs(ahead), `${path} ${date}`).toBeLessThan(60)
        await room.call('DELETE', '/practice/clock')
      }
  await served.close()
})

test('what is no time is refused, and only an administrator sets it', async () => {
  for (const body of [
    {},
    { now: 'soon' },
    { now: '2031-02-30 00:00:00' },
    { now: '9999-01-01 00:00:00' },
    { advance: '2 moons' },
    { advance: 2 },
  ])
    expect((await set(body)).status).toBe(400)
  expect((await set({ now: '2031-01-01 00:00:00', reset: true })).status).toBe(400)
  expect((await set({ advance: '1d' }, 'demo.agent.one')).status).toBe(403)
  expect((await set({ advance: '1d' }, '')).status).toBe(401)
  expect(
    (await room.call('GET', '/practice/clock', undefined, '', { authorization: basic('demo.agent.one', PASSWORD) })).body.result.set,
  ).toBe(false)
})
