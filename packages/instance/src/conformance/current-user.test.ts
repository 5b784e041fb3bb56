import { afterAll, beforeAll, expect } from 'vitest'
import { DEMO, openRoom, type Room } from './practice-room.ts'
import { practiceOnly as test } from './which-instance.ts'

let room: Room

beforeAll(async () => {
  room = await openRoom()
})
afterAll(() => room.close())

test('who am I: by the address that pages use, and by a query for oneself', async () => {
  const { sysId } = DEMO.customers[0].users[0]
  expect((await room.call('GET', '/api/now/ui/user/current_user', undefined, 'north.user.one')).body).toEqual({
    result: { user_sys_id: sysId, user_name: 'north.user.one', user_display_name: 'North User One', user_initials: 'NO', user_avatar: '' },
  })
  expect(await room.find('sys_user', 'sys_id=javascript:gs.getUserID()', 'user_name', 'north.user.one')).toEqual(['north.user.one'])
})

test('nobody in particular is 401', async () => {
  expect((await room.call('GET', '/api/now/ui/user/current_user', undefined, '')).status).toBe(401)
})
