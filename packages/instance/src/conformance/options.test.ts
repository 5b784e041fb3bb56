import { afterAll, beforeAll, expect } from 'vitest'
import { createInstance, type InstanceOptions } from '../index.ts'
import { openRoom, type Room } from './practice-room.ts'
import { practiceOnly as test } from './which-instance.ts'

let room: Room
beforeAll(async () => {
  room = await openRoom()
})
afterAll(() => room.close())

test.each([
  ['a word that means nothing', { databaseURL: 'x' }, 'databaseURL is no option of an instance; the nearest is databaseUrl'],
  ['another type', { demo: 'false' }, 'demo has to be true or false, and is "false"'],
  ['rules that are no list', { businessRules: {} }, 'businessRules has to be a list, and is {}'],
  ['two places', { folder: '/tmp/nowhere' }, 'databaseUrl and folder are two places for the same records'],
  ['no demo company where there is one', { demo: false }, 'The schema sandbox has the demo company already'],
])('an option that would be dropped is refused: %s', async (_, options, sentence) => {
  const opened = createInstance({ databaseUrl: room.databaseUrl, schema: 'sandbox', ...options } as InstanceOptions)
  await expect(opened).rejects.toThrow(sentence)
})

test('what is left undefined is left out, and a schema without the demo company stays without it', async () => {
  const options = { databaseUrl: room.databaseUrl, schema: 'bare' }
  await (await createInstance({ ...options, demo: false, folder: undefined } as unknown as InstanceOptions)).close()
  await (await createInstance({ ...options, demo: false })).close()
  await (await createInstance({ ...options, demo: true })).close()
})
