import { afterAll, beforeAll, expect } from 'vitest'
import { openRoom, type Room } from './practice-room.ts'
import { practiceOnly as test } from './which-instance.ts'

let room: Room

beforeAll(async () => {
  room = await openRoom()
})
afterAll(() => room.close())

test('the front page says what it is and what it does not do', async () => {
  for (const path of ['/', '/practice']) {
    const answer = await room.call('GET', path, undefined, '')
    expect(answer.status).toBe(200)
    expect(answer.body).toContain('practice instance')
    expect(answer.body).toContain('change_request')
  }
})

test('what takes no input and is told something does nothing: a reset, all faults off, the clock back', async () => {
  const { number } = await room.create('incident', {})
  await room.call('POST', '/practice/faults', { kind: 'server-error', user: 'nobody' })
  const doors = [
    ['POST', '/practice/reset', { table: 'incident' }],
    ['POST', '/practice/reset?table=incident', undefined],
    ['DELETE', '/practice/faults?kind=latency', undefined],
    ['DELETE', '/practice/faults', { kind: 'latency' }],
    ['DELETE', '/practice/clock', { now: '2026-01-01' }],
  ] as const
  for (const [method, path, body] of doors)
    expect(await room.call(method, path, body), path).toMatchObject({ status: 400, body: { error: { message: 'Nothing was done' } } })
  expect(await room.find('incident', `number=${number}`)).toEqual([number])
  expect((await room.call('GET', '/practice/faults')).body.result).toHaveLength(1)
  expect((await room.call('DELETE', '/practice/faults')).status).toBe(204)
  expect((await room.call('POST', '/practice/reset', {})).status).toBe(204)
})

test('the front page names who can sign in and with what roles, and no password', async () => {
  const { body } = await room.call('GET', '/', undefined, '')
  expect(body).toContain('<td>demo.agent.one<td>Demo Agent One<td>itil')
  expect(body).not.toContain('scrypt')
  expect(body).not.toContain('north.user.gone')
})
