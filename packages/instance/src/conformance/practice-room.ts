import { freshDatabase } from '@deskbridge/postgres/testing'
import { createInstance, DEMO, type Instance, type InstanceOptions } from '../index.ts'

export type Fields = Record<string, unknown>

export interface Answer {
  status: number
  headers: Headers
  // biome-ignore lint/suspicious/noExplicitAny: answers are looked at as a partner's script would.
  body: any
}

export interface Room {
  instance: Instance
  databaseUrl: string
  /** Calls the instance's handler as a user; a body is sent as JSON. */
  call(method: string, path: string, body?: unknown, user?: string, headers?: Record<string, string>): Promise<Answer>
  /** Creates a record and returns it. */
  create(table: string, fields: Fields, user?: string): Promise<Record<string, string>>
  /** The values of one field of all rows that a query finds, in its order. */
  find(table: string, encodedQuery: string, field?: string, user?: string): Promise<string[]>
  close(): Promise<void>
}

export const PASSWORD = 'a password of the tests'

export const basic = (user: string, password = PASSWORD) => `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`

/** A practice instance with the demo company on a real PostgreSQL, in which everybody has the same password. */
export async function openRoom(options: Partial<InstanceOptions> = {}): Promise<Room> {
  const database = await freshDatabase()
  const instance = await createInstance({ databaseUrl: database.url, schema: 'sandbox', ...options })
  const users = [
    'admin',
    'deskbridge.integration',
    ...(options.demo === false ? [] : ['demo.agent.one', 'north.user.one', 'north.user.gone']),
  ]
  for (const user of users) await instance.setPassword(user, PASSWORD)
  const call: Room['call'] = (method, path, body, user = 'admin', headers = {}) => callInstance(instance, method, path, body, user, headers)
  return {
    instance,
    databaseUrl: database.url,
    call,
    create: async (table, fields, user) => {
      const answer = await call('POST', `/api/now/table/${table}?sysparm_exclude_reference_link=true`, fields, user)
      if (answer.status !== 201) throw new Error(JSON.stringify(answer.body))
      return answer.body.result
    },
    find: async (table, encodedQuery, field = 'number', user = 'admin') => {
      const parameters = `sysparm_fields=${field}&sysparm_exclude_reference_link=true&sysparm_query=${query(encodedQuery)}`
      const answer = await call('GET', `/api/now/table/${table}?${parameters}`, undefined, user)
      if (answer.status !== 200) throw new Error(JSON.stringify(answer.body))
      return answer.body.result.map((row: Record<string, string>) => row[field])
    },
    close: async () => {
      await instance.close()
      await database.drop()
    },
  }
}

export async function callInstance(
  instance: Pick<Instance, 'fetch'>,
  method: string,
  path: string,
  body?: unknown,
  user = 'admin',
  headers: Record<string, string> = {},
): Promise<Answer> {
  const request = new Request(`http://localhost:8081${path}`, {
    method,
    headers: {
      ...(user === '' ? {} : { authorization: basic(user) }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  })
  const response = await instance.fetch(request)
  const text = await response.text()
  const isJson = response.headers.get('content-type')?.startsWith('application/json')
  return { status: response.status, headers: response.headers, body: isJson && text !== '' ? JSON.parse(text) : text }
}

export const query = (text: string) => encodeURIComponent(text)

export { DEMO }
