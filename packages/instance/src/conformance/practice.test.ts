import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { serveInstance } from '../index.ts'
import { basic, openRoom, type Room } from './practice-room.ts'

let room: Room

beforeAll(async () => {
  room = await openRoom()
})
afterEach(async () => {
  await room.call('DELETE', '/practice/faults')
})
afterAll(() => room.close())

const fault = (switched: object) => room.call('POST', '/practice/faults', switched)
const post = (mark: string) => room.call('POST', '/api/now/table/incident', { short_description: mark })
const written = async (mark: string) => (await room.find('incident', `short_description=${mark}`)).length

describe('faults', () => {
  test('latency', async () => {
    await fault({ kind: 'latency', delayMs: 300, times: 1 })
    const began = performance.now()
    await post('late')
    expect(performance.now() - began).toBeGreaterThan(290)
  })

  for (const [kind, count] of [
    ['reset-before-write', 0],
    ['reset-after-write', 1],
  ] as const)
    test(`${kind} in process`, async () => {
      await fault({ kind, method: 'POST', path: '/table/incident', times: 1 })
      await expect(post(kind)).rejects.toThrow(new TypeError('fetch failed'))
      expect(await written(kind)).toBe(count)
    })

  for (const [kind, count] of [
    ['timeout-before-write', 0],
    ['timeout-after-write', 1],
  ] as const)
    test(`${kind} waits until the caller gives up`, async () => {
      await fault({ kind, method: 'POST', times: 1 })
      const request = new Request('http://localhost:8081/api/now/table/incident', {
        method: 'POST',
        headers: { authorization: basic('admin'), 'content-type': 'application/json' },
        body: JSON.stringify({ short_description: kind }),
        signal: AbortSignal.timeout(300),
      })
      await expect(room.instance.fetch(request)).rejects.toThrow()
      expect(await written(kind)).toBe(count)
    })

  for (const [kind, count] of [
    ['server-error', 0],
    ['server-error-after-write', 1],
  ] as const)
    test(kind, async () => {
      await fault({ kind, method: 'POST', times: 1 })
      expect((await post(kind)).status).toBe(500)
      expect(await written(kind)).toBe(count)
    })

  test('too-many-requests, with and without saying when to come back', async () => {
    await fault({ kind: 'too-many-requests', times: 1, retryAfter: 7 })
    const told = await post('x')
    expect(told.status).toBe(429)
    expect(told.body.error.message).toBe('Rate limit exceeded')
    expect(told.headers.get('retry-after')).toBe('7')
    for (const name of ['x-ratelimit-limit', 'x-ratelimit-reset', 'x-ratelimit-rule']) expect(told.headers.get(name)).toBeTruthy()
    await fault({ kind: 'too-many-requests', times: 1 })
    const untold = await post('x')
    expect(untold.status).toBe(429)
    expect(untold.headers.get('retry-after')).toBeNull()
  })

  test('asleep', async () => {
    await fault({ kind: 'asleep', times: 1 })
    const answer = await post('asleep')
    expect(answer.status).toBe(200)
    expect(answer.headers.get('content-type')).toMatch(/^text\/html/)
    expect(answer.body).toContain('hibernating')
    expect(await written('asleep')).toBe(0)
  })

  test('error-in-200 gives some rows and an error', async () => {
    await fault({ kind: 'error-in-200', times: 1 })
    const answer = await room.call('GET', '/api/now/table/sys_user?sysparm_limit=6')
    expect(answer.status).toBe(200)
    expect(answer.body.result).toHaveLength(3)
    expect(answer.body).toMatchObject({ error: { message: 'Transaction cancelled: maximum execution time exceeded' }, status: 'failure' })
    await fault({ kind: 'error-in-200', times: 1 })
    const created = await post('cancelled')
    expect(created.status).toBe(200)
    expect(Object.keys(created.body).sort()).toEqual(['error', 'status'])
    expect(await written('cancelled')).toBe(1)
  })

  test('hidden-journal hides rows that the count tells of, empty-journal hides the count too', async () => {
    const { sys_id: id } = await room.create('incident', { comments: 'x' })
    const path = `/api/now/table/sys_journal_field?sysparm_query=element_id=${id}`
    await fault({ kind: 'hidden-journal', times: 1 })
    const hidden = await room.call('GET', path)
    expect(hidden).toMatchObject({ status: 200, body: { result: [] } })
    expect(hidden.headers.get('x-total-count')).toBe('1')
    await fault({ kind: 'empty-journal', times: 1 })
    const empty = await room.call('GET', path)
    expect(empty.headers.get('x-total-count')).toBe('0')
    expect((await room.call('GET', path)).body.result).toHaveLength(1)
  })

  test('strike only whom they are meant for, until they are switched off', async () => {
    const { body } = await fault({ kind: 'server-error', method: 'PATCH', path: '/table/incident', user: 'demo.agent.one' })
    const { sys_id: id } = await room.create('incident', {})
    const patch = (user: string) => room.call('PATCH', `/api/now/table/incident/${id}`, { description: user }, user)
    expect((await patch('admin')).status).toBe(200)
    expect((await patch('demo.agent.one')).status).toBe(500)
    expect((await patch('demo.agent.one')).status).toBe(500)
    expect((await room.call('GET', '/practice/faults')).body.result).toMatchObject([{ id: body.result.id, kind: 'server-error' }])
    expect((await room.call('DELETE', `/practice/faults/${body.result.id}`)).status).toBe(204)
    expect((await room.call('DELETE', `/practice/faults/${body.result.id}`)).status).toBe(404)
    expect((await patch('demo.agent.one')).status).toBe(200)
  })

  test('are switched by administrators, and must be faults', async () => {
    expect((await room.call('POST', '/practice/faults', { kind: 'latency' }, 'demo.agent.one')).status).toBe(403)
    expect((await room.call('POST', '/practice/faults', { kind: 'latency' }, '')).status).toBe(401)
    expect((await fault({ kind: 'nonsense' })).status).toBe(400)
    expect((await fault({ kind: 'latency', delay: 5 })).status).toBe(400)
  })

  test('a reset destroys the socket of a real server', async () => {
    const served = await serveInstance(room.instance, { port: 0 })
    await fault({ kind: 'reset-after-write', method: 'POST', path: '/table/incident', times: 1 })
    const headers = { authorization: basic('admin'), 'content-type': 'application/json' }
    const send = () =>
      fetch(`${served.url}/api/now/table/incident`, {
        method: 'POST',
        headers,
        body: JSON.stringify({ short_description: 'over a socket' }),
      })
    await expect(send()).rejects.toThrow('fetch failed')
    expect(await written('over a socket')).toBe(1)
    expect((await send()).status).toBe(201)
    await served.close()
  })
})

test('the front page says what it is and what it does not do', async () => {
  for (const path of ['/', '/practice']) {
    const answer = await room.call('GET', path, undefined, '')
    expect(answer.status).toBe(200)
    expect(answer.body).toContain('practice instance')
    expect(answer.body).toContain('change_request')
  }
})
