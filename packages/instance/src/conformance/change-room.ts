import { afterAll, beforeAll } from 'vitest'
import { openRoom, type Room } from './practice-room.ts'

/** How the cases of the Change Management API begin: a room, and calls to the API as a person of the desk. */
export function changeRoom() {
  let opened: Room
  beforeAll(async () => {
    opened = await openRoom()
  })
  afterAll(() => opened.close())
  const call = (method: string, path: string, body?: unknown, user = 'demo.agent.one') =>
    opened.call(method, `/api/sn_chg_rest/change${path}`, body, user)
  return {
    call,
    create: async (fields: object = {}) => (await call('POST', '', fields)).body.result,
    room: (): Room => opened,
  }
}
