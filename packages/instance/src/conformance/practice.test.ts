import { afterAll, beforeAll, expect, test } from 'vitest'
import { openRoom, type Room } from './practice-room.ts'

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
