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

test('a reset that is told something resets nothing', async () => {
  const { number } = await room.create('incident', {})
  const answer = await room.call('POST', '/practice/reset', { table: 'incident' })
  expect(answer).toMatchObject({ status: 400, body: { error: { message: 'Nothing was reset' } } })
  expect(await room.find('incident', `number=${number}`)).toEqual([number])
  expect((await room.call('POST', '/practice/reset', {})).status).toBe(204)
})

test('the front page names who can sign in and with what roles, and no password', async () => {
  const { body } = await room.call('GET', '/', undefined, '')
  expect(body).toContain('<td>demo.agent.one<td>Demo Agent One<td>itil')
  expect(body).not.toContain('scrypt')
  expect(body).not.toContain('north.user.gone')
})
