import { createInstance, DEMO, type Instance, type InstanceOptions } from '@deskbridge/instance'
import { makeFreshDatabase } from '@deskbridge/postgres/testing'
import { openGivenRoom } from './given-room.ts'
import { type Answer, answerOf, basic, PASSWORD, type Room, roomOf } from './room.ts'
import { GIVEN } from './which-instance.ts'

export { type Answer, basic, type Fields, PASSWORD, query, type Room } from './room.ts'

/**
 * A practice instance with the demo company on a real PostgreSQL, in which everybody has the same password; or the instance that
 * SERVICENOW_INSTANCE_URL gives.
 */
export const openRoom = (options: Partial<InstanceOptions> = {}): Promise<Room> =>
  GIVEN ? openGivenRoom(GIVEN) : openPracticeRoom(options)

async function openPracticeRoom(options: Partial<InstanceOptions>): Promise<Room> {
  const database = await makeFreshDatabase()
  const instance = await createInstance({ databaseUrl: database.url, schema: 'sandbox', ...options })
  const users = [
    'admin',
    'deskbridge.integration',
    ...(options.demo === false ? [] : ['demo.agent.one', 'north.user.one', 'north.user.gone']),
  ]
  for (const user of users) await instance.setPassword(user, PASSWORD)
  const call: Room['call'] = (...request) => callInstance(instance, ...request)
  return {
    url: HERE,
    caller: { userName: 'admin', sysId: DEMO.admin.sysId, name: 'System Administrator' },
    customers: DEMO.customers,
    instance,
    databaseUrl: database.url,
    fetch: fetchOf(instance),
    call,
    ...roomOf(call),
    close: async () => {
      await instance.close()
      await database.drop()
    },
  }
}

const HERE = 'http://localhost:8081'

const fetchOf =
  (instance: Pick<Instance, 'fetch'>): Room['fetch'] =>
  (path, { method = 'GET', user = 'admin', headers, ...rest } = {}) =>
    instance.fetch(
      new Request(`${HERE}${path}`, {
        method,
        headers: { ...(user === '' ? {} : { authorization: basic(user) }), ...headers },
        duplex: 'half',
        ...rest,
      } as RequestInit),
    )

export const callInstance = (instance: Pick<Instance, 'fetch'>, ...request: Parameters<Room['call']>): Promise<Answer> =>
  answerOf(fetchOf(instance), ...request)

export { DEMO }
