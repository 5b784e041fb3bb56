import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import pg from 'pg'
import { afterAll, beforeAll, expect } from 'vitest'
import { createInstance } from '../index.ts'
import { callInstance, openRoom, type Room } from './practice-room.ts'
import { practiceOnly as test } from './which-instance.ts'

interface Heard {
  path: string
  secret: string | undefined
  body: Record<string, string>
}

let room: Room
let server: Server
let url: string
const heard: Heard[] = []
let failures = 0

beforeAll(async () => {
  server = createServer((request, response) => {
    let text = ''
    request.on('data', piece => {
      text += piece
    })
    request.on('end', () => {
      if (failures > 0 && request.url === '/slow') {
        failures -= 1
        response.writeHead(503).end()
        return
      }
      heard.push({ path: request.url ?? '', secret: request.headers['x-secret'] as string | undefined, body: JSON.parse(text) })
      response.end()
    })
  })
  await new Promise<void>(done => {
    server.listen(0, '127.0.0.1', done)
  })
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  room = await openRoom()
})
afterAll(async () => {
  await room.close()
  server.close()
})

const listen = (path: string, values: object = {}) =>
  room.create('practice_wake_up', { name: path, url: `${url}${path}`, table_name: 'incident', ...values })
const about = (path: string) => heard.filter(one => one.path === path)
const until = (path: string, count: number) => expect.poll(() => about(path).length, { timeout: 15_000 }).toBe(count)
const told = async (path: string) =>
  (await room.call('GET', '/practice/wake-ups')).body.result.filter((one: { url: string }) => one.url.endsWith(path))

test('a change is posted after its commit, with what is needed to look it up, and the secret', async () => {
  await listen('/all', { header_name: 'X-Secret', header_value: 'shh' })
  const made = await room.create('incident', { short_description: 'Wake up' })
  await until('/all', 1)
  expect(about('/all')[0]).toMatchObject({
    secret: 'shh',
    body: {
      sys_id: made.sys_id,
      sys_class_name: 'incident',
      operation: 'insert',
      event_occurred: 'created',
      number: made.number,
      sys_mod_count: '0',
    },
  })
  await room.call('PATCH', `/api/now/table/incident/${made.sys_id}`, { state: '2' })
  await until('/all', 2)
  expect(about('/all')[1]?.body).toMatchObject({ operation: 'update', state: '2', sys_mod_count: '1' })
})

test('only changes that its condition holds for are posted', async () => {
  await listen('/urgent', { condition: 'priority=1^NQstate=6' })
  await room.create('incident', {})
  const urgent = await room.create('incident', { impact: '1', urgency: '1' })
  await until('/urgent', 1)
  expect(about('/urgent')[0]?.body.sys_id).toBe(urgent.sys_id)
})

test('what is refused wakes nobody', async () => {
  await listen('/refused', { condition: 'short_description=Refused' })
  await room.call('POST', '/api/now/table/incident', { short_description: 'Refused', state: '6' })
  await room.create('incident', { short_description: 'Refused' })
  await until('/refused', 1)
})

test('who does not answer is asked again a little, which is listed and undoes nothing', async () => {
  failures = 1
  await listen('/slow', { table_name: 'problem' })
  await room.create('problem', {})
  await until('/slow', 1)
  await expect
    .poll(async () => (await told('/slow'))[0])
    .toMatchObject({ attempts: 2, outcome: 'delivered', said: '200', table: 'problem' })
  await room.create('practice_wake_up', { name: 'nobody', url: 'http://127.0.0.1:9/nobody', table_name: 'problem' })
  await room.create('practice_wake_up', { name: 'file', url: 'file:///etc/hosts', table_name: 'problem' })
  expect((await room.create('problem', { short_description: 'still made' })).short_description).toBe('still made')
  await expect.poll(async () => (await told('/nobody'))[0]?.outcome, { timeout: 15_000 }).toBe('given up')
  await expect.poll(async () => (await told('/hosts'))[0]?.said, { timeout: 15_000 }).toBe('not an http address')
})

test('a change that comes while the wake-ups are being read waits for them', async () => {
  const elsewhere = await createInstance({ databaseUrl: room.databaseUrl, schema: 'sandbox' })
  await callInstance(elsewhere, 'POST', '/api/now/table/practice_wake_up', { name: 'x', url: `${url}/elsewhere`, table_name: 'problem' })
  await elsewhere.close()
  await pause(1_100)
  const reading = new pg.Client({ connectionString: room.databaseUrl })
  await reading.connect()
  await reading.query('begin; lock table sandbox.practice_wake_up in access exclusive mode')
  const made = [await room.create('problem', {}), await room.create('problem', {})]
  await reading.end()
  await until('/elsewhere', 2)
  expect(new Set(about('/elsewhere').map(({ body }) => body.sys_id))).toEqual(new Set(made.map(record => record.sys_id)))
})

test('only an administrator sees whom it wakes', async () => {
  expect((await room.call('GET', '/practice/wake-ups', undefined, 'demo.agent.one')).status).toBe(403)
  expect(await room.find('practice_wake_up', '', 'url', 'demo.agent.one').catch(() => [])).toEqual([])
})
